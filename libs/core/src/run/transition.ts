/*
 * What this is: the one function that makes a run's next state. Whether a move is legal stands in transitions.ts;
 * here stands what the move writes and what it causes.
 * Invariants: illegal is a value (10); version grows by exactly one; a launch effect comes only with consent (6).
 * To extend: add the row in transitions.ts, then a case in `move`; the compiler asks for the rest.
 */
import type { Grounds } from '../audit/grounds';
import type { Instant } from '../json';
import type { Booking } from '../budget/budget';
import { microsOfEstimate } from '../budget/money';
import { CALLED_OFF, withLaunchCost } from '../budget/run-cost';
import type { Effect } from './effects';
import type { RunEvent } from './events';
import { describeEvent, type EventLine } from './event-line';
import type { Refusal409 } from './refusal';
import { pendingApprovalOf, type Held, type Run, type RunIn, type RunTimes } from './run';
import { rowFor, type TransitionRow } from './transitions';
import { isTerminal, type Status } from './words';

declare const viaTransition: unique symbol;

/** A move that `transition` allowed. Stores accept nothing else, and nothing else can make one. */
export interface Transition {
  readonly [viaTransition]: true;
  readonly before: Run;
  readonly run: Run;
  readonly effects: readonly Effect[];
  /** One line of history for each move, in order. */
  readonly lines: readonly PlacedLine[];
}

/** A line with its place and time in the run's history. */
export type PlacedLine = EventLine & { seq: number; at: Instant };

export type TransitionAnswer = { ok: true; transition: Transition } | { ok: false; refusal: Refusal409 };

/** @param grounds what was on record and made it move: its proof goes into the history */
export function transition(run: Run, event: RunEvent, now: Instant, grounds: Grounds = {}): TransitionAnswer {
  const row = rowFor(event.type, run.status, run.step);
  const why = row ? reasonAgainst(run, event) : `a run that is ${run.status} at ${run.step} cannot be ${event.type}`;
  if (!row || why) return { ok: false, refusal: { code: 'ILLEGAL_STATE', detail: why ?? 'illegal' } };
  const next = { ...move(run, event, row, now), version: run.version + 1 };
  const effects: Effect[] = [...effectsOf(run, event, next), ...observed(event), { kind: 'tell', seq: next.version }];
  const line: PlacedLine = { ...describeEvent(run, event, next, grounds), seq: next.version, at: now };
  const allowed = { before: run, run: next, effects, lines: [line] };
  return { ok: true, transition: allowed as unknown as Transition };
}

/**
 * Two moves in a row as one: what nobody has to wait for between them is committed together, history line by line.
 * People are told once, up to the last line.
 */
export function inOneGo(first: Transition, second: Transition): Transition {
  if (first.run !== second.before) throw new TypeError('the second move does not start where the first one ended');
  const effects = [...first.effects.filter(({ kind }) => kind !== 'tell' && kind !== 'advance'), ...second.effects];
  const both = { before: first.before, run: second.run, effects, lines: [...first.lines, ...second.lines] };
  return both as unknown as Transition;
}

/** Conditions beyond status and step: the event must speak of what is pending. */
function reasonAgainst(run: Run, event: RunEvent): string | null {
  if (event.type === 'asked' && event.approval.runId !== run.runId) return 'the approval belongs to another run';
  if ((event.type === 'expired' || event.type === 'extended') && pendingApprovalOf(run) !== event.approvalId) {
    return 'another approval is pending';
  }
  if (event.type === 'prepared' && event.preparation.payload === null) return 'there is no payload';
  if (event.type === 'approved') {
    const hash = (event.preparation ?? run.preparation)?.payloadHash ?? null;
    if (hash === null || hash !== event.consent.payloadHash) return 'the consent is for another payload';
    if (event.consent.approvalId !== pendingApprovalOf(run)) return 'the consent answers another approval';
  }
  if (event.type === 'revised' && run.step === 'api_call') {
    if (run.status === 'awaiting_human' && run.standing.checkpoint === 'execution_unknown') return 'the call may have happened: nothing can be changed about it';
    if (!event.proposal) return 'what becomes of a refused call is shown before it runs again';
  }
  if (event.type === 'recovered' && event.jobId === '') return 'no provider job is named';
  return null;
}

