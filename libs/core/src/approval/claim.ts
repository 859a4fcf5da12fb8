import { addMs, type Instant } from '../json';

/** Longest that a claim lasts without being claimed again: as long as a careful look at one card takes, and short enough that a closed laptop keeps nobody away. */
export const CLAIM_MS = 10 * 60 * 1000;

/** "I am looking at this." Tells the others; it keeps nobody from deciding. */
export interface Claim {
  /** User id, without `human:`. */
  by: string;
  at: Instant;
  until: Instant;
}

export function claimBy(userId: string, now: Instant): Claim {
  return { by: userId, at: now, until: addMs(now, CLAIM_MS) };
}
