/*
 * What this is: what a run cost, as the sum of what its launches cost.
 * Invariant: unknown stays unknown: a launch that nobody told the cost of is counted and said, never taken as free.
 */
import type { Launch, LaunchOutcome } from '../launch/launch';
import type { CostEstimate } from '../ports/ai-provider';
import { microsOf, microsOfEstimate, usdOf, type Micros } from './money';

/** What one launch cost; launches that cost nothing are not listed. */
export interface CostPart {
  attempt: number;
  /** US dollars; null = not known. */
  amount: number | null;
  basis: string;
}

/** A run's cost: `amount` is the sum of what is known, null when nothing is. */
export interface RunCost extends CostEstimate {
  /** Absent in rows from before launches were added up. */
  parts?: CostPart[];
}

/** What a launch that ended this way cost: proof that nothing was created is proof that it was free. */
export function costOfOutcome(outcome: LaunchOutcome): CostEstimate {
  switch (outcome.kind) {
    case 'succeeded': case 'failed': return outcome.cost ?? unknown('the provider did not tell');
    case 'refused': case 'consent_mismatch': case 'consent_stale': return free('nothing was created');
    case 'stopped': return outcome.billed ? unknown('it was stopped while it ran') : free('it ended before it ran');
    case 'unknown': return unknown('nobody knows whether it ran');
  }
}

/** What counts against the budget when a launch ends; null = what was set aside for it. */
export function actualMicros(outcome: LaunchOutcome): Micros | null {
  return microsOfEstimate(costOfOutcome(outcome));
}

/** The run's cost with this launch in it; the same launch again replaces what was said before. */
export function withLaunchCost(cost: RunCost | null, attempt: number, launch: CostEstimate): RunCost {
  const before = cost === null ? [] : cost.parts ?? [{ attempt: 0, amount: cost.amount, basis: cost.basis }];
  const others = before.filter((part) => part.attempt !== attempt);
  const part = { attempt, amount: launch.amount, basis: launch.basis };
  const parts = launch.amount === 0 ? others : [...others, part].sort((a, b) => a.attempt - b.attempt);
  return summed(parts, launch);
}

/** The same from what is on record, also for launches that ended after their run. */
export function costOfLaunches(launches: readonly Pick<Launch, 'attempt' | 'outcome'>[]): RunCost | null {
  return launches.reduce<RunCost | null>((cost, { attempt, outcome }) => (outcome === null ? cost : withLaunchCost(cost, attempt, costOfOutcome(outcome))), null);
}

/** A launch that is under way when its run is called off. */
export const CALLED_OFF = unknown('called off before its cost was known');

function summed(parts: CostPart[], newest: CostEstimate): RunCost {
  const [only] = parts;
  if (!only) return { amount: 0, currency: 'USD', basis: newest.basis, parts };
  if (parts.length === 1) return { amount: only.amount, currency: 'USD', basis: only.basis, parts };
  const known = parts.filter((part) => part.amount !== null);
  const amount = known.length === 0 ? null : usdOf(known.reduce((sum, part) => sum + microsOf(part.amount ?? 0), 0));
  const missing = parts.length - known.length;
  const basis = `${parts.length} launches: ${parts.map((part) => (part.amount === null ? `unknown (${part.basis})` : `$${part.amount}`)).join(' + ')}`;
  return { amount, currency: 'USD', basis: missing > 0 && known.length > 0 ? `at least; ${basis}` : basis, parts };
}

function unknown(basis: string): CostEstimate {
  return { amount: null, currency: 'USD', basis };
}

function free(basis: string): CostEstimate {
  return { amount: 0, currency: 'USD', basis };
}
