import { STATUSES, STEPS, type Json, type JsonObject, type ValidationSummary } from '@countersign/core';
import {
  AnyField, FlagField, HashField, IdField, JsonField, JsonListField, ListField, NumberField, ObjectField, TextField, TextListField, TimeField, WholeField,
} from './api-fields';
import { ApprovalView } from './approval-views';
import { HitlConfigView } from './config-view';
import { LinksView, PayloadView } from './shared-views';
import { ValidationSummaryView } from './validation-views';

/** Answer to starting a run. */
export class RunStartedView {
  @IdField('The run.') run_id: string;
  @TextField('How it stands.', { enum: STATUSES, example: 'queued' }) status: string;
  @TextField('For people.', { example: 'HITL run started successfully' }) message: string;
  @TextField('Its first queue job, for `GET /hitl/jobs/{job_id}`.', { example: 'run.start_019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11' }) job_id: string;
  @TextField('Where to listen by Socket.IO.', { example: 'ws://127.0.0.1:3000/hitl' }) websocket_url: string;
  @ObjectField(() => LinksView, 'Where to go from here.') links: LinksView;
  /** Only at the compatible door `/teams/run`. */
  @FlagField('Only at `/teams/run`.', { optional: true }) hitl_enabled?: boolean;
}

export class StepHistoryEntry {
  @WholeField('1, 2, 3 … without gap.', { example: 1 }) seq: number;
  @TextField('What happened.', { example: 'created' }) type: string;
  @TextField('Where the run was after it.', { enum: STEPS }) step: string;
  @TextField('How it stood after it.', { enum: STATUSES }) status: string;
  @TimeField('When.') timestamp: string;
  @TextField('`system`, `human:<user>`, `policy:<name>` or `provider:<name>`.', { example: 'human:user123' }) actor: string;
  @TextField('For people.', { example: 'Run created' }) message: string;
  @JsonField('Ids, hashes and amounts.') metadata: JsonObject;
  @HashField('Chained: covers the hash of the event before.') hash: string;
}

export class ProgressView {
  @WholeField('Steps in all.', { example: 5 }) total_steps: number;
  @WholeField('Steps left behind.', { example: 2 }) completed_steps: number;
  /** 0..100 */
  @WholeField('0..100', { example: 40 }) percentage: number;
  @TextField('Where the run is.', { enum: STEPS }) current_step: string;
  @ListField(() => StepHistoryEntry, 'Everything that happened, oldest first.') step_history: StepHistoryEntry[];
}

export class MetricsView {
  @WholeField('From the start to now or to the end.') total_execution_time_ms: number;
  @WholeField('Spent waiting for people.') human_review_time_ms: number;
  @WholeField('Spent at the provider.') provider_execution_time_ms: number;
  @WholeField('Launches so far.', { example: 1 }) attempts: number;
  @NumberField('What the next launch, or the newest one, was estimated to cost; null = not known.', { nullable: true, example: 0.003 }) estimate_usd: number | null;
  @NumberField('What all launches cost, as far as it is known; null = nothing is.', { nullable: true, example: 0.003 }) cost_usd: number | null;
  @TextField('How the cost was reckoned, and which parts are not known.', { nullable: true, example: '2 launches: $0.003 + $0.003' }) cost_basis: string | null;
}

/** Reference to what a person is asked, as much as a list needs. */
export class PendingApprovalView {
  @IdField('The approval.') approval_id: string;
  @TextField('What is asked.', { example: 'payload_suggestion' }) checkpoint_type: string;
  @TextListField('How it may be answered.', { example: ['approve', 'edit', 'reject'] }) allowed_actions: string[];
  @TimeField('When the wait ends.', { nullable: true }) expires_at: string | null;
}

export class RunErrorView {
  @TextField('SCREAMING_SNAKE and stable.', { example: 'PROVIDER_UNAUTHORIZED' }) code: string;
  @TextField('For people.') message: string;
}

