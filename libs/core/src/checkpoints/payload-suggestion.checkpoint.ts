import { observationOf } from '../memory/observation';
import { consentOf, PAYLOAD_ACTIONS, payloadContext, proposalOf, rejection, type CheckpointRule } from './checkpoint';

const CHANGED_IN_WORDS = 'The answer in words was read as the changes shown here. Approve them, or say what else should be different.';

/** The payload before it runs. */
export const payloadSuggestion: CheckpointRule = {
  type: 'payload_suggestion',
  launchesOn: ['approve', 'edit'],
  question(facts) {
    const habits = facts.preparation?.habits ?? [];
    return {
      title: `Run ${facts.run.model}?`,
      message: facts.run.proposal ? CHANGED_IN_WORDS : facts.preparation?.summary.user_friendly_message ?? 'Please look at what is about to run.',
      context: { ...payloadContext(facts), ...(habits.length > 0 && { habits: habits.map((habit) => ({ ...habit })) }) },
      schema: facts.schema,
      allowedActions: PAYLOAD_ACTIONS,
    };
  },
  consequence(run, approval, decision) {
    if (decision.action === 'reject') return rejection(decision);
    const observed = observationOf(run, approval, decision);
    const event = decision.action === 'respond' ? proposalOf(approval, decision) : consentOf(run, approval, decision);
    return observed ? { ...event, observed } : event;
  },
};
