/* Valid values for tests: name what the test is about, the rest is ordinary. */
import type { Approval, Decision } from '../approval/approval';
import type { Instant } from '../json';
import type { Launch } from '../launch/launch';
import type { Payload } from '../payload/payload';
import type { RunCommand } from '../ports/command-store';
import { DEFAULT_CONFIG, type HitlConfig } from '../run/config';
import { newRun, type FreshRun, type NewRun } from '../run/new-run';
import type { Consent, Preparation, Proposal, Run, RunIn, RunOutput } from '../run/run';
import type { Status, Step } from '../run/words';
import { CHECKPOINT_TYPES, type ValidationSummary } from '../validation/report';

/** The instant at which everything here happens unless told otherwise. */
export const NOON: Instant = '2026-11-22T12:00:00.000Z';

let ids = 0;
/** A new id; later ones sort behind earlier ones, as UUIDv7 do. */
export function testId(): string {
  ids += 1;
  return `019e0000-0000-7000-8000-${ids.toString(16).padStart(12, '0')}`;
}

export function aPayload(over: Partial<Payload> = {}): Payload {
  return { provider: 'scripted', model: 'scripted/echo', version: '1', input: { prompt: 'a red fox' }, ...over };
}

export function aSummary(over: Partial<ValidationSummary> = {}): ValidationSummary {
  return {
    total_checkpoints: 5, passed_checkpoints: 5, failed_checkpoints: 0, blocking_checkpoints: 0,
    total_issues: 0, blocking_issues: 0, ready_for_execution: true, user_friendly_message: 'Everything is ready.',
    missing_inputs: { text: [], image: [], audio: [], video: [], file: [] }, suggested_actions: [],
    checkpoints: CHECKPOINT_TYPES.map((type) => ({
      type, title: type, description: type, required: true, passed: true, blocking: false, user_input_required: false, issues: [],
    })),
    ...over,
  };
}

export function aPreparation(over: Partial<Preparation> = {}): Preparation {
  return {
    summary: aSummary(), fixes: [], mapping: {}, dropped: [], promptField: 'prompt', diff: [],
    payload: aPayload(), payloadHash: 'a'.repeat(64),
    estimate: { amount: 0, currency: 'USD', basis: 'free' },
    confidence: { score: 1, reasons: [] },
    ...over,
  };
}

/** A preparation that something blocks: there is no payload that could be run. */
export function aBlockedPreparation(over: Partial<Preparation> = {}): Preparation {
  return aPreparation({ summary: aSummary({ blocking_issues: 1, total_issues: 1, ready_for_execution: false }), ...over });
}

export function aConfig(over: Partial<HitlConfig> = {}): HitlConfig {
  return { ...DEFAULT_CONFIG, ...over };
}

export function anOutput(over: Partial<RunOutput> = {}): RunOutput {
  return {
    raw: 'a fox', parts: [{ kind: 'text', pointer: '', text: 'a fox' }], text: 'a fox', quality: null, flags: [], doubts: [], ...over,
  };
}

export function aNewRun(over: Partial<NewRun> = {}, now: Instant = NOON): FreshRun {
  return newRun({
    runId: testId(), tenantId: 'default', userId: 'ann', sessionId: 'session-1', parentRunId: null,
    provider: 'scripted', model: 'scripted/echo', modelVersion: null, tool: null,
    config: aConfig(), originalInput: { prompt: 'a red fox' }, ...over,
  }, now);
}

const STEP_OF: Record<Status, Step> = {
  queued: 'created', running: 'information_review', awaiting_human: 'payload_review', paused: 'payload_review',
  completed: 'completed', failed: 'api_call', cancelled: 'payload_review', expired: 'payload_review',
};

