import { newRun, DEFAULT_CONFIG, type Approval, type Notice, type StepEvent } from '@countersign/core';

const AT = '2026-11-22T10:00:00.000Z';
const RUN_ID = '0193b0c0-0000-7000-8000-000000000001';

export function sampleApproval(facts: Partial<Approval> = {}): Approval {
  return {
    approvalId: '0193b0c0-0000-7000-8000-00000000000a', runId: RUN_ID, tenantId: 'acme', checkpoint: 'payload_suggestion',
    title: 'Check the payload', message: 'Please check', context: {}, schema: {}, allowedActions: ['approve', 'reject'], payload: null, payloadHash: 'abc',
    requestedAt: AT, expiresAt: '2026-11-22T11:00:00.000Z', onTimeout: 'reject', timeoutSeconds: 3600, extensions: 0,
    userId: 'ann', sessionId: 's1', claimedBy: null, claimedUntil: null, requestId: null, status: 'pending', decision: null, ...facts,
  } as Approval;
}

/** A notice of one event; `type`, `metadata` and the approvals are what templates look at. */
export function sampleNotice(type: StepEvent['type'], more: Partial<Notice> & { metadata?: StepEvent['metadata'] } = {}): Notice {
  const { metadata = {}, ...rest } = more;
  const run = newRun({
    runId: RUN_ID, tenantId: 'acme', userId: 'ann', sessionId: 's1', parentRunId: null, provider: 'scripted', model: 'scripted/echo',
    modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: { prompt: 'hi' },
  }, AT);
  const event: StepEvent = {
    runId: RUN_ID, seq: 1, type, step: 'payload_review', status: 'running', at: AT, actor: 'system', message: `it was ${type}`, metadata,
    prevHash: '0'.repeat(64), hash: '1'.repeat(64),
  };
  return { event, history: [event], run, approval: null, waitingFor: null, ended: [], ...rest };
}
