import type { CountersignClient } from '@countersign/client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Load } from './load';
import { CALL_MS, persevere } from './persevere';

const LOOK_MS = 25;
/** Not after a blow. */
export const CALM = 'calm';

export interface Recovered {
  /** The blow, in words; CALM without one. */
  after: string;
  ms: number;
}

/** How long the house is away after a blow: until a run asked for at that moment, which needs nobody, is completed. */
export class Recovery {
  readonly times: Recovered[] = [];
  private readonly open: Promise<void>[] = [];
  private count = 0;

  constructor(private readonly client: CountersignClient, private readonly load: Load, private readonly signal: AbortSignal) {}

  measure(after: string): void {
    this.open.push(this.once(after).catch(() => undefined));
  }

  async once(after: string): Promise<void> {
    const begunAt = performance.now();
    this.count += 1;
    const runId = await this.load.start({
      run_input: { prompt: 'Are you there?', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'auto' },
    }, `probe-${this.count}`);
    for (;;) {
      const { status } = await persevere(() => this.client.status(runId, { timeoutMs: CALL_MS }), this.signal);
      if (status === 'completed') break;
      await pause(LOOK_MS, undefined, { signal: this.signal });
    }
    this.times.push({ after, ms: performance.now() - begunAt });
  }

  async done(): Promise<void> {
    await Promise.all(this.open);
  }
}

/** The value below which `share` of them lie; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
