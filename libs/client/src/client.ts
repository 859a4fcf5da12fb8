import type {
  ApprovalListView, ApprovalsListBody, ApprovalView, BrowserCompletionView, BudgetView, CapDto, ClaimView, DecideBody, DecisionView, ForgottenView, JobView, MemoryListView, MemoryView, ModelView,
  ProviderListView, ReceiptView, RunControlView, RunListView, RunStartedView, RunStateView, RunView, SessionRunsView, SettableState,
  StepHistoryEntry, TeamsResultView, UploadView, ValidateView,
} from '@countersign/contracts';
import type { JsonObject } from '@countersign/core';
import { runEvents, type EventStreamOptions } from './event-stream';
import { LiveSocket, type LiveSocketOptions } from './live-socket';
import type {
  BrowserApprovalRequest, BrowserCompletionRequest, ForkRequest, MemoryFilter, RunFilter, RunInput, RunRequest, TeamsRunOptions,
} from './requests';
import { RestDoor, type CallOptions, type ClientSettings } from './rest-door';
import { waitForRun, type WaitOptions } from './wait-for-run';

/** Files are up to 100 MB: ten minutes carry that over a 1.5 Mbit/s line. */
const UPLOAD_TIMEOUT_MS = 600_000;
/** `/teams/run` answers after 60 s at the latest. */
const TEAMS_TIMEOUT_MS = 75_000;
/** Time for the answer to travel once a long poll ends. */
const LONG_POLL_SLACK_MS = 10_000;
const MEMORY = '/hitl/parameter-memory';
const BUDGET = '/hitl/budget';

/** A decision addressed by approval: the id is in the path. */
export type Decision = Omit<DecideBody, 'approval_id' | 'run_id'>;

export interface StartOptions extends CallOptions {
  /** The same key with the same body names the same run, however often it is sent. */
  idempotencyKey?: string;
}

export interface ControlOptions extends CallOptions {
  /** Why, for the run's history. */
  reason?: string;
}

/**
 * The typed door to Countersign, for Node ≥ 20 and browsers. Every method rejects with `CountersignError` when the
 * server refuses or cannot be reached. Nothing is sent twice by itself.
 */
export class CountersignClient {
  private readonly door: RestDoor;

  constructor(private readonly settings: ClientSettings) {
    this.door = new RestDoor(settings);
  }

