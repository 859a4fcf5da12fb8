import { addMs, type Instant } from '@countersign/core';

const SHORTEST_MS = 1_000;
const LONGEST_MS = 5 * 60_000;
/** A notice that nobody could be told for so long is of no use any more, ms. */
const GIVE_UP_MS = 7 * 24 * 3_600_000;

/**
 * When to try an untold event again: the older it is, the longer the pause (half its age, 1 s … 5 min), so that the pauses
 * grow by half each time, without a counter that would have to be kept.
 */
export function nextTryAt(eventAt: Instant, now: Instant, notBeforeMs = 0): Instant {
  const ageMs = Math.max(0, Date.parse(now) - Date.parse(eventAt));
  const at = addMs(now, Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.round(ageMs / 2))));
  return Date.parse(at) >= notBeforeMs ? at : new Date(notBeforeMs).toISOString();
}

export function isTooOld(eventAt: Instant, now: Instant): boolean {
  return Date.parse(now) - Date.parse(eventAt) > GIVE_UP_MS;
}
