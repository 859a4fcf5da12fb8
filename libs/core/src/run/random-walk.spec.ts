import fc from 'fast-check';
import { addMs } from '../json';
import { aNewRun, anApproval, aPreparation, NOON } from '../testing/factories';
import { deepFreeze } from '../testing/ai-provider-harness';
import { fittingEvent } from '../testing/fitting-event';
import type { RunEvent, RunEventType } from './events';
import { pendingApprovalOf, type Run } from './run';
import { transition, type Transition } from './transition';
import { legalEvents, TRANSITIONS } from './transitions';
import { isTerminal } from './words';

const EVENTS = [...new Set(TRANSITIONS.map(({ on }) => on))];

interface Choice {
  /** Mostly a legal event, so that walks get far. */
  legal: boolean;
  pick: number;
  /** Spoils what the event speaks of: another approval, another payload. */
  stray: boolean;
  ms: number;
}

const walk = fc.array(
  fc.record({ legal: fc.boolean(), pick: fc.nat(), stray: fc.integer({ min: 0, max: 4 }).map((n) => n === 0), ms: fc.integer({ min: -1000, max: 100_000 }) }),
  { maxLength: 60 },
);

function chosen(run: Run, { legal, pick, stray }: Choice): RunEvent {
  const open = legal ? legalEvents(run.status, run.step) : EVENTS;
  const types: readonly RunEventType[] = open.length > 0 ? open : EVENTS;
  const event = fittingEvent(run, types[pick % types.length] ?? 'noted');
  return stray ? spoilt(event) : event;
}

function spoilt(event: RunEvent): RunEvent {
  const other = anApproval();
  if (event.type === 'asked') return { ...event, approval: other };
  if (event.type === 'expired' || event.type === 'extended') return { ...event, approvalId: other.approvalId };
  if (event.type === 'approved') return { ...event, consent: { ...event.consent, payloadHash: 'f'.repeat(64) } };
  if (event.type === 'prepared') return { ...event, preparation: aPreparation({ payload: null, payloadHash: null }) };
  return event;
}

/** Walks from a new run, which is frozen at each step: a move that writes into it throws. `look` sees every step. */
function follow(choices: Choice[], look: (before: Run, event: RunEvent, allowed: Transition | null) => void): Run {
  let run: Run = deepFreeze(aNewRun());
  let now = NOON;
  for (const choice of choices) {
    now = addMs(now, choice.ms);
    const event = chosen(run, choice);
    const answer = transition(run, event, now);
    look(run, event, answer.ok ? answer.transition : null);
    if (answer.ok) run = deepFreeze(answer.transition.run);
  }
  return run;
}

const property = (check: (choices: Choice[]) => void): void => fc.assert(fc.property(walk, check), { numRuns: 120 });

/** An answer that lets the run go on was recorded before: its approval is no longer open. */
const ANSWERED: ReadonlySet<RunEventType> = new Set(['revised', 'outdated', 'approved', 'returned', 'recovered', 'accepted', 'rejected', 'expired']);

describe('a random walk over all events', () => {
  it('never leaves a terminal status', () => {
    property((choices) => void follow(choices, (before, _event, allowed) => {
      if (isTerminal(before.status)) expect(allowed).toBeNull();
    }));
  });

  it('grows the version by exactly one per allowed event and not at all per refusal', () => {
    property((choices) => {
      let allowedEvents = 0;
      const end = follow(choices, (before, _event, allowed) => {
        if (!allowed) return;
        allowedEvents += 1;
        expect(allowed.run.version).toBe(before.version + 1);
        expect(allowed.before).toBe(before);
      });
      expect(end.version).toBe(1 + allowedEvents);
    });
  });

  it('has exactly one open approval while a person is waited for, and none otherwise', () => {
    property((choices) => {
      const open = new Set<string>();
      follow(choices, (before, event, allowed) => {
        if (!allowed) return;
        const pending = pendingApprovalOf(before);
        if (pending !== null && ANSWERED.has(event.type)) open.delete(pending);
        for (const effect of allowed.effects) {
          if (effect.kind === 'open_approval') open.add(effect.approval.approvalId);
          if (effect.kind === 'cancel_approvals') open.clear();
        }
        const now = pendingApprovalOf(allowed.run);
        expect([...open]).toEqual(now === null ? [] : [now]);
        if (allowed.run.status === 'awaiting_human') expect(now).not.toBeNull();
        if (isTerminal(allowed.run.status)) expect(now).toBeNull();
      });
    });
  });

  it('launches only with a consent whose hash is the preparation\'s (invariant 6)', () => {
    property((choices) => void follow(choices, (_before, _event, allowed) => {
      for (const effect of allowed?.effects ?? []) {
        if (effect.kind !== 'launch') continue;
        expect(allowed?.run).toMatchObject({ status: 'running', step: 'api_call', attempt: effect.attempt });
        expect(effect.attempt).toBeGreaterThan(0);
        expect(allowed?.run.consent?.payloadHash).toBe(allowed?.run.preparation?.payloadHash);
      }
    }));
  });

  it('never launches with one attempt number twice, but to ask again after a pause', () => {
    property((choices) => {
      let newest = 0;
      follow(choices, (_before, event, allowed) => {
        for (const effect of allowed?.effects ?? []) {
          if (effect.kind !== 'launch') continue;
          expect(effect.attempt).toBe(event.type === 'resumed' ? newest : newest + 1);
          newest = effect.attempt;
        }
      });
    });
  });

  it('comes back from a pause to exactly what was held', () => {
    property((choices) => {
      let held: Run | null = null;
      follow(choices, (before, event, allowed) => {
        if (!allowed) return;
        if (event.type === 'paused') held = before;
        if (event.type !== 'resumed' || !held) return;
        const { version: _v, times: _t, ...is } = allowed.run;
        const { version: _w, times: _u, ...was } = held;
        expect(is).toEqual(was);
        expect({ ...allowed.run.times, updatedAt: '' }).toEqual({ ...held.times, updatedAt: '' });
      });
    });
  });

  it('keeps times that add up: waiting only while somebody is asked, never less than before', () => {
    property((choices) => void follow(choices, (before, _event, allowed) => {
      if (!allowed) return;
      const { times } = allowed.run;
      const isWaiting = pendingApprovalOf(allowed.run) !== null;
      expect([times.waitingSince !== null, times.expiresAt !== null]).toEqual([isWaiting, isWaiting]);
      expect(times.humanReviewMs).toBeGreaterThanOrEqual(before.times.humanReviewMs);
      expect(times.providerMs).toBeGreaterThanOrEqual(before.times.providerMs);
      expect(times.createdAt).toBe(NOON);
    }));
  });

  it('says the end of every wait with its approval id, so that other copies of the card lock', () => {
    property((choices) => void follow(choices, (before, _event, allowed) => {
      const pending = pendingApprovalOf(before);
      if (!allowed || pending === null || pendingApprovalOf(allowed.run) === pending) return;
      expect(allowed.lines[0]?.metadata.approval_id).toBe(pending);
    }));
  });
});