/** The run as every door shows it: REST status, `run.updated`, webhooks. */
export class RunView {
  @IdField('The run.') run_id: string;
  /** Grows by one with every transition. */
  @WholeField('Grows by one with every transition.', { example: 4 }) version: number;
  @TextField('How it stands. The last four never change again.', { enum: STATUSES }) status: string;
  @TextField('Where it is.', { enum: STEPS }) current_step: string;
  @TextField('Who runs the model.', { example: 'replicate' }) provider: string;
  @TextField('The model.', { example: 'lucataco/remove-bg' }) model: string;
  @TextField('Whose run it is.', { example: 'user123' }) user_id: string;
  @TextField('The chat session.', { nullable: true, example: 'session456' }) session_id: string | null;
  @IdField('The run that this one was forked from.', { nullable: true }) parent_run_id: string | null;
  @TimeField('When it was started.') created_at: string;
  @TimeField('When it last moved.') updated_at: string;
  @TimeField('When the current wait for a person ends.', { nullable: true }) expires_at: string | null;
  @ObjectField(() => ProgressView, 'How far it is.') progress: ProgressView;
  /** Actions a person may take now. */
  @TextListField('Actions a person may take now.', { example: ['approve', 'edit', 'reject'] }) pending_actions: string[];
  @ObjectField(() => PendingApprovalView, 'What a person is asked.', { nullable: true }) pending_approval: PendingApprovalView | null;
  @ObjectField(() => MetricsView, 'Times and cost.') metrics: MetricsView;
  @ObjectField(() => RunErrorView, 'Why it failed.', { nullable: true }) error: RunErrorView | null;
}

/** One part of a kept result. Files have a short-lived signed `url`. */
export class OutputPartView {
  @TextField('What it is.', { enum: ['file', 'text', 'json'] }) kind: 'file' | 'text' | 'json';
  /** JSON pointer (RFC 6901) into the provider's own answer. */
  @TextField('JSON pointer (RFC 6901) into the provider\'s own answer.', { example: '/0' }) pointer: string;
  @TextField('Of a text.', { optional: true }) text?: string;
  @AnyField('Of a JSON part.', { optional: true }) value?: Json;
  @IdField('Of a file.', { optional: true }) artifact_id?: string;
  @TextField('Short-lived signed address.', { optional: true, example: '/artifacts/019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11?expires=…&signature=…' }) url?: string;
  @HashField('Of the file\'s content.', { optional: true }) sha256?: string;
  @TextField('Told from the content.', { optional: true, example: 'image/png' }) mime?: string;
  @WholeField('Size.', { optional: true, example: 48211 }) bytes?: number;
  @TextField('File name.', { optional: true, nullable: true }) name?: string | null;
}

export class OutputView {
  @TextField('The answer as text where it has one.', { nullable: true }) text: string | null;
  @ListField(() => OutputPartView, 'Everything that came back.') parts: OutputPartView[];
  @AnyField('The provider\'s own JSON.', { nullable: true }) raw: Json;
  @NumberField('0..1, null = nothing can be said.', { nullable: true }) quality: number | null;
  @JsonListField('Safety flags, each `{flag, score, why}`.') flags: { flag: string; score: number; why: string }[];
  @TextListField('Signs that this is not what was asked for.') doubts: string[];
}

export class LaunchView {
  @IdField('The launch.') launch_id: string;
  @WholeField('1 = the first.', { example: 1 }) attempt: number;
  @TextField('How it stands.', { example: 'succeeded' }) status: string;
  @TextField('The provider\'s own id.', { nullable: true }) provider_job_id: string | null;
  @HashField('Of the payload that was sent.') payload_hash: string;
  @TimeField('When it was committed, before it was sent.') submitted_at: string;
  @TimeField('When it ended.', { nullable: true }) finished_at: string | null;
  @JsonField('`{amount, currency, basis}`; null = it has not ended.', { nullable: true }) cost: JsonObject | null;
}

