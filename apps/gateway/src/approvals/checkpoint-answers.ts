/*
 * What this is: what an answer to each kind of checkpoint means here, as data.
 * To extend: a new checkpoint is a line in ANSWERS; the compiler asks for it.
 */
import type { Action, Approval, Bell, Checkpoint } from '@countersign/core';
import { bell } from '@countersign/queues';

/**
 * What edits are edits of: `payload` = what was shown, made into a new payload; `request` = the request, checked again by
 * the orchestrator; `response` = the result's text; `fields` = the fields of the approval's own schema.
 */
export type EditedThing = 'payload' | 'request' | 'response' | 'fields';

export interface CheckpointAnswer {
  edited(action: Action): EditedThing;
  /** Wakes whoever acts on the answer. */
  bell(approval: Approval): Bell;
}

const decided = ({ runId, approvalId }: Approval): Bell => bell('run.decided', { run_id: runId, approval_id: approvalId });
const noted = ({ runId, approvalId }: Approval): Bell => bell('approval.noted', { run_id: runId, approval_id: approvalId, fact: 'browser_decided' });

export const ANSWERS: Record<Checkpoint, CheckpointAnswer> = {
  validation_review: { edited: () => 'request', bell: decided },
  payload_suggestion: { edited: (action) => (action === 'respond' ? 'request' : 'payload'), bell: decided },
  error_recovery: { edited: (action) => (action === 'respond' ? 'request' : 'payload'), bell: decided },
  response_review: { edited: (action) => (action === 'retry' ? 'payload' : 'response'), bell: decided },
  execution_unknown: { edited: () => 'fields', bell: decided },
  browser_action: { edited: () => 'fields', bell: noted },
};
