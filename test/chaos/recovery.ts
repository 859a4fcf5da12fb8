import type { CountersignClient } from '@countersign/client';
import { setTimeout as pause } from 'node:timers/promises';
import type { Load } from './load';
import { CALL_MS, persevere } from './persevere';

const LOOK_MS = 25;

/** How long the house is away after a blow: until a run asked for at that moment, which needs nobody, is completed. */
export class Recovery {
  /** Milliseconds each. */
  readonly times: number[] = [];
  private readonly open: Promise<void>[] = [];
  private count = 0;

  constructor(private readonly client: CountersignClient, private readonly load: Load, private readonly signal: AbortSignal) {}

  measure(): void {
    this.open.push(this.once().catch(() => undefined));
  }

  async once(): Promise<void> {
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
    this.times.push(performance.now() - begunAt);
  }

  /** Takes what was measured so far away. */
  reset(): number[] {
    return this.times.splice(0);
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
