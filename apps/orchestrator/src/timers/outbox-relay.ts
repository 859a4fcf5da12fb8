/*
 * What this is: rings doorbells that were committed but never rung, because their process died or Redis was away.
 * Invariant: nobody waits for it on the normal path; doorbells ring right after their commit (libs/queues doorbells).
 */
import type { Clock, Outbox } from '@countersign/core';
import { isJobName, toRing, type Publisher } from '@countersign/queues';

/** A doorbell that is still in the outbox after this long was not rung by its own process, ms. */
const UNRUNG_AFTER_MS = 2_000;
const BATCH = 500; // doorbells per round: a full second of the house's fastest pace

export class OutboxRelay {
  constructor(private readonly outbox: Outbox, private readonly publisher: Publisher, private readonly clock: Clock) {}

  /** Rings one batch; the number rung. */
  async relay(): Promise<number> {
    const bells = await this.outbox.unrung(UNRUNG_AFTER_MS, BATCH);
    if (bells.length === 0) return 0;
    const nowMs = Date.parse(this.clock.now());
    // A row with a job name this version does not know stays: a newer version's relay rings it.
    const known = bells.filter(({ job }) => isJobName(job));
    await this.publisher.ringAll(known.map((bell) => toRing(bell, nowMs)));
    await this.outbox.markRung(known.map(({ id }) => id));
    return known.length;
  }
}
