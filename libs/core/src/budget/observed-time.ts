import type { CostEstimate } from '../ports/ai-provider';
import { microsOf, usdOf } from './money';

/** How long a model version ran lately, at this installation. */
export interface ObservedTime {
  /** Median of the billed seconds. */
  seconds: number;
  /** Runs that it is the median of. */
  runs: number;
}

/** Runs that a median is made of at most: enough to be steady, few enough to follow a model that became faster. */
export const OBSERVED_RUNS = 50;

/** Fewer runs than this say nothing about the next one. */
const FEWEST_RUNS = 3;

/** An estimate that lacks only the time, completed with the time that was observed; otherwise as it was. */
export function withObservedTime({ usdPerSecond, ...estimate }: CostEstimate, observed: ObservedTime | null): CostEstimate {
  if (estimate.amount !== null || usdPerSecond === undefined || observed === null || observed.runs < FEWEST_RUNS) return estimate;
  const seconds = Number(observed.seconds.toFixed(3));
  return {
    ...estimate, amount: usdOf(microsOf(usdPerSecond * seconds)),
    basis: `hardware at $${usdPerSecond} a second × ${seconds} s, the median of ${observed.runs} runs`,
  };
}
