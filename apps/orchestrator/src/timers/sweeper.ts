/*
 * What this is: stands behind every timer and doorbell. Finds in Postgres what should have moved by now and rings again.
 * Invariant: flush Redis, and everything goes on from here (1).
 * To extend: a new wait is a query in persistence's overdue store.
 */
import type { Clock, Overdue } from '@countersign/core';
import { toRing, type Publisher } from '@countersign/queues';

/** Doorbells of each kind per sweep; what is left comes with the next one. */
const BATCH = 500;

export class Sweeper {
  constructor(private readonly overdue: Overdue, private readonly publisher: Publisher, private readonly clock: Clock) {}

  /** Rings what is overdue; the number rung. */
  async sweep(): Promise<number> {
    const now = this.clock.now();
    const bells = await this.overdue.bells(now, BATCH);
    await this.publisher.ringAgain(bells.map((bell) => toRing(bell, Date.parse(now))), Date.parse(now));
    return bells.length;
  }
}
