/** Pause after the first failure of a channel, ms; doubles with each one after it. */
const FIRST_PAUSE_MS = 1_000;
/** Longest pause, ms: how late an outage's end may be noticed. */
const LONGEST_PAUSE_MS = 15_000;

/** Remembers that a channel is out of order, so that nobody waits for it and nobody hammers it. Times in epoch ms. */
export class Outage {
  private failures = 0;
  private pausedUntilMs = 0;

  /** The instant before which nothing should be sent, null when the channel may be used. */
  pausedUntil(nowMs: number): number | null {
    return nowMs < this.pausedUntilMs ? this.pausedUntilMs : null;
  }

  failed(nowMs: number): void {
    if (this.pausedUntil(nowMs) !== null) return;
    this.pausedUntilMs = nowMs + Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures += 1;
  }

  worked(): void {
    this.failures = 0;
    this.pausedUntilMs = 0;
  }
}