function move(run: Run, event: RunEvent, row: TransitionRow, now: Instant): Run {
  const step = row.step === 'same' ? run.step : row.step;
  const base = { ...run, step, times: timesAfter(run, event, now), cost: costAfter(run, event) };
  switch (event.type) {
    case 'started': return running(base);
    case 'prepared': return running({ ...base, preparation: event.preparation });
    case 'asked': return {
      ...base, preparation: event.preparation ?? run.preparation, status: 'awaiting_human',
      standing: { approvalId: event.approval.approvalId, checkpoint: event.approval.checkpoint },
    };
    case 'revised': return running({ ...base, edits: { ...run.edits, ...event.edits }, consent: null, proposal: event.proposal ?? run.proposal });
    case 'outdated': return running({ ...base, edits: { ...run.edits, ...event.edits }, consent: null, proposal: null, stale: event.stale });
    case 'approved': return running({
      ...base, attempt: run.attempt + 1, autoRetries: 0, consent: { ...event.consent, edits: { ...run.edits, ...event.edits } }, proposal: null, stale: null, output: null,
      preparation: event.preparation ?? run.preparation, edits: { ...run.edits, ...event.edits },
    });
    case 'returned': return running({ ...base, proposal: null, preparation: event.preparation ?? run.preparation, edits: { ...run.edits, ...event.edits } });
    case 'relaunched': return running({ ...base, attempt: run.attempt + 1, autoRetries: run.autoRetries + 1 });
    case 'recovered': return running(base);
    case 'executed': return running({ ...base, output: event.output });
    case 'accepted': return {
      ...base, output: withText(run, event.text), status: 'completed',
      standing: { finishedAt: now, note: event.note ?? null },
    };
    case 'rejected': return { ...base, status: 'cancelled', standing: { finishedAt: now, by: event.by, reason: event.reason } };
    case 'expired': return { ...base, status: 'expired', standing: { finishedAt: now, approvalId: event.approvalId } };
    case 'extended': case 'noted': return base;
    case 'failed': return { ...base, status: 'failed', standing: { finishedAt: now, error: event.error } };
    case 'paused': return { ...base, status: 'paused', standing: { held: heldOf(run) } };
    case 'resumed': return release(base);
    case 'cancelled': return { ...base, status: 'cancelled', standing: { finishedAt: now, by: event.by, reason: event.reason } };
  }
}

/** What a launch cost comes with the event that tells of its end. */
function costAfter(run: Run, event: RunEvent): Run['cost'] {
  if (event.type === 'cancelled' && run.step === 'api_call' && isAtProvider(run)) return withLaunchCost(run.cost, run.attempt, CALLED_OFF);
  const cost = 'cost' in event ? event.cost : null;
  return cost ? withLaunchCost(run.cost, run.attempt, cost) : run.cost;
}

/** No answer about the current launch is on record: it may be under way. */
function isAtProvider(run: Run): boolean {
  return run.status === 'running' || (run.status === 'paused' && run.standing.held.status === 'running');
}

type Standing<R> = R extends { status: Status; standing: unknown } ? Omit<R, 'status' | 'standing'> : never;

function running(facts: Standing<Run>): RunIn<'running'> {
  return { ...facts, status: 'running', standing: {} };
}

function withText(run: Run, text: string | undefined): Run['output'] {
  if (text === undefined || run.output === null) return run.output;
  return { ...run.output, text };
}

function heldOf(run: Run): Held {
  if (run.status === 'awaiting_human') return { status: 'awaiting_human', ...run.standing };
  return { status: run.status === 'queued' ? 'queued' : 'running' };
}

