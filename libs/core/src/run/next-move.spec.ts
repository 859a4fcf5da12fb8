import {
  aBlockedPreparation, aCommand, aConfig, aDecision, aLaunch, anApproval, anOutput, aPayload, aPreparation, aProposal, aRun, NOON,
} from '../testing/factories';
import type { Approval } from '../approval/approval';
import type { Launch } from '../launch/launch';
import { extendedEnd, nextMove, type Facts, type Move } from './next-move';
import type { Run } from './run';
import { transition } from './transition';
import { STATUSES, type OnTimeout } from './words';

const NO_FACTS: Facts = { now: NOON, command: null, approval: null, launch: null, preparation: null, budget: null };
const moveOf = (run: Run, facts: Partial<Facts> = {}): Move => nextMove(run, { ...NO_FACTS, ...facts });
const WAIT = { kind: 'wait' };

describe('a command', () => {
  const NAMES = [['pause', 'paused'], ['resume', 'resumed'], ['cancel', 'cancelled'], ['report', 'noted'], ['forked', 'noted']] as const;
  it.each(NAMES)('%s comes first in every status, and is marked handled', (name, type) => {
    for (const status of STATUSES) {
      const command = aCommand({ name });
      expect(moveOf(aRun(status), { command, approval: anApproval(), preparation: aPreparation() })).toMatchObject({ kind: 'event', event: { type }, command });
    }
  });
});

describe('a run that is queued', () => {
  it('starts', () => {
    expect(moveOf(aRun('queued'))).toEqual({ kind: 'event', event: { type: 'started' } });
  });
});

describe('a run whose request is reviewed', () => {
  const run = aRun('running');
  it('needs the check first', () => {
    expect(moveOf(run)).toEqual({ kind: 'prepare' });
  });

  it('goes on when nothing blocks, under every policy', () => {
    const preparation = aPreparation({ confidence: { score: 0, reasons: [] } });
    for (const policy of ['auto', 'require_human', 'auto_with_thresholds'] as const) {
      expect(moveOf({ ...run, config: aConfig({ policy }) }, { preparation })).toEqual({ kind: 'event', event: { type: 'prepared', preparation } });
    }
  });

  it('asks when something blocks, under every policy and at any step list', () => {
    const preparation = aBlockedPreparation();
    for (const policy of ['auto', 'require_human', 'auto_with_thresholds'] as const) {
      const guarded = { ...run, config: aConfig({ policy, allowedSteps: ['response_review'] }) };
      expect(moveOf(guarded, { preparation })).toMatchObject({ kind: 'ask', checkpoint: 'validation_review', preparation });
    }
  });

  it('does not use a check that it made before a change', () => {
    expect(moveOf({ ...run, preparation: aPreparation() })).toEqual({ kind: 'prepare' });
  });
});

describe('a run whose payload was changed in words', () => {
  const proposal = aProposal({ before: { prompt: 'a red fox', size: 1 } });
  const run = aRun('running', { step: 'payload_review', proposal, preparation: aPreparation({ payload: aPayload({ input: { prompt: 'a grey fox', size: 1, seed: 7 } }) }) });

  it.each(['auto', 'require_human', 'auto_with_thresholds'] as const)('is shown before it runs under %s, with what was said and what it changes', (policy) => {
    expect(moveOf({ ...run, config: aConfig({ policy, allowedSteps: ['response_review'] }) })).toMatchObject({
      kind: 'ask', checkpoint: 'payload_suggestion', preparation: run.preparation,
      context: { proposed_from: {
        message: 'make the fox grey', by: 'human:ann', understood: proposal.understood,
        changes: [{ field: 'prompt', before: 'a red fox', after: 'a grey fox' }, { field: 'seed', before: null, after: 7 }],
      } },
    });
  });
});

describe('a run whose payload is reviewed', () => {
  const run = aRun('running', { step: 'payload_review' });
  it('asks where the policy asks', () => {
    const guarded = { ...run, config: aConfig({ policy: 'require_human' }) };
    expect(moveOf(guarded)).toMatchObject({ kind: 'ask', checkpoint: 'payload_suggestion', preparation: run.preparation });
  });

  it('is approved by the policy by name, for exactly this payload', () => {
    expect(moveOf(run)).toEqual({
      kind: 'event',
      event: { type: 'approved', consent: { payloadHash: run.preparation?.payloadHash, by: 'policy:auto', approvalId: null, at: NOON } },
    });
    expect(moveOf({ ...run, preparation: null })).toEqual(WAIT);
  });
});

