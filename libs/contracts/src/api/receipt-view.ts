import { STATUSES, STEPS, type JsonObject } from '@countersign/core';
import { FlagField, HashField, IdField, JsonField, JsonListField, ListField, ObjectField, TextField, TextListField, TimeField, WholeField } from './api-fields';

export class ReceiptQuestionView {
  @IdField('The approval.') approval_id: string;
  @TextField('What was asked.', { example: 'payload_suggestion' }) checkpoint_type: string;
  @TimeField('When it was asked.', { nullable: true }) asked_at: string | null;
  @HashField('Of the payload that was shown.', { nullable: true }) payload_hash: string | null;
  @HashField('Of the whole question.', { nullable: true }) question_hash: string | null;
  @TextField('How it was answered; null = not, or not by an answer.', { nullable: true, example: 'approve' }) action: string | null;
  @TextField('Who answered.', { nullable: true, example: 'human:user123' }) decided_by: string | null;
  @TimeField('When.', { nullable: true }) decided_at: string | null;
  @TextField('Through which door.', { nullable: true, example: 'rest' }) via: string | null;
  @HashField('Of the whole answer.', { nullable: true }) decision_hash: string | null;
}

export class ReceiptConsentView {
  @WholeField('Launch that it allowed.', { example: 1 }) attempt: number;
  @HashField('Of the payload that was allowed.') payload_hash: string;
  @TextField('`human:<user>` or `policy:<name>`.', { example: 'human:user123' }) by: string;
  @IdField('The approval, null = a policy allowed it.', { nullable: true }) approval_id: string | null;
  @TimeField('When.') at: string;
}

export class ReceiptLaunchView {
  @IdField('The launch.') launch_id: string;
  @WholeField('1 = the first.', { example: 1 }) attempt: number;
  @TextField('How it ended.', { example: 'succeeded' }) status: string;
  @TextField('The provider\'s own id.', { nullable: true }) provider_job_id: string | null;
  @HashField('Of the payload that was sent.') payload_hash: string;
  @TimeField('When it was committed, before it was sent.') submitted_at: string;
  @TimeField('When it ended.', { nullable: true }) finished_at: string | null;
  @JsonField('`{amount, currency}`, null = nothing or not told.', { nullable: true }) cost: JsonObject | null;
  @JsonListField('Kept files, each `{artifact_id, sha256, mime, bytes}`.') files: JsonObject[];
  @HashField('Of the launch with everything it brought.') launch_hash: string;
}

export class ReceiptEventView {
  @WholeField('1, 2, 3 … without gap.', { example: 1 }) seq: number;
  @TextField('What happened.', { example: 'created' }) type: string;
  @TextField('Where the run was after it.', { enum: STEPS }) step: string;
  @TextField('How it stood after it.', { enum: STATUSES }) status: string;
  @TimeField('When.') at: string;
  @TextField('`system`, `human:<user>`, `policy:<name>` or `provider:<name>`.', { example: 'human:user123' }) actor: string;
  @TextField('For people.', { example: 'Run created' }) message: string;
  @JsonField('Ids, hashes and amounts.') metadata: JsonObject;
  @HashField('Of the event before; 64 zeros before the first.') prev_hash: string;
  @HashField('Of this event.') hash: string;
}

export class ReceiptVerdictView {
  @FlagField('The chain is whole and no row contradicts it.') intact: boolean;
  @TextListField('What is broken, in words.') findings: string[];
  @TextListField('What nothing in the history proves or contradicts.') unproven: string[];
}

/** Who decided what and when, on which payload, what ran, what came out, what it cost; all of it from the hash chain. */
export class ReceiptView {
  @TextField('Form of this receipt.', { example: 'countersign-receipt-1' }) format: string;
  @IdField('The run.') run_id: string;
  @TextField('Whose house.', { example: 'default' }) tenant_id: string;
  @TextField('Whose run.', { example: 'user123' }) user_id: string;
  @TextField('Who ran the model.', { example: 'replicate' }) provider: string;
  @TextField('The model.', { example: 'lucataco/remove-bg' }) model: string;
  @TextField('How the run stands.', { enum: STATUSES }) status: string;
  @TextField('Where it is.', { enum: STEPS }) step: string;
  @TimeField('When it was started.') started_at: string;
  @TimeField('When it ended, null = it has not.', { nullable: true }) ended_at: string | null;
  @HashField('Of the request.', { nullable: true }) request_hash: string | null;
  @ListField(() => ReceiptQuestionView, 'What people were asked, and what they said.') questions: ReceiptQuestionView[];
  @ListField(() => ReceiptConsentView, 'Who allowed which payload to run.') consents: ReceiptConsentView[];
  @ListField(() => ReceiptLaunchView, 'What ran, what came out, what it cost.') launches: ReceiptLaunchView[];
  @HashField('Of the kept result.', { nullable: true }) output_hash: string | null;
  @JsonField('Currency → amount, all launches together.', { example: { USD: 0.003 } }) cost: JsonObject;
  @ListField(() => ReceiptEventView, 'The chain itself.') events: ReceiptEventView[];
  @HashField('Of the newest event.') head: string;
  @ObjectField(() => ReceiptVerdictView, 'What the check found when the receipt was made.') verdict: ReceiptVerdictView;
  @HashField('SHA-256 of the RFC 8785 text of everything else here.') receipt_hash: string;
}
