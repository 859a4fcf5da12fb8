import { consentOf, PAYLOAD_ACTIONS, payloadContext, rejection, type CheckpointRule } from './checkpoint';

/** The payload before it runs. */
export const payloadSuggestion: CheckpointRule = {
  type: 'payload_suggestion',
  question(facts) {
    return {
      title: `Run ${facts.run.model}?`,
      message: facts.preparation?.summary.user_friendly_message ?? 'Please look at what is about to run.',
      context: payloadContext(facts),
      schema: facts.schema,
      allowedActions: PAYLOAD_ACTIONS,
    };
  },
  consequence(run, approval, decision) {
    return decision.action === 'reject' ? rejection(decision) : consentOf(run, approval, decision);
  },
};
