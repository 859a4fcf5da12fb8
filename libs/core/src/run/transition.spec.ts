import { aConsent, anApproval, aNewRun, aPreparation, aProposal, aRun, NOON } from '../testing/factories';
import { fittingEvent } from '../testing/fitting-event';
import type { RunEvent } from './events';
import type { Run } from './run';
import { hasEnded, transition, type Transition } from './transition';
import { legalEvents, rowFor, TRANSITIONS } from './transitions';
import { STATUSES, STEPS, TERMINAL_STATUSES } from './words';

const LATER = '2026-11-22T12:05:00.000Z';
const EVENTS = [...new Set(TRANSITIONS.map(({ on }) => on))];

function moved(run: Run, event: RunEvent, now = LATER): Transition {
  const answer = transition(run, event, now);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  return answer.transition;
}

describe('the table', () => {
  it('has no row out of a terminal status', () => {
    expect(TRANSITIONS.filter(({ from }) => from.some((status) => (TERMINAL_STATUSES as readonly string[]).includes(status)))).toEqual([]);
  });

  it('has one row at most for each status, step and event', () => {
    for (const status of STATUSES) for (const step of STEPS) for (const on of EVENTS) {
      expect(TRANSITIONS.filter((row) => row.on === on && row.from.includes(status) && row.at.includes(step)).length).toBeLessThanOrEqual(1);
    }
  });

  it('decides every status, step and event: a row, or a refusal that is a value (invariant 10)', () => {
    for (const status of STATUSES) for (const step of STEPS) {
      const run = aRun(status, { step, preparation: aPreparation() });
      for (const type of EVENTS) {
        const row = rowFor(type, status, step);
        const answer = transition(run, fittingEvent(run, type), LATER);
        expect([status, step, type, answer.ok]).toEqual([status, step, type, row !== undefined]);
        expect(legalEvents(status, step).includes(type)).toBe(row !== undefined);
        if (answer.ok) {
          const { to, step: toStep } = row ?? { to: 'same', step: 'same' };
          const held = run.status === 'paused' ? run.standing.held.status : status;
          expect(answer.transition.run.status).toBe(to === 'same' ? status : to === 'held' ? held : to);
          expect(answer.transition.run.step).toBe(toStep === 'same' ? step : toStep);
        } else expect(answer.refusal).toEqual({ code: 'ILLEGAL_STATE', detail: expect.stringContaining(`${status} at ${step}`) });
      }
    }
  });
});

