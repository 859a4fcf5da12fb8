/*
 * What this is: the way of one channel through this process. Slow channels wait here, so that quick ones need not.
 * Invariant: whatever a lane promises to tell later is noted in the store first.
 */
import type { Logger } from '@countersign/service-kit';
import type { Instant } from '@countersign/core';
import type { TellRun } from './tell-run';

export interface LaneParts {
  tellRun: TellRun;
  /** Runs told at once; each holds a database connection meanwhile. */
  slots: number;
  /** Rings again at the given instant; may fail, because the sweeper stands behind it. */
  ringAt(runId: string, channel: string, at: Instant): Promise<void>;
  logger: Logger;
}

/** A run that waits here is found by the sweeper after this, ms, if this process dies. */
const NOTED_FOR_MS = 60_000;
/** Runs that may wait in this process; the others wait in the store alone. */
const WAITING_MOST = 10_000;
/** A busy lane is given this long before the job goes on without it, ms: quick channels never need it. */
const PATIENCE_MS = 250;

export class ChannelLane {
  private readonly active = new Map<string, { again: boolean }>();
  private readonly waiting = new Set<string>();
  private readonly patient = new Set<() => void>();
  private readonly detached = new Set<Promise<void>>();
  private taken = 0;

  constructor(private readonly parts: LaneParts) {}

  /** Resolves when the run is told, will be told by a call that is under way, or is noted to be told later. */
  async tell(runId: string): Promise<void> {
    if (this.isUnderWay(runId)) return;
    if (this.waiting.size === 0 && (await this.takeSlot())) {
      if (this.isUnderWay(runId)) return this.freeSlot();
      return this.work(runId);
    }
    await this.parts.tellRun.note(runId, NOTED_FOR_MS);
    if (this.waiting.size < WAITING_MOST) this.waiting.add(runId);
    if (this.taken < this.parts.slots) this.startWaiting();
  }

  /** Waits for what is being told; what only waits stays noted in the store. */
  async close(): Promise<void> {
    this.waiting.clear();
    await Promise.allSettled([...this.detached]);
  }

  private isUnderWay(runId: string): boolean {
    const underWay = this.active.get(runId);
    if (underWay) underWay.again = true;
    return underWay !== undefined || this.waiting.has(runId);
  }

  private async work(runId: string): Promise<void> {
    const state = { again: true };
    this.active.set(runId, state);
    try {
      while (state.again) {
        state.again = false;
        await this.tellOnce(runId, state);
      }
    } finally {
      this.active.delete(runId);
      this.freeSlot();
    }
  }

  private async tellOnce(runId: string, state: { again: boolean }): Promise<void> {
    const { tellRun, ringAt, logger } = this.parts;
    const nextTryAt = await tellRun.tell(runId);
    if (nextTryAt === null) return;
    state.again = false;
    await ringAt(runId, tellRun.channel.name, nextTryAt).catch((error: unknown) => {
      logger.warn({ err: error, run_id: runId }, 'the next try is left to the sweeper');
    });
  }

  private async takeSlot(): Promise<boolean> {
    if (this.taken < this.parts.slots) {
      this.taken += 1;
      return true;
    }
    return new Promise((resolve) => {
      const settle = (got: boolean): void => {
        clearTimeout(timer);
        this.patient.delete(onFree);
        resolve(got);
      };
      const onFree = (): void => settle(true);
      const timer = setTimeout(() => settle(false), PATIENCE_MS);
      this.patient.add(onFree);
    });
  }

  /** The slot goes to whoever has waited longest. */
  private freeSlot(): void {
    const [next] = this.patient;
    if (next) return next();
    this.taken -= 1;
    this.startWaiting();
  }

  private startWaiting(): void {
    const [runId] = this.waiting;
    if (runId === undefined) return;
    this.waiting.delete(runId);
    this.taken += 1;
    const work = this.work(runId).catch((error: unknown) => {
      this.parts.logger.warn({ err: error, run_id: runId }, 'a run could not be told; it is noted for later');
    });
    this.detached.add(work);
    void work.finally(() => this.detached.delete(work));
  }
}
