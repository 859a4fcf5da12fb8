import type { Clock, LaunchStore } from '@countersign/core';
import { leaseEnd, RENEW_MS } from './lease';

/** Launches this process is busy with. While it is, their rows say that nobody else need look. */
export class AtWork {
  private readonly launchIds = new Set<string>();

  constructor(private readonly launches: LaunchStore, private readonly clock: Clock) {}

  has(launchId: string): boolean {
    return this.launchIds.has(launchId);
  }

  async during(launchId: string, work: () => Promise<void>): Promise<void> {
    this.launchIds.add(launchId);
    const renew = setInterval(() => {
      void this.launches.scheduleCheck(launchId, leaseEnd(this.clock.now())).catch(() => undefined);
    }, RENEW_MS);
    try {
      await work();
    } finally {
      clearInterval(renew);
      this.launchIds.delete(launchId);
    }
  }
}