describe('a move', () => {
  it('leaves the run it was given untouched', () => {
    const run = aRun('awaiting_human');
    const before = structuredClone(run);
    moved(run, fittingEvent(run, 'approved'));
    expect(run).toEqual(before);
  });

  it('tells people once, last, with the new version', () => {
    const { run, effects } = moved(aNewRun(), { type: 'started' });
    expect(effects.filter(({ kind }) => kind === 'tell')).toEqual([{ kind: 'tell', seq: run.version }]);
    expect(effects.at(-1)).toEqual({ kind: 'tell', seq: 2 });
  });

  it.each([
    ['asked', { type: 'asked', approval: anApproval() }, 'another run'],
    ['prepared', { type: 'prepared', preparation: aPreparation({ payload: null, payloadHash: null }) }, 'no payload'],
  ] as const)('refuses %s that does not fit the run', (_name, event, detail) => {
    expect(transition(aRun('running'), event, LATER)).toMatchObject({ ok: false, refusal: { detail: expect.stringContaining(detail) } });
  });

  it.each(['expired', 'extended'] as const)('refuses %s of an approval that is not the pending one', (type) => {
    const run = aRun('awaiting_human');
    const event = { ...fittingEvent(run, type), approvalId: anApproval().approvalId } as RunEvent;
    expect(transition(run, event, LATER)).toMatchObject({ ok: false, refusal: { detail: 'another approval is pending' } });
  });

  it('refuses a consent to another payload, to none, or that answers another approval (invariants 5, 6)', () => {
    const run = aRun('awaiting_human');
    const { approvalId } = run.standing;
    const approve = (over: object, preparation = run.preparation) =>
      transition({ ...run, preparation }, { type: 'approved', consent: aConsent({ approvalId, by: 'human:ann', ...over }) }, LATER).ok;
    expect(approve({})).toBe(true);
    expect(approve({ payloadHash: 'b'.repeat(64) })).toBe(false);
    expect(approve({ payloadHash: '' })).toBe(false);
    expect(approve({ payloadHash: '' }, null)).toBe(false);
    expect(approve({ payloadHash: '' }, aPreparation({ payloadHash: null }))).toBe(false);
    expect(approve({ approvalId: anApproval().approvalId })).toBe(false);
    expect(approve({ approvalId: null })).toBe(false);
  });

  it('refuses a recovery without a provider job', () => {
    const run = aRun('awaiting_human', { step: 'api_call' });
    expect(transition(run, { type: 'recovered', by: 'human:ann', jobId: '' }, LATER).ok).toBe(false);
  });

  it('takes the payload and the fields a person edited', () => {
    const run = aRun('awaiting_human', { edits: { seed: 1, size: 'small' } });
    const preparation = aPreparation({ payloadHash: 'c'.repeat(64) });
    const consent = aConsent({ payloadHash: 'c'.repeat(64), by: 'human:ann', approvalId: run.standing.approvalId });
    const next = moved(run, { type: 'approved', consent, preparation, edits: { size: 'large' } }).run;
    expect(next).toMatchObject({ preparation, consent, edits: { seed: 1, size: 'large' }, attempt: 1, autoRetries: 0, output: null });
  });

  it('takes consent away when the input changes', () => {
    const run = aRun('awaiting_human', { step: 'information_review', consent: aConsent(), edits: { a: 1 } });
    expect(moved(run, { type: 'revised', edits: { b: 2 }, by: 'human:ann' }).run).toMatchObject({ consent: null, edits: { a: 1, b: 2 }, step: 'information_review' });
  });

  it('replaces the text of the answer when a person reworded it', () => {
    const run = aRun('awaiting_human', { step: 'response_review' });
    expect(moved(run, { type: 'accepted', by: 'human:ann', text: 'A fox.' }).run.output?.text).toBe('A fox.');
    expect(moved(run, { type: 'accepted', by: 'human:ann' }).run.output?.text).toBe('a fox');
  });

  it('counts launches, and repeats in a row', () => {
    const launched = aRun('running', { step: 'api_call', attempt: 1 });
    const again = moved(launched, { type: 'relaunched', notBefore: LATER, why: 'busy' });
    expect(again.run).toMatchObject({ attempt: 2, autoRetries: 1, consent: launched.consent, times: { launchNotBefore: LATER } });
    expect(again.effects).toContainEqual({ kind: 'launch', attempt: 2, notBefore: LATER });
    const asked = moved(again.run, { type: 'asked', approval: anApproval({ runId: again.run.runId }) }).run;
    const approved = moved(asked, fittingEvent(asked, 'approved'));
    expect(approved.run).toMatchObject({ attempt: 3, autoRetries: 0, times: { launchNotBefore: null } });
    expect(approved.effects).toContainEqual({ kind: 'launch', attempt: 3, notBefore: null });
  });

  it('stops the provider job only when a run is cancelled at it', () => {
    const stops = (run: Run, event: RunEvent) => moved(run, event).effects.filter(({ kind }) => kind === 'stop_job');
    const calling = aRun('running', { step: 'api_call', attempt: 3 });
    expect(stops(calling, fittingEvent(calling, 'cancelled'))).toEqual([{ kind: 'stop_job', attempt: 3 }]);
    expect(stops(calling, fittingEvent(calling, 'failed'))).toEqual([]);
    const waiting = aRun('awaiting_human');
    expect(stops(waiting, fittingEvent(waiting, 'cancelled'))).toEqual([]);
  });

  it('that ends a run cancels what is still asked', () => {
    for (const type of ['cancelled', 'rejected', 'expired', 'accepted'] as const) {
      const run = aRun('awaiting_human', { step: 'response_review' });
      const { run: next, effects } = moved(run, fittingEvent(run, type));
      expect([hasEnded(next), effects.some(({ kind }) => kind === 'cancel_approvals')]).toEqual([true, true]);
    }
  });

  it('that resumes a launch asks for the launch again, at the time it was meant for', () => {
    const launchNotBefore = '2026-11-22T12:30:00.000Z';
    const calling = aRun('running', { step: 'api_call', attempt: 2 });
    const run = { ...calling, times: { ...calling.times, launchNotBefore } };
    const paused = moved(run, { type: 'paused', by: 'human:ann' });
    expect(paused.effects.map(({ kind }) => kind)).toEqual(['tell']);
    const { effects } = moved(paused.run, { type: 'resumed', by: 'human:ann' });
    expect(effects).toEqual([{ kind: 'launch', attempt: 2, notBefore: launchNotBefore }, { kind: 'advance' }, { kind: 'tell', seq: 4 }]);
  });
});

