import type { Action } from '../run/words';
import { payloadContext, proposalOf, rejection, type CheckpointRule } from './checkpoint';

/** Something blocks: a person supplies what is missing, or ends the run. It cannot be approved as it is. */
export const validationReview: CheckpointRule = {
  type: 'validation_review',
  launchesOn: [],
  mayBeWorded: true,
  question(facts) {
    const noForm = (facts.preparation?.payload ?? null) === null;
    const allowedActions: Action[] = noForm ? ['retry', 'reject'] : ['edit', 'respond', 'reject'];
    return {
      title: noForm ? 'The model could not be checked' : 'The request is not complete yet',
      message: facts.preparation?.summary.user_friendly_message ?? facts.reason,
      context: payloadContext(facts),
      schema: facts.schema,
      allowedActions,
    };
  },
  consequence(_run, approval, decision) {
    if (decision.action === 'reject') return rejection(decision);
    // What a language model read is shown before it may run, whatever the policy says.
    if (decision.readBy !== undefined) return proposalOf(approval, decision);
    return { type: 'revised', edits: decision.edits, by: decision.by };
  },
};
