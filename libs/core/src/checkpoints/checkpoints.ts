import type { Approval } from '../approval/approval';
import { asksForMoney } from '../budget/budget-gate';
import type { Action, Checkpoint } from '../run/words';
import type { CheckpointRule } from './checkpoint';
import { errorRecovery } from './error-recovery.checkpoint';
import { executionUnknown } from './execution-unknown.checkpoint';
import { payloadSuggestion } from './payload-suggestion.checkpoint';
import { responseReview } from './response-review.checkpoint';
import { validationReview } from './validation-review.checkpoint';

/** Checkpoints a run can stop at. A browser agent's question stops the agent, not the run, so it has no rule here. */
export type RunCheckpoint = Exclude<Checkpoint, 'browser_action'>;

/** The one list: a new checkpoint is one word in words.ts, one file and one line here. */
export const CHECKPOINT_RULES: Record<RunCheckpoint, CheckpointRule> = {
  validation_review: validationReview,
  payload_suggestion: payloadSuggestion,
  response_review: responseReview,
  error_recovery: errorRecovery,
  execution_unknown: executionUnknown,
};

/** Whether this answer to this card would let a launch pass a cap. */
export function passesCap({ checkpoint, context }: Pick<Approval, 'checkpoint' | 'context'>, action: Action): boolean {
  if (checkpoint === 'browser_action' || !asksForMoney(context)) return false;
  return CHECKPOINT_RULES[checkpoint].launchesOn.includes(action);
}