describe('a change said in words', () => {
  const proposal = aProposal();
  const revised: RunEvent = { type: 'revised', edits: { prompt: 'a grey fox' }, by: 'human:ann', proposal };

  it('is kept over further checks until a person approves what became of it', () => {
    const asked = moved(aRun('awaiting_human'), revised).run;
    expect(asked).toMatchObject({ step: 'information_review', proposal, consent: null, edits: { prompt: 'a grey fox' } });
    const blocked = moved(asked, { type: 'asked', approval: anApproval({ runId: asked.runId }) }).run;
    const mended = moved(blocked, { type: 'revised', edits: { seed: 1 }, by: 'human:ann' }).run;
    expect(mended.proposal).toEqual(proposal);
    const shown = moved(moved(mended, { type: 'prepared', preparation: aPreparation() }).run, { type: 'asked', approval: anApproval({ runId: asked.runId }) }).run;
    expect(moved(shown, fittingEvent(shown, 'approved')).run).toMatchObject({ step: 'api_call', proposal: null });
  });

  it.each([
    ['error_recovery', revised, true], ['error_recovery', { ...revised, proposal: undefined }, false], ['execution_unknown', revised, false],
  ] as const)('at a call that waits for %s', (checkpoint, event, ok) => {
    const run = aRun('awaiting_human', { step: 'api_call', standing: { approvalId: 'a', checkpoint } });
    expect(transition(run, event as RunEvent, NOON).ok).toBe(ok);
  });
});

describe('times', () => {
  it('add up what people took, over waits and pauses, and are never negative', () => {
    const first = aRun('awaiting_human', { step: 'information_review' });
    const extended = moved(first, { ...fittingEvent(first, 'extended'), expiresAt: '2026-11-22T15:00:00.000Z' } as RunEvent, '2026-11-22T12:01:00.000Z').run;
    expect(extended.times).toMatchObject({ waitingSince: NOON, expiresAt: '2026-11-22T15:00:00.000Z', humanReviewMs: 0 });
    const paused = moved(extended, { type: 'paused', by: 'human:ann' }, '2026-11-22T12:02:00.000Z').run;
    expect(paused.times.waitingSince).toBe(NOON);
    const resumed = moved(paused, { type: 'resumed', by: 'human:ann' }, '2026-11-22T12:03:00.000Z').run;
    const answered = moved(resumed, { type: 'revised', edits: {}, by: 'human:ann' }, '2026-11-22T12:04:00.000Z').run;
    expect(answered.times).toMatchObject({ waitingSince: null, expiresAt: null, humanReviewMs: 240_000 });
    const again = moved(answered, { type: 'asked', approval: anApproval({ runId: first.runId }) }, '2026-11-22T12:10:00.000Z').run;
    const cancelled = moved(again, fittingEvent(again, 'cancelled'), '2026-11-22T12:09:00.000Z').run;
    expect(cancelled.times).toMatchObject({ waitingSince: null, expiresAt: null, humanReviewMs: 240_000 });
  });

  it('add up what the provider took', () => {
    const run = aRun('running', { step: 'api_call' });
    const calling = { ...run, times: { ...run.times, providerMs: 500 } };
    const event = { ...fittingEvent(calling, 'executed'), providerMs: 1500 } as RunEvent;
    expect(moved(calling, event).run.times.providerMs).toBe(2000);
  });
});