function standingOf(status: Status): Run['standing'] {
  switch (status) {
    case 'queued': case 'running': return {};
    case 'awaiting_human': return { approvalId: testId(), checkpoint: 'payload_suggestion' };
    case 'paused': return { held: { status: 'running' } };
    case 'completed': return { finishedAt: NOON, note: null };
    case 'failed': return { finishedAt: NOON, error: { code: 'MODEL_ERROR', message: 'The model failed.', detail: null } };
    case 'cancelled': return { finishedAt: NOON, by: 'human:ann', reason: 'no longer needed' };
    case 'expired': return { finishedAt: NOON, approvalId: testId() };
  }
}

/** A run in `status`, at the step where it is usual, with what that status owns. */
export function aRun<S extends Status>(status: S, over: Partial<RunIn<S>> = {}): Extract<Run, { status: S }> {
  const step = over.step ?? STEP_OF[status];
  const hasPayload = step !== 'created' && step !== 'information_review';
  const hasLaunched = step === 'api_call' || step === 'response_review' || step === 'completed';
  const fresh = aNewRun();
  const isWaiting = status === 'awaiting_human';
  const run = {
    ...fresh, version: 2, status, step, standing: standingOf(status),
    preparation: hasPayload ? aPreparation() : null,
    consent: hasLaunched ? aConsent() : null,
    attempt: hasLaunched ? 1 : 0,
    output: step === 'response_review' || step === 'completed' ? anOutput() : null,
    times: { ...fresh.times, waitingSince: isWaiting ? NOON : null, expiresAt: isWaiting ? '2026-11-22T13:00:00.000Z' : null },
    ...over,
  };
  return run as unknown as Extract<Run, { status: S }>;
}

export function aConsent(over: Partial<Consent> = {}): Consent {
  return { payloadHash: 'a'.repeat(64), by: 'policy:auto', approvalId: null, at: NOON, ...over };
}

export function aProposal(over: Partial<Proposal> = {}): Proposal {
  return {
    message: 'make the fox grey', by: 'human:ann', before: { prompt: 'a red fox' },
    understood: [{ field: 'prompt', words: 'make the fox grey', value: 'a grey fox', rule: 'named' }], ...over,
  };
}

/** Pending, one hour long, about an ordinary payload. */
export function anApproval(over: Partial<Approval> = {}): Approval {
  const approval = {
    approvalId: testId(), runId: testId(), tenantId: 'default', checkpoint: 'payload_suggestion',
    title: 'Run scripted/echo?', message: 'Please look.', context: {}, schema: { type: 'object' },
    allowedActions: ['approve', 'edit', 'reject'], payload: aPayload(), payloadHash: 'a'.repeat(64),
    requestedAt: NOON, expiresAt: '2026-11-22T13:00:00.000Z', onTimeout: 'reject', timeoutSeconds: 3600, extensions: 0,
    userId: 'ann', sessionId: 'session-1', claimedBy: null, claimedUntil: null, requestId: null, status: 'pending', decision: null, ...over,
  };
  return approval as Approval;
}

export function aDecision(over: Partial<Decision> = {}): Decision {
  return {
    action: 'approve', edits: {}, reason: null, message: null, by: 'human:ann', at: '2026-11-22T12:10:00.000Z', via: 'rest',
    preparation: null, ...over,
  };
}

/** Committed, not yet answered. */
export function aLaunch(over: Partial<Launch> = {}): Launch {
  const launchId = over.launchId ?? testId();
  return {
    launchId, runId: testId(), tenantId: 'default', attempt: 1, provider: 'scripted', model: 'scripted/echo', modelVersion: '1',
    payloadHash: 'a'.repeat(64), status: 'submitting', callbackToken: `token-${launchId}`, jobId: null, callbackJobId: null,
    submittedAt: NOON, launchedAt: null, finishedAt: null, nextCheckAt: '2026-11-22T12:00:05.000Z', checks: 0, progress: null,
    outcome: null, ...over,
  };
}

export function aCommand(over: Partial<RunCommand> = {}): RunCommand {
  return {
    commandId: testId(), runId: testId(), name: 'pause', by: 'human:ann', reason: 'wait a moment', requestedAt: NOON,
    outcome: null, detail: null, ...over,
  };
}