  startRun(request: RunRequest, { idempotencyKey, ...options }: StartOptions = {}): Promise<RunStartedView> {
    return this.post('/hitl/run', request, { ...options, ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }) });
  }

  /** What a run of this request would do; creates nothing. */
  validate(request: RunRequest, options?: CallOptions): Promise<ValidateView> {
    return this.post('/hitl/validate', request, options);
  }

  status(runId: string, options?: CallOptions): Promise<RunView> {
    return this.door.json(runPath(runId, 'status'), options);
  }

  state(runId: string, options?: CallOptions): Promise<RunStateView> {
    return this.door.json(`/hitl/runs/${encodeURIComponent(runId)}/state`, options);
  }

  /** Who decided what on which payload, what ran, what came out and what it cost, with the chain that proves it. */
  receipt(runId: string, options?: CallOptions): Promise<ReceiptView> {
    return this.door.json(runPath(runId, 'receipt'), options);
  }

  /** Every step event, in order, until the run has ended; resumes by itself after a lost connection. */
  events(runId: string, options?: EventStreamOptions): AsyncGenerator<StepHistoryEntry, void> {
    return runEvents(this.door, runId, options);
  }

  /** Decides the run's pending approval; `approval_id` is required. */
  approve(runId: string, decision: DecideBody, options?: CallOptions): Promise<DecisionView> {
    return this.post(runPath(runId, 'approve'), decision, options);
  }

  /** The same decision, addressed by approval. */
  decide(approvalId: string, decision: Decision, options?: CallOptions): Promise<DecisionView> {
    return this.post(`/hitl/approvals/${encodeURIComponent(approvalId)}/decision`, decision, options);
  }

  /** Tells the others that this person looks at it; ends by itself after ten minutes, claim again to go on. Keeps nobody from deciding. */
  claim(approvalId: string, options?: CallOptions): Promise<ClaimView> {
    return this.door.json(`/hitl/approvals/${encodeURIComponent(approvalId)}/claim`, { ...options, method: 'POST' });
  }

  release(approvalId: string, options?: CallOptions): Promise<ClaimView> {
    return this.door.json(`/hitl/approvals/${encodeURIComponent(approvalId)}/release`, { ...options, method: 'POST' });
  }

  pause(runId: string, { reason, ...options }: ControlOptions = {}): Promise<RunControlView> {
    return this.post(runPath(runId, 'pause'), { reason }, options);
  }

  resume(runId: string, { reason, ...options }: ControlOptions = {}): Promise<RunControlView> {
    return this.post(runPath(runId, 'resume'), { reason }, options);
  }

  /** Retries a failed step, with changed input fields where `edits` has any. */
  retry(runId: string, { reason, edits, ...options }: ControlOptions & { edits?: JsonObject } = {}): Promise<RunControlView> {
    return this.post(runPath(runId, 'retry'), { reason, edits }, options);
  }

  /** A new run from a step of this one, also of one that has ended. */
  fork(runId: string, request: ForkRequest, { idempotencyKey, ...options }: StartOptions = {}): Promise<RunStartedView> {
    return this.post(runPath(runId, 'fork'), request, { ...options, ...(idempotencyKey && { headers: { 'idempotency-key': idempotencyKey } }) });
  }

  cancel(runId: string, { reason, ...options }: ControlOptions = {}): Promise<RunControlView> {
    return this.door.json(`/hitl/run/${encodeURIComponent(runId)}`, { ...options, method: 'DELETE', ...(reason && { body: { reason } }) });
  }

  runs(filter: RunFilter = {}, options?: CallOptions): Promise<RunListView> {
    return this.door.json('/hitl/runs', { ...options, query: filter });
  }

  /** Runs that have not ended. */
  activeRuns(filter: Omit<RunFilter, 'status'> = {}, options?: CallOptions): Promise<RunListView> {
    return this.door.json('/hitl/runs/active', { ...options, query: filter });
  }

  sessionRuns(sessionId: string, options?: CallOptions): Promise<SessionRunsView> {
    return this.door.json(`/hitl/sessions/${encodeURIComponent(sessionId)}/active`, options);
  }

  /** Pending approvals that the caller may decide. */
  pendingApprovals(filter: ApprovalsListBody = {}, options?: CallOptions): Promise<ApprovalListView> {
    return this.door.json('/hitl/approvals/pending', { ...options, query: filter });
  }

  /** One approval; with `wait` (seconds, up to 30) the answer comes when it is decided or the wait is over. */
  approval(approvalId: string, { wait, ...options }: CallOptions & { wait?: number } = {}): Promise<ApprovalView> {
    const path = `/hitl/approvals/${encodeURIComponent(approvalId)}`;
    if (wait === undefined) return this.door.json(path, options);
    return this.door.json(path, { timeoutMs: wait * 1000 + LONG_POLL_SLACK_MS, ...options, query: { wait } });
  }

  providers(options?: CallOptions): Promise<ProviderListView> {
    return this.door.json('/hitl/providers', options);
  }

  /** The resolved input form of a model, `owner/name`. */
  model(provider: string, model: string, options?: CallOptions): Promise<ModelView> {
    const name = model.split('/').map(encodeURIComponent).join('/');
    return this.door.json(`/hitl/models/${encodeURIComponent(provider)}/${name}`, options);
  }

  job(jobId: string, options?: CallOptions): Promise<JobView> {
    return this.door.json(`/hitl/jobs/${encodeURIComponent(jobId)}`, options);
  }

  browserApproval(request: BrowserApprovalRequest, options?: CallOptions): Promise<ApprovalView> {
    return this.post('/hitl/browser/approvals', request, options);
  }

  browserCompletion(request: BrowserCompletionRequest, options?: CallOptions): Promise<BrowserCompletionView> {
    return this.post('/hitl/browser/completions', request, options);
  }

  /** Stores a file (≤ 100 MB); the `url` of the answer goes into `attachments` or a file field. */
  upload(file: Blob, name: string, options?: CallOptions): Promise<UploadView> {
    const form = new FormData();
    form.append('file', file, name);
    return this.post('/uploads', form, { timeoutMs: UPLOAD_TIMEOUT_MS, ...options });
  }

  /** The bytes of a file of ours (an upload, an artifact), read with this client's own right to see it. */
  download(link: string, options?: CallOptions): Promise<Blob> {
    return this.door.file(link, { timeoutMs: UPLOAD_TIMEOUT_MS, ...options });
  }

  /** The compatible door. With `enable_hitl` it starts a run, without it the answer is the result (or the started run, after 60 s). */
  teamsRun(input: RunInput, query: TeamsRunOptions = {}, options?: CallOptions): Promise<RunStartedView | TeamsResultView> {
    return this.door.json('/teams/run', { timeoutMs: TEAMS_TIMEOUT_MS, ...options, method: 'POST', body: input, query });
  }

  /** What reviewers changed: one's own, or the tenant's for reviewers. Newest first. */
  parameterMemory(filter: MemoryFilter = {}, options?: CallOptions): Promise<MemoryListView> {
    return this.door.json(MEMORY, { ...options, query: filter });
  }

  /** `always` makes it a rule, `muted` ends its proposals, `proposed` takes either back. */
  setMemory(memoryId: string, state: SettableState, options?: CallOptions): Promise<MemoryView> {
    return this.door.json(`${MEMORY}/${encodeURIComponent(memoryId)}`, { ...options, method: 'PATCH', body: { state } });
  }

  /** Deletes one remembered change, with the observations behind it. */
  forgetMemory(memoryId: string, options?: CallOptions): Promise<ForgottenView> {
    return this.door.json(`${MEMORY}/${encodeURIComponent(memoryId)}`, { ...options, method: 'DELETE' });
  }

  /** Deletes everything remembered about a user (oneself, when nobody is named) and a model. */
  forgetModel(whose: { provider: string; model: string; user_id?: string }, options?: CallOptions): Promise<ForgottenView> {
    return this.door.json(MEMORY, { ...options, method: 'DELETE', query: whose });
  }

  /** Caps, and what was spent and set aside on one day (UTC; today when none is named). */
  budget(query: { day?: string } = {}, options?: CallOptions): Promise<BudgetView> {
    return this.door.json(BUDGET, { ...options, query });
  }

  /** Sets a daily cap of the tenant, or of one user. For admins. */
  setCap(cap: CapDto, options?: CallOptions): Promise<BudgetView> {
    return this.door.json(`${BUDGET}/caps`, { ...options, method: 'PUT', body: cap });
  }

  removeCap(whose: { for_user_id?: string } = {}, options?: CallOptions): Promise<BudgetView> {
    return this.door.json(`${BUDGET}/caps`, { ...options, method: 'DELETE', query: whose });
  }

  /** A link out of an answer (`links`, `url`) as a whole address. */
  address(link: string): string {
    return this.door.address(link);
  }

  /** A live connection of its own; close it when done. */
  socket(options?: LiveSocketOptions): LiveSocket {
    return new LiveSocket(this.settings, options);
  }

  /**
   * The run as soon as it is as wanted (ended, when nothing is said), told by events, never by polling.
   * Rejects with `RUN_ENDED` when it ended otherwise and with `TIMEOUT` after `timeoutMs` (120 000).
   */
  waitForRun(runId: string, options?: WaitOptions): Promise<RunView> {
    return waitForRun(this, runId, options);
  }

  private post<T>(path: string, body: object, options: CallOptions & { headers?: Record<string, string> } = {}): Promise<T> {
    return this.door.json(path, { ...options, method: 'POST', body });
  }
}

function runPath(runId: string, what: string): string {
  return `/hitl/run/${encodeURIComponent(runId)}/${what}`;
}
