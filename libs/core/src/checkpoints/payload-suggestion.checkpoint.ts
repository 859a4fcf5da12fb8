import { asksForMoney } from '../budget/budget-gate';
import type { JsonObject } from '../json';
import { observationOf } from '../memory/observation';
import type { Proposal } from '../run/run';
import { askedAgain } from '../run/stale-consent';
import { consentOf, PAYLOAD_ACTIONS, payloadContext, proposalOf, rejection, type CheckpointRule, type QuestionFacts } from './checkpoint';

const READ_BY_MODEL = 'A language model read the answer in words as the changes shown here. Approve them, or say what should be different.';
const CAP_REACHED = 'A budget cap stands in the way: a reviewer may let this pass, or change what runs.';
const CHANGED_IN_WORDS = 'The answer in words was read as the changes shown here. Approve them, or say what else should be different.';

function messageOf({ run, context, preparation }: QuestionFacts, again: JsonObject | null): string {
  if (run.proposal) return changed(run.proposal);
  if (again) return `This was approved, and not started. ${String(again.why)}`;
  return asksForMoney(context) ? CAP_REACHED : preparation?.summary.user_friendly_message ?? 'Please look at what is about to run.';
}

/** The payload before it runs. */
export const payloadSuggestion: CheckpointRule = {
  type: 'payload_suggestion',
  launchesOn: ['approve', 'edit'],
  question(facts) {
    const habits = facts.preparation?.habits ?? [];
    const again = facts.run.stale ? askedAgain(facts.run, facts.preparation) : null;
    return {
      title: again ? `Still run ${facts.run.model}?` : `Run ${facts.run.model}?`,
      message: messageOf(facts, again),
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

function changed({ readBy, understood }: Proposal): string {
  if (readBy === undefined) return CHANGED_IN_WORDS;
  const doubtful = understood.filter((one) => one.is_certain === false).map((one) => String(one.field));
  return doubtful.length === 0 ? READ_BY_MODEL : `${READ_BY_MODEL} It is not certain about ${doubtful.join(', ')}: please look closely.`;
}
