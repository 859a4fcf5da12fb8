/*
 * What this is: rings doorbells right after the commit they belong to, so that nothing on the path waits for a timer.
 * Invariant: a doorbell is deleted from the outbox only after Redis took it (4); whatever fails here stays in the
 * outbox and the relay rings it later.
 */
import { JOBS, type JobName } from '@countersign/contracts';
import type { Outbox, StoredBell } from '@countersign/core';
import type { Publisher, Ring } from './publisher';

/** Deletes of rung doorbells are gathered this long, ms: they are on nobody's path. */
const GATHER_MS = 25;

/** Longest that a caller waits for Redis to take its doorbells, ms: it answers in a millisecond, or it is away. */
const RING_TIMEOUT_MS = 1_000;

export class Doorbells {
  private rung: string[] = [];
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly publisher: Publisher,
    private readonly outbox: Outbox,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** Never throws: a doorbell that could not be rung is in the outbox. */
  async ring(bells: StoredBell[], now = Date.now()): Promise<void> {
    if (bells.length === 0) return;
    const known = bells.filter((bell) => this.isKnown(bell));
    try {
      await inTime(this.publisher.ringAll(known.map((bell) => toRing(bell, now))));
      this.forget(known.map(({ id }) => id));
    } catch (error) {
      this.onTrouble(error);
    }
  }

  /** One doorbell that nobody can ring must not keep the others from being rung. */
  private isKnown(bell: StoredBell): boolean {
    if (isJobName(bell.job)) return true;
    this.onTrouble(unknownJob(bell.job));
    return false;
  }

  /** Waits until all rung doorbells are out of the outbox. */
  async settle(): Promise<void> {
    this.flush();
    await this.running;
  }

  private forget(ids: string[]): void {
    this.rung.push(...ids.filter((id) => id !== ''));
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const ids = this.rung;
    this.rung = [];
    if (ids.length === 0) return;
    this.running = this.running.then(() => this.outbox.markRung(ids)).catch((error: unknown) => this.onTrouble(error));
  }
}

/** A doorbell that Redis takes later after all rings twice: harmless. */
async function inTime(ringing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis took no doorbell within ${RING_TIMEOUT_MS} ms`)), RING_TIMEOUT_MS);
  });
  try {
    await Promise.race([ringing, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A stored doorbell as a job; its name is checked because rows outlive deployments. */
export function toRing(bell: { job: string; data: object; notBefore: string | null }, now: number, again?: string): Ring {
  if (!isJobName(bell.job)) throw unknownJob(bell.job);
  const delayMs = bell.notBefore === null ? 0 : Math.max(0, Date.parse(bell.notBefore) - now);
  return { job: bell.job, data: bell.data as Ring['data'], delayMs, ...(again === undefined ? {} : { again }) };
}

export const isJobName = (name: string): name is JobName => Object.hasOwn(JOBS, name);
const unknownJob = (name: string): Error => new Error(`no job is named ${name}`);
