import { ACTIONS, APPROVAL_STATUSES, CHECKPOINTS, ON_TIMEOUT, type JsonObject } from '@countersign/core';
import { FlagField, HashField, IdField, JsonField, ListField, ObjectField, TextField, TextListField, TimeField, WholeField } from './api-fields';
import { LinksView, PayloadView } from './shared-views';

/** How an approval was answered. */
export class ResponseView {
  @TextField('What was done.', { enum: ACTIONS }) action: string;
  @JsonField('Field → value, as typed.') edits: JsonObject;
  @TextField('Why.', { nullable: true }) reason: string | null;
  @TextField('Words kept with it.', { nullable: true }) message: string | null;
  @HashField('Of the payload after the decision.', { nullable: true }) payload_hash: string | null;
}

export class ApprovalView {
  @IdField('The approval.') approval_id: string;
  @IdField('The run that waits for it.') run_id: string;
  @TextField('What is asked.', { enum: CHECKPOINTS, example: 'payload_suggestion' }) checkpoint_type: string;
  @TextField('How it stands.', { enum: APPROVAL_STATUSES, example: 'pending' }) status: string;
  @TextField('For a heading.', { example: 'Run lucataco/remove-bg?' }) title: string;
  @TextField('The question.') message: string;
  @JsonField('What the card shows besides the payload.') context: JsonObject;
  /** JSON Schema (2020-12) of the editable fields: enough to draw the form. */
  @JsonField('JSON Schema (2020-12) of the editable fields: enough to draw the form.') schema: JsonObject;
  @TextListField('How it may be answered.', { enum: ACTIONS, example: ['approve', 'edit', 'reject'] }) allowed_actions: string[];
  @ObjectField(() => PayloadView, 'What would be sent.', { nullable: true }) payload: PayloadView | null;
  @HashField('SHA-256 of the canonical JSON (RFC 8785) of the payload.', { nullable: true }) payload_hash: string | null;
  @TimeField('When it was asked.') requested_at: string;
  @TimeField('When the wait ends.', { nullable: true }) expires_at: string | null;
  @TextField('What happens then.', { enum: ON_TIMEOUT }) on_timeout: string;
  @TextField('Whom it is addressed to; null = any reviewer.', { nullable: true, example: 'user123' }) user_id: string | null;
  @TextField('The chat session.', { nullable: true }) session_id: string | null;
  @TextField('Who is looking at it just now; others may decide all the same.', { nullable: true }) claimed_by: string | null;
  @TimeField('When `claimed_by` ends by itself.', { nullable: true }) claimed_until: string | null;
  @TextField('The browser agent\'s own id for its question.', { nullable: true }) request_id: string | null;
  @ObjectField(() => ResponseView, 'The answer, once there is one.', { nullable: true }) response: ResponseView | null;
  @TextField('`human:<user>` or `policy:on_timeout`.', { nullable: true, example: 'human:user123' }) decided_by: string | null;
  @TimeField('When it was answered.', { nullable: true }) decided_at: string | null;
  @ObjectField(() => LinksView, 'Where to go from here.') links: LinksView;
}

export class ApprovalListView {
  @ListField(() => ApprovalView, 'Oldest first.') approvals: ApprovalView[];
  @WholeField('Matches in all; above 1,000 counted at most some ten seconds ago.', { example: 1 }) total: number;
  @IdField('For the next page.', { nullable: true }) next_cursor: string | null;
}

/** Answer to a decision. */
export class DecisionView {
  @FlagField('The decision stands.') success: boolean;
  @TextField('For people.', { example: 'Approval approve processed successfully' }) message: string;
  @IdField('The run.') run_id: string;
  @IdField('The approval.') approval_id: string;
  /** The approval as it stands now. */
  @ObjectField(() => ApprovalView, 'The approval as it stands now.') approval: ApprovalView;
}

/** Answer to a claim and to its end. */
export class ClaimView {
  /** The approval as it stands now. */
  @ObjectField(() => ApprovalView, 'The approval as it stands now.') approval: ApprovalView;
}

/** Who looks at it, in the body of 409 `APPROVAL_CLAIMED`. */
export class ClaimedView {
  @TextField('Who.', { example: 'user123' }) claimed_by: string;
  @TimeField('When that ends by itself.') claimed_until: string;
}

/** Who was first, in the body of 409 `APPROVAL_ALREADY_DECIDED`. */
export class DecidedView {
  @TextField('Who.', { nullable: true, example: 'human:user123' }) decided_by: string | null;
  @TextField('What.', { nullable: true, enum: ACTIONS }) action: string | null;
  @TextField('What it led to.', { enum: APPROVAL_STATUSES }) status: string;
  @TimeField('When.', { nullable: true }) decided_at: string | null;
}
