import type { Action } from '../run/words';
import { consentOf, payloadContext, proposalOf, rejection, type CheckpointRule } from './checkpoint';

/** The provider refused or failed: change something and run again, run again as it is, or give up. */
export const errorRecovery: CheckpointRule = {
  type: 'error_recovery',
  launchesOn: ['retry', 'edit'],
  mayBeWorded: true,
  question(facts) {
    const allowedActions: Action[] = ['retry', 'edit', 'respond', 'reject'];
    return {
      title: `${facts.run.model} did not run`,
      message: facts.reason,
      context: payloadContext(facts),
      schema: facts.schema,
      allowedActions,
    };
  },
  consequence(run, approval, decision) {
    if (decision.action === 'respond') return proposalOf(approval, decision);
    return decision.action === 'reject' ? rejection(decision) : consentOf(run, approval, decision);
  },
};