describe('a run that is launched', () => {
  const run = aRun('running', { step: 'api_call' });
  const ended = (outcome: NonNullable<Launch['outcome']>) => aLaunch({
    status: outcome.kind, outcome, submittedAt: NOON, launchedAt: '2026-11-22T12:00:01.000Z', finishedAt: '2026-11-22T12:00:04.000Z',
  });

  it.each(['submitting', 'unclear', 'launched'] as const)('waits for a launch that is %s', (status) => {
    expect(moveOf(run, { launch: aLaunch({ status }) })).toEqual(WAIT);
    expect(moveOf(run)).toEqual(WAIT);
  });

  it('is executed when its launch succeeded, with the time at the provider', () => {
    const outcome = { kind: 'succeeded', output: anOutput(), metrics: { computeSeconds: 1, totalSeconds: 2 }, cost: null } as const;
    expect(moveOf(run, { launch: ended(outcome) })).toEqual({ kind: 'event', event: { type: 'executed', output: outcome.output, providerMs: 3000, cost: { amount: null, currency: 'USD', basis: 'the provider did not tell' } } });
    expect(moveOf(run, { launch: { ...ended(outcome), launchedAt: null } })).toMatchObject({ event: { providerMs: 4000 } });
    expect(moveOf(run, { launch: { ...ended(outcome), finishedAt: NOON } })).toMatchObject({ event: { providerMs: 0 } });
  });

  it('asks when its outcome is unknown', () => {
    expect(moveOf(run, { launch: ended({ kind: 'unknown', detail: 'the answer was lost', jobIds: ['j1'] }) })).toMatchObject({
      kind: 'ask', checkpoint: 'execution_unknown', context: { candidate_job_ids: ['j1'] },
    });
  });
});

describe('a run whose result is reviewed', () => {
  const run = aRun('running', { step: 'response_review' });
  it('is accepted by the policy by name', () => {
    expect(moveOf(run)).toEqual({ kind: 'event', event: { type: 'accepted', by: 'policy:auto' } });
    expect(moveOf({ ...run, output: null })).toEqual(WAIT);
  });

  it('asks where policy or doubt asks', () => {
    const ask = { kind: 'ask', checkpoint: 'response_review' };
    expect(moveOf({ ...run, config: aConfig({ policy: 'require_human' }) })).toMatchObject(ask);
    expect(moveOf({ ...run, output: anOutput({ doubts: ['empty'] }) })).toMatchObject({ ...ask, reason: 'empty' });
  });
});

