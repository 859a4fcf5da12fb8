/*
 * What this is: THE table of a run's legal moves. The README's state diagram is drawn from it.
 * Invariant: what is not in this table does not happen; terminal statuses have no row.
 * To extend: add a row, then the event's case in transition.ts (the compiler asks for it), then run
 * `npm run docs:diagram`.
 */
import type { RunEventType } from './events';
import type { Status, Step } from './words';

export interface TransitionRow {
  on: RunEventType;
  from: readonly Status[];
  /** Steps at which the event is legal. */
  at: readonly Step[];
  /** `same` keeps the status; `held` returns to what a pause interrupted. */
  to: Status | 'same' | 'held';
  step: Step | 'same';
}

const LIVE = ['queued', 'running', 'awaiting_human', 'paused'] as const;
const ANY_LIVE_STEP = ['created', 'information_review', 'payload_review', 'api_call', 'response_review'] as const;
const ASKING_STEPS = ['information_review', 'payload_review', 'api_call', 'response_review'] as const;

export const TRANSITIONS: readonly TransitionRow[] = [
  { on: 'started', from: ['queued'], at: ['created'], to: 'running', step: 'information_review' },
  { on: 'prepared', from: ['running'], at: ['information_review'], to: 'running', step: 'payload_review' },
  { on: 'asked', from: ['running'], at: ASKING_STEPS, to: 'awaiting_human', step: 'same' },
  { on: 'revised', from: ['awaiting_human'], at: ['information_review', 'payload_review', 'api_call'], to: 'running', step: 'information_review' },
  { on: 'approved', from: ['running'], at: ['payload_review'], to: 'running', step: 'api_call' },
  { on: 'approved', from: ['awaiting_human'], at: ['payload_review', 'api_call', 'response_review'], to: 'running', step: 'api_call' },
  { on: 'returned', from: ['awaiting_human'], at: ['payload_review', 'api_call', 'response_review'], to: 'running', step: 'same' },
  { on: 'outdated', from: ['running'], at: ['api_call'], to: 'running', step: 'information_review' },
  { on: 'outdated', from: ['awaiting_human'], at: ['payload_review', 'api_call', 'response_review'], to: 'running', step: 'information_review' },
  { on: 'relaunched', from: ['running'], at: ['api_call'], to: 'running', step: 'same' },
  { on: 'recovered', from: ['awaiting_human'], at: ['api_call'], to: 'running', step: 'same' },
  { on: 'executed', from: ['running'], at: ['api_call'], to: 'running', step: 'response_review' },
  { on: 'accepted', from: ['running'], at: ['response_review'], to: 'completed', step: 'completed' },
  { on: 'accepted', from: ['awaiting_human'], at: ['api_call', 'response_review'], to: 'completed', step: 'completed' },
  { on: 'rejected', from: ['awaiting_human'], at: ASKING_STEPS, to: 'cancelled', step: 'same' },
  { on: 'expired', from: ['awaiting_human'], at: ASKING_STEPS, to: 'expired', step: 'same' },
  { on: 'extended', from: ['awaiting_human'], at: ASKING_STEPS, to: 'same', step: 'same' },
  { on: 'noted', from: LIVE, at: ANY_LIVE_STEP, to: 'same', step: 'same' },
  { on: 'failed', from: ['queued', 'running'], at: ANY_LIVE_STEP, to: 'failed', step: 'same' },
  { on: 'paused', from: ['queued', 'running', 'awaiting_human'], at: ANY_LIVE_STEP, to: 'paused', step: 'same' },
  { on: 'resumed', from: ['paused'], at: ANY_LIVE_STEP, to: 'held', step: 'same' },
  { on: 'cancelled', from: LIVE, at: ANY_LIVE_STEP, to: 'cancelled', step: 'same' },
];

/** The row that allows `on` for a run that stands at `status` and `step`, if there is one. */
export function rowFor(on: RunEventType, status: Status, step: Step): TransitionRow | undefined {
  return TRANSITIONS.find((row) => row.on === on && row.from.includes(status) && row.at.includes(step));
}

/** Events that are legal for a run at `status` and `step`. */
export function legalEvents(status: Status, step: Step): RunEventType[] {
  return [...new Set(TRANSITIONS.filter((row) => row.from.includes(status) && row.at.includes(step)).map((row) => row.on))];
}
