import type { Instant } from '../json';
import type { Bell } from './outbox';

/** Finds what should have moved by now: the sweeper that stands behind every timer and every doorbell. */
export abstract class Overdue {
  /** Doorbells to ring (again), at most `limit` of each kind; ringing one too many is harmless. */
  abstract bells(now: Instant, limit: number): Promise<Bell[]>;
}
