/*
 * What this is: waiting for something to become true without asking again and again.
 * Invariant: subscribe first, look then, so that nothing that happens in between is missed; a signal is only a reason to
 * look again, what is believed is what `look` finds. Without Redis it looks at the start and at the end.
 */
import type { LiveState, Signal } from '@countersign/core';

export interface WatchOptions {
  topic: string;
  timeoutMs: number;
  /** Ends the wait early, e.g. when the caller hung up. */
  abort?: AbortSignal;
  /** Signals that are worth a look; all when absent. */
  wakes?: (signal: Signal) => boolean;
}

/** What `look` finds, as soon as it finds something; null when the time is over. */
export async function watchUntil<T>(live: LiveState, options: WatchOptions, look: () => Promise<T | null>): Promise<T | null> {
  const wait = new Wait(options);
  const unwatch = await live.watch(options.topic, (signal) => wait.heard(signal)).catch(() => null);
  try {
    for (;;) {
      const found = await look();
      if (found !== null || wait.isOver) return found;
      await wait.untilHeard();
    }
  } finally {
    wait.end();
    await unwatch?.();
  }
}

class Wait {
  isOver = false;
  private isWoken = false;
  private wake: () => void = () => undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly stop = (): void => {
    this.isOver = true;
    this.heard();
  };

  constructor(private readonly options: WatchOptions) {
    this.timer = setTimeout(this.stop, options.timeoutMs);
    if (options.abort?.aborted) this.stop();
    options.abort?.addEventListener('abort', this.stop, { once: true });
  }

  heard(signal?: Signal): void {
    if (signal && this.options.wakes?.(signal) === false) return;
    this.isWoken = true;
    this.wake();
  }

  async untilHeard(): Promise<void> {
    if (!this.isWoken) await new Promise<void>((resolve) => (this.wake = resolve));
    this.isWoken = false;
  }

  end(): void {
    clearTimeout(this.timer);
    this.options.abort?.removeEventListener('abort', this.stop);
  }
}
