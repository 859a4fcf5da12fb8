import type { JsonObject } from '../json';
import { consentOf, rejection, type CheckpointRule } from './checkpoint';

/** Editing the answer replaces its text; this is the field's name in `edits`. */
export const RESPONSE_FIELD = 'response';

/** The result after it ran: keep it, reword it, throw it away, or run again. */
export const responseReview: CheckpointRule = {
  type: 'response_review',
  launchesOn: ['retry'],
  question(facts) {
    const { output, cost } = facts.run;
    const response: JsonObject = { type: 'string', title: 'Response', default: output?.text ?? '' };
    const properties = facts.schema.properties as JsonObject | undefined;
    return {
      title: `Keep the result of ${facts.run.model}?`,
      message: output?.doubts.length ? `Please look closely: ${output.doubts.join('; ').replace(/\.$/, '')}.` : 'Please look at what came back.',
      context: {
        ...facts.context,
        reason: facts.reason,
        output: JSON.parse(JSON.stringify(output)) as JsonObject,
        cost: cost && { amount: cost.amount, currency: cost.currency, basis: cost.basis },
      },
      schema: { ...facts.schema, properties: { [RESPONSE_FIELD]: response, ...properties }, required: [] },
      allowedActions: ['approve', 'edit', 'reject', 'retry'],
    };
  },
  consequence(run, approval, decision) {
    if (decision.action === 'reject') return rejection(decision);
    if (decision.action === 'retry') return consentOf(run, approval, decision);
    const text = decision.edits[RESPONSE_FIELD];
    return { type: 'accepted', by: decision.by, ...(typeof text === 'string' ? { text } : {}) };
  },
};
