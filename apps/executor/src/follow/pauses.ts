/** First pause before a running job is looked at, ms: quick models answer within it. */
const FIRST_MS = 250;
/** Longest pause between two looks, ms: polling stands behind call-backs and must not be felt by the provider. */
const LONGEST_MS = 10_000;
const GROWTH = 1.5;

/** Pause before look number `check` (0, 1, 2 …), in ms. */
export function pauseBefore(check: number): number {
  return Math.min(LONGEST_MS, Math.round(FIRST_MS * GROWTH ** check));
}