/** Everything needed to redraw the run after a reload. */
export class RunStateView extends RunView {
  @JsonField('The request as it was merged.') original_input: JsonObject;
  @ObjectField(() => HitlConfigView, 'How the run is guarded.') hitl_config: HitlConfigView;
  @JsonField('What the provider can do.', { nullable: true }) capabilities: JsonObject | null;
  @ObjectField(() => ValidationSummaryView, 'What the check found.', { nullable: true }) validation_summary: ValidationSummary | null;
  @ObjectField(() => PayloadView, 'What would be sent, or was.', { nullable: true }) suggested_payload: PayloadView | null;
  @HashField('Of the payload.', { nullable: true }) payload_hash: string | null;
  @JsonListField('Repairs made without asking, each `{field, from_field?, before, after, rule}`.') fixes: JsonObject[];
  @JsonField('Which attachment went to which field.') mapping: JsonObject;
  @JsonListField('What differs from the model\'s defaults, each `{field, default, value}`.') diff_from_defaults: JsonObject[];
  @JsonField('`{amount, currency, basis}`', { nullable: true }) estimate: JsonObject | null;
  @JsonField('What people typed into cards, newest wins.') human_edits: JsonObject;
  @JsonField('What the open card shows besides the payload.', { nullable: true }) checkpoint_context: JsonObject | null;
  @ListField(() => ApprovalView, 'All approvals of the run, oldest first.') approvals: ApprovalView[];
  @ListField(() => StepHistoryEntry, 'Everything that happened, oldest first.') step_history: StepHistoryEntry[];
  @ObjectField(() => OutputView, 'The kept result.', { nullable: true }) outputs: OutputView | null;
  /** The result as text where it has one, else the addresses of its files, one a line. */
  @TextField('The result as text where it has one, else the addresses of its files, one a line.', { nullable: true }) final_result: string | null;
  @JsonField('Who allowed the launch, of which payload: `{payload_hash, by, approval_id, at}`.', { nullable: true }) consent: JsonObject | null;
  @ListField(() => LaunchView, 'Calls of the provider.') launches: LaunchView[];
}

export class RunListView {
  @ListField(() => RunView, 'Newest first.') runs: RunView[];
  @IdField('For the next page.', { nullable: true }) next_cursor: string | null;
  @WholeField('Matches in all; above 1,000 counted at most some ten seconds ago.', { example: 1 }) total: number;
}

export class SessionRunsView extends RunListView {
  @TextField('The chat session.', { example: 'session456' }) session_id: string;
  @FlagField('Somebody is asked something in this session.') has_pending_approvals: boolean;
}

/** Answer to pause, resume, retry and cancel. */
export class RunControlView {
  @FlagField('Done, not only noted.') success: boolean;
  @TextField('For people.', { example: 'Run paused successfully' }) message: string;
  @IdField('The run.') run_id: string;
  @TextField('How it stands now.', { enum: STATUSES, example: 'paused' }) status: string;
}

/** Answer of `/teams/run` when the run has ended. */
export class TeamsResultView {
  @IdField('The run.') run_id: string;
  @TextField('How it ended.', { enum: STATUSES, example: 'completed' }) status: string;
  @TextField('The result as text, else the addresses of its files.', { nullable: true }) result: string | null;
  @ObjectField(() => OutputView, 'The kept result.', { nullable: true }) outputs: OutputView | null;
  @ObjectField(() => RunErrorView, 'Why it failed.', { nullable: true }) error: RunErrorView | null;
  @ObjectField(() => LinksView, 'Where to go from here.') links: LinksView;
}

export class GateView {
  @TextField('What a person would be asked.', { example: 'payload_suggestion' }) checkpoint_type: string;
  @TextField('Why.', { example: 'policy:require_human' }) reason: string;
  /** Who would be asked. */
  @TextField('Who would be asked.', { example: 'user123 or any reviewer' }) who: string;
  @JsonField('What the card would say about money, where a cap is the reason.', { optional: true }) budget?: JsonObject;
}

/** Explain before asking: what a run of this request would do. */
export class ValidateView {
  @FlagField('Nothing blocks.') ready: boolean;
  @ObjectField(() => ValidationSummaryView, 'What the check found.') validation_summary: ValidationSummary;
  @ObjectField(() => PayloadView, 'What would be sent.', { nullable: true }) payload: PayloadView | null;
  @HashField('Of the payload.', { nullable: true }) payload_hash: string | null;
  @JsonListField('Repairs made without asking, each `{field, from_field?, before, after, rule}`.') fixes: JsonObject[];
  @JsonField('Which attachment would go to which field.') mapping: JsonObject;
  @ListField(() => GateView, 'Where a person would be asked before the launch.') gates: GateView[];
  @JsonField('`{amount, currency, basis}`', { nullable: true }) estimate: JsonObject | null;
}
