import type { RunEvent, RunEventType } from '../run/events';
import { pendingApprovalOf, type Run } from '../run/run';
import { aConsent, anApproval, anOutput, aPreparation, aProposal, NOON, testId } from './factories';

/** An event of `type` that speaks of what is pending in `run`: refused only when no row allows it. */
export function fittingEvent(run: Run, type: RunEventType): RunEvent {
  const by = 'human:ann';
  const approvalId = pendingApprovalOf(run) ?? testId();
  switch (type) {
    case 'started': case 'prepared': return type === 'started' ? { type } : { type, preparation: aPreparation() };
    case 'asked': return { type, approval: anApproval({ runId: run.runId }) };
    case 'revised': return { type, edits: { prompt: 'a grey fox' }, by, ...(run.step === 'api_call' ? { proposal: aProposal() } : {}) };
    case 'approved': return {
      type, consent: aConsent({ payloadHash: run.preparation?.payloadHash ?? 'a'.repeat(64), by, approvalId: pendingApprovalOf(run) }),
    };
    case 'returned': return { type, by, why: 'budget: a cap is reached' };
    case 'outdated': return {
      type, stale: { by, at: NOON, changes: [{ what: 'time', before: 900, after: 1_000 }], before: { version: '1', input: { prompt: 'a red fox' }, estimate: null } },
    };
    case 'relaunched': return { type, notBefore: NOON, why: 'the provider was busy' };
    case 'recovered': return { type, by, jobId: 'job-1' };
    case 'executed': return { type, output: anOutput(), providerMs: 1000, cost: { amount: 0.01, currency: 'USD', basis: 'one call' } };
    case 'accepted': return { type, by };
    case 'rejected': return { type, by, reason: 'not what I meant' };
    case 'expired': return { type, approvalId };
    case 'extended': return { type, approvalId, expiresAt: '2026-11-22T14:00:00.000Z', escalated: false };
    case 'failed': return { type, error: { code: 'MODEL_ERROR', message: 'The model failed.', detail: 'for the operator' } };
    case 'noted': return { type, note: { fact: 'browser_asked', approvalId: testId(), actor: by, message: 'The browser agent asks.', metadata: {} } };
    case 'paused': case 'resumed': return { type, by };
    case 'cancelled': return { type, by, reason: 'no longer needed' };
  }
}
