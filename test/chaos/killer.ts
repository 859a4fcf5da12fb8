import { waitFor } from '@countersign/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { SERVICES, type House, type ServiceName } from '../harness/house';
import type { Blow, Victim } from './schedule';

/** Postgres or Redis, with somebody who starts it again on the same data. */
export interface KeptServer {
  /** `kill -9`, then up again on its old address; resolves when it answers. */
  killAndRevive(): Promise<void>;
}

export interface Servers {
  postgres: KeptServer;
  redis: KeptServer;
  /** In a few words. */
  redisKind: string;
}

/** A supervisor's pause before it starts a dead service again, ms: that of `npm start`. */
const RESTART_MS = 500;
const FLUSH_MS = 60_000;
/** Characters of a log line in the report: with the beginning of its stack. */
const WORDS_MAX = 1_500;

/** Keeps the four services up, as a supervisor would, and ends them, and the servers, as nobody should. */
export class Killer {
  readonly struck: Partial<Record<Victim | 'flush', number>> = {};
  /** Services that were ready and ended although nobody killed them, and servers that could not be started again. */
  readonly died: string[] = [];
  /** Starts that failed, as they may while Postgres or Redis is away. */
  failedStarts = 0;
  private isOver = false;
  private readonly ordered = new Set<ServiceName>();
  private readonly reviving = new Set<Victim>();

  constructor(private readonly house: House, private readonly servers: Servers, private readonly isBack: (victim: Victim, ms: number) => void) {}

  /** The services are up already. */
  keepUp(): void {
    for (const service of SERVICES) void this.keep(service);
  }

  /** One who is down already is spared; resolves to whether somebody was struck. */
  async strike(blow: Blow): Promise<boolean> {
    if (blow.do === 'flush') {
      // Just when Redis is being started again, it has to be asked once more.
      await waitFor(() => this.house.flushRedis().then(() => true), { what: 'Redis to be emptied', timeoutMs: FLUSH_MS });
      return this.note('flush');
    }
    const { victim } = blow;
    if (victim === 'postgres' || victim === 'redis') {
      if (this.reviving.has(victim)) return false;
      this.reviving.add(victim);
      const struckAt = performance.now();
      void this.servers[victim].killAndRevive().then(() => this.isBack(victim, performance.now() - struckAt))
        .catch((error: unknown) => this.died.push(`${victim} did not come back: ${String(error)}`))
        .finally(() => this.reviving.delete(victim));
      return this.note(victim);
    }
    if (!this.house.alive(victim)) return false;
    this.ordered.add(victim);
    await this.house.kill(victim);
    return this.note(victim);
  }

  /** From now on nobody is started again. */
  stop(): void {
    this.isOver = true;
  }

  private note(victim: Victim | 'flush'): true {
    this.struck[victim] = (this.struck[victim] ?? 0) + 1;
    return true;
  }

  private async keep(service: ServiceName): Promise<void> {
    while (!this.isOver) {
      const how = await this.house.ended(service);
      if (this.isOver) return;
      if (!this.ordered.delete(service)) this.died.push(`${service} (${how}): ${lastWords(this.house.log(service))}`);
      const struckAt = performance.now();
      await this.revive(service);
      this.isBack(service, performance.now() - struckAt);
    }
  }

  private async revive(service: ServiceName): Promise<void> {
    for (;;) {
      await pause(RESTART_MS);
      if (this.isOver) return;
      // One that is neither ready nor dead in time counts as hung.
      await this.house.kill(service);
      const isUp = await this.house.start(service).then(() => true, () => false);
      if (isUp) return;
      // Struck again while it was starting, or its servers are away: both are a supervisor's daily bread.
      if (!this.ordered.delete(service)) this.failedStarts += 1;
    }
  }
}

/** Why it ended, where it said so; what failed meanwhile may come after that. */
function lastWords(log: string): string {
  const lines = log.trim().split('\n');
  return (lines.findLast((line) => line.includes('"level":"fatal"')) ?? lines.at(-1) ?? '').slice(0, WORDS_MAX);
}
