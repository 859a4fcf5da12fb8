import { setTimeout as sleep } from 'node:timers/promises';

/** Where scripted runs get their time from; a test hands in its own. */
export interface ScriptedTimer {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemTimer: ScriptedTimer = {
  now: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
};