describe('a run that waits for a person', () => {
  const run = aRun('awaiting_human');
  const about = (over: Partial<Approval>): Approval =>
    anApproval({ approvalId: run.standing.approvalId, runId: run.runId, expiresAt: run.times.expiresAt ?? NOON, ...over });

  it('waits while the answer is out', () => {
    expect(moveOf(run, { approval: about({}) })).toEqual(WAIT);
    expect(moveOf(run)).toEqual(WAIT);
  });

  it('does what the checkpoint says about the answer, also one that came after the end', () => {
    const approval = about({ status: 'approved', decision: aDecision() });
    expect(moveOf(run, { approval, now: '2026-11-22T12:20:00.000Z' })).toMatchObject({ kind: 'event', event: { type: 'approved', consent: { by: 'human:ann' } } });
  });

  it('does not act on an answer that is no longer good, and keeps what it edited', () => {
    const preparation = aPreparation({ payload: aPayload({ input: { prompt: 'a grey fox' } }), payloadHash: 'b'.repeat(64) });
    const decision = aDecision({ action: 'edit', edits: { prompt: 'a grey fox' }, preparation });
    const approval = about({ status: 'edited', decision });
    const late = moveOf(run, { approval, now: '2026-11-22T12:25:01.000Z' });
    expect(late).toEqual({ kind: 'event', event: {
      type: 'outdated', edits: { prompt: 'a grey fox' },
      stale: { by: 'human:ann', at: decision.at, changes: [{ what: 'time', before: 900, after: 901 }], before: { version: '1', input: { prompt: 'a grey fox' }, estimate: preparation.estimate } },
    } });
    expect(moveOf(run, { approval, now: '2026-11-22T12:25:00.000Z' })).toMatchObject({ event: { type: 'approved' } });
  });

  it('expires with its approval, and ends when its question was called off', () => {
    const expired = moveOf(run, { approval: about({ status: 'expired' }) });
    expect(expired).toEqual({ kind: 'event', event: { type: 'expired', approvalId: run.standing.approvalId } });
    expect(moveOf(run, { approval: about({ status: 'cancelled' }) })).toMatchObject({ kind: 'event', event: { type: 'cancelled', by: 'system' } });
  });

  it('writes a moved end into its history once', () => {
    const expiresAt = '2026-11-22T18:00:00.000Z';
    const said = (over: Partial<Approval>) => moveOf(run, { approval: about({ expiresAt, ...over }) });
    expect(said({ onTimeout: 'escalate', userId: null })).toMatchObject({ event: { type: 'extended', expiresAt, escalated: true } });
    expect(said({ onTimeout: 'keep_waiting', userId: null })).toMatchObject({ event: { type: 'extended', escalated: false } });
    const told = { ...run, times: { ...run.times, expiresAt } };
    expect(moveOf(told, { approval: about({ expiresAt }) })).toEqual(WAIT);
  });

  it.each([
    ['reject', 0, true, 'reject'], ['approve', 0, true, 'approve'], ['approve', 0, false, 'reject'],
    ['keep_waiting', 0, true, 'extend'], ['keep_waiting', 9, true, 'extend'], ['escalate', 0, true, 'escalate'], ['escalate', 1, true, 'reject'],
  ] as [OnTimeout, number, boolean, string][])('at its end with on_timeout %s, %d extensions, approve allowed %s: %s', (onTimeout, extensions, allowed, how) => {
    const approval = about({ onTimeout, extensions, allowedActions: allowed ? ['approve', 'reject'] : ['edit', 'reject'] });
    expect(moveOf(run, { approval, now: approval.expiresAt })).toEqual({ kind: 'time_out', approval, how });
  });

  it('is extended by as much as it waited at first', () => {
    expect(extendedEnd(anApproval({ timeoutSeconds: 90 }), NOON)).toBe('2026-11-22T12:01:30.000Z');
  });
});

describe('a run at rest', () => {
  it.each(['paused', 'completed', 'failed', 'cancelled', 'expired'] as const)('that is %s stays so', (status) => {
    const facts = { approval: anApproval({ status: 'approved', decision: aDecision() }), launch: aLaunch({ status: 'failed' }), preparation: aPreparation() };
    expect(moveOf(aRun(status), facts)).toEqual(WAIT);
  });
});

describe('every event that the brain asks for', () => {
  it('is one that the table allows', () => {
    const launch = aLaunch({ status: 'refused', outcome: { kind: 'refused', refusal: { reason: 'throttled', message: 'busy', detail: '', retryAfterMs: null, fields: [] } } });
    const waiting = aRun('awaiting_human');
    const approval = anApproval({ approvalId: waiting.standing.approvalId, runId: waiting.runId, status: 'cancelled' });
    const cases: [Run, Partial<Facts>][] = [
      [aRun('queued'), {}], [aRun('running'), { preparation: aPreparation() }], [aRun('running', { step: 'payload_review' }), {}],
      [aRun('running', { step: 'api_call' }), { launch }], [aRun('running', { step: 'response_review' }), {}],
      [waiting, { approval: { ...approval, status: 'expired' } as Approval }], [waiting, { approval }],
      [waiting, { approval: { ...approval, status: 'pending', expiresAt: '2026-11-22T19:00:00.000Z' } as Approval }],
    ];
    for (const [run, facts] of cases) {
      const move = moveOf(run, facts);
      if (move.kind !== 'event') throw new Error(`${run.status} at ${run.step}: ${move.kind}`);
      expect(transition(run, move.event, NOON)).toMatchObject({ ok: true });
    }
  });
});
