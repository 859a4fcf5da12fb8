import { consentOf, rejection, type CheckpointRule } from './checkpoint';

/** Naming the provider's job makes Countersign follow it; this is the field's name in `edits`. */
const JOB_ID_FIELD = 'provider_job_id';

/** A paid call may or may not have happened. Nobody but a person spends money again. */
export const executionUnknown: CheckpointRule = {
  type: 'execution_unknown',
  launchesOn: ['retry'],
  question(facts) {
    return {
      title: `Did ${facts.run.model} run?`,
      message:
        'The answer to the paid call was lost and the provider does not tell whether it ran. ' +
        'Approve: it ran, end here without its output. Edit: name the provider job to fetch its output. ' +
        'Retry: run again, which may cost twice. Reject: give up.',
      context: { ...facts.context, reason: facts.reason },
      schema: {
        type: 'object',
        properties: { [JOB_ID_FIELD]: { type: 'string', title: 'Provider job id', minLength: 1, maxLength: 200 } },
        additionalProperties: false,
      },
      allowedActions: ['approve', 'edit', 'retry', 'reject'],
    };
  },
  consequence(run, approval, decision) {
    const jobId = decision.edits[JOB_ID_FIELD];
    const named = typeof jobId === 'string' ? jobId.trim() : '';
    switch (decision.action) {
      case 'reject': return rejection(decision);
      case 'retry': return consentOf(run, approval, decision);
      default:
        if (decision.action === 'edit' && named !== '') return { type: 'recovered', by: decision.by, jobId: named };
        return { type: 'accepted', by: decision.by, note: 'it ran at the provider; its output was not recovered' };
    }
  },
};