function release(run: Run): Run {
  if (run.status !== 'paused') return run;
  const { held } = run.standing;
  if (held.status === 'awaiting_human') {
    return { ...run, status: 'awaiting_human', standing: { approvalId: held.approvalId, checkpoint: held.checkpoint } };
  }
  return held.status === 'queued' ? { ...run, status: 'queued', standing: {} } : running(run);
}

/** Events after which a person who was asked is still being waited for. */
const STILL_WAITING: ReadonlySet<RunEvent['type']> = new Set(['paused', 'resumed', 'noted']);

function timesAfter(run: Run, event: RunEvent, now: Instant): RunTimes {
  const launchNotBefore = event.type === 'relaunched' ? event.notBefore : event.type === 'approved' ? null : run.times.launchNotBefore;
  const times = { ...run.times, updatedAt: now, launchNotBefore };
  if (event.type === 'asked') return { ...times, waitingSince: now, expiresAt: event.approval.expiresAt };
  if (event.type === 'extended') return { ...times, expiresAt: event.expiresAt };
  if (event.type === 'executed') return { ...times, providerMs: times.providerMs + event.providerMs };
  if (run.times.waitingSince === null || STILL_WAITING.has(event.type)) return times;
  const waitedMs = Math.max(0, Date.parse(now) - Date.parse(run.times.waitingSince));
  return { ...times, waitingSince: null, expiresAt: null, humanReviewMs: times.humanReviewMs + waitedMs };
}

function effectsOf(run: Run, event: RunEvent, next: Run): Effect[] {
  switch (event.type) {
    case 'started': case 'prepared': case 'revised': case 'outdated': case 'executed': case 'returned':
      return [{ kind: 'advance' }];
    case 'asked': return [
      { kind: 'open_approval', approval: event.approval },
      { kind: 'arm_timer', approvalId: event.approval.approvalId, at: event.approval.expiresAt },
      ...reserved(next.attempt + 1, event.booking),
    ];
    case 'approved': return [{ kind: 'launch', attempt: next.attempt, notBefore: null }, ...reserved(next.attempt, event.booking)];
    case 'relaunched': return [{ kind: 'launch', attempt: next.attempt, notBefore: event.notBefore }, ...reserved(next.attempt, event.booking)];
    case 'recovered': return [{ kind: 'follow', attempt: run.attempt, jobId: event.jobId }];
    case 'extended': return [{ kind: 'arm_timer', approvalId: event.approvalId, at: event.expiresAt }];
    case 'resumed': return resumeEffects(next);
    case 'noted': {
      const { approvalId, wording } = event.note;
      return wording && approvalId !== null ? [{ kind: 'reword', approvalId, wording }] : [];
    }
    case 'paused': return [];
    case 'cancelled': case 'failed': case 'rejected': case 'expired': case 'accepted':
      return endEffects(run, event.type);
  }
}

function observed(event: RunEvent): Effect[] {
  return 'observed' in event && event.observed ? [{ kind: 'observe', observation: event.observed }] : [];
}

function reserved(attempt: number, booking: Booking | undefined): Effect[] {
  return booking ? [{ kind: 'reserve', attempt, booking }] : [];
}

/** Every doorbell that a paused run may have swallowed is rung again. */
function resumeEffects(next: Run): Effect[] {
  if (next.status === 'running' && next.step === 'api_call') {
    return [{ kind: 'launch', attempt: next.attempt, notBefore: next.times.launchNotBefore }, { kind: 'advance' }];
  }
  return [{ kind: 'advance' }];
}

function endEffects(run: Run, type: RunEvent['type']): Effect[] {
  const effects: Effect[] = [{ kind: 'cancel_approvals' }];
  // An accepted result has its launch behind it; every other end may come before a launch that money waits for.
  if (type !== 'accepted' && run.preparation !== null && microsOfEstimate(run.preparation.estimate) !== 0) effects.push({ kind: 'release' });
  if (type === 'cancelled' && run.step === 'api_call') effects.push({ kind: 'stop_job', attempt: run.attempt });
  return effects;
}

/** Ends of the story. */
export const hasEnded = (run: Run): boolean => isTerminal(run.status);
