import type { PolicyName } from '@countersign/core';
import { SERVICES, type ServiceName } from '../harness/house';
import { Dice } from './dice';

/*
 * What this is: everything that a seed decides before anything runs: who is struck when, and which runs are asked for.
 * Invariant: pure; the same seed, seconds and number of runs give the same schedule.
 */

export type Victim = ServiceName | 'postgres' | 'redis';
export const VICTIMS: readonly Victim[] = [...SERVICES, 'postgres', 'redis'];

export type Blow = { atMs: number } & ({ do: 'kill'; victim: Victim } | { do: 'flush' });

export interface PlannedRun {
  n: number;
  atMs: number;
  policy: PolicyName;
  provider: string;
  model: string;
  parameters: Record<string, number | string>;
  /** `leave`: its first card stays unanswered until the storm is over. `cancel`, `hold`: somebody calls it off, or stops it for a while. */
  fate: 'usual' | 'leave' | 'cancel' | 'hold';
}

export interface Storm {
  seed: number;
  /** How long blows fall. */
  seconds: number;
  /** Runs asked for meanwhile. */
  runs: number;
}

/** "Every few seconds." */
const PAUSE_MS = [2_000, 6_000] as const;
/** Share of blows that fall together with the next one. */
const TOGETHER = 0.15;
/** Runs come in the first part, so that the last ones are struck too. */
const LOADING_SHARE = 0.9;

const WEIGHTS: readonly (readonly [Victim, number])[] = [
  ['orchestrator', 4], ['executor', 4], ['gateway', 3], ['notifier', 2], ['postgres', 3], ['redis', 3],
];

/** Each victim once in the dealt order, then by weight; Redis is emptied once, halfway. */
export function blowsOf({ seed, seconds }: Storm): Blow[] {
  const dice = new Dice(seed, 'blows');
  const first = [...VICTIMS];
  const blows: Blow[] = [{ atMs: seconds * 500, do: 'flush' }];
  for (let atMs = dice.between(...PAUSE_MS); atMs < seconds * 1000; atMs += dice.chance(TOGETHER) ? 0 : dice.between(...PAUSE_MS)) {
    const victim = first.length > 0 ? first.splice(Math.floor(dice.next() * first.length), 1)[0] : undefined;
    blows.push({ atMs: Math.round(atMs), do: 'kill', victim: victim ?? dice.pick(WEIGHTS) });
  }
  return blows.sort((one, other) => one.atMs - other.atMs);
}

/** `job`: answers later, so that an executor can die while it runs. */
const KINDS: readonly (readonly [Pick<PlannedRun, 'provider' | 'model'>, number])[] = [
  [{ provider: 'replicate', model: 'black-forest-labs/flux-schnell' }, 4],
  [{ provider: 'scripted', model: 'scripted/echo' }, 3],
  [{ provider: 'scripted', model: 'scripted/job' }, 2],
  [{ provider: 'scripted', model: 'scripted/image' }, 1],
];
const POLICIES: readonly (readonly [PolicyName, number])[] = [['require_human', 3], ['auto', 2], ['auto_with_thresholds', 2]];
const FATES: readonly (readonly [PlannedRun['fate'], number])[] = [['usual', 88], ['leave', 4], ['cancel', 4], ['hold', 4]];
const JOB_MS = [200, 4_000] as const;
const DOUBTED = 0.3;

export function runsOf({ seed, seconds, runs }: Storm): PlannedRun[] {
  const dice = new Dice(seed, 'runs');
  const gapMs = (seconds * 1000 * LOADING_SHARE) / runs;
  return Array.from({ length: runs }, (_, n) => {
    const kind = dice.pick(KINDS);
    const parameters: PlannedRun['parameters'] = {};
    if (kind.model === 'scripted/job') parameters['delay_ms'] = Math.round(dice.between(...JOB_MS));
    // Sometimes the look at the answer has a doubt, which asks where thresholds are set.
    if (kind.provider === 'scripted' && dice.chance(DOUBTED)) parameters['quality'] = 0.4;
    return { n, atMs: Math.round((n + dice.next()) * gapMs), policy: dice.pick(POLICIES), ...kind, fate: dice.pick(FATES), parameters };
  });
}
