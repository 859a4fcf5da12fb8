const MINUTE_MS = 60_000;

/** Creates per window (a minute, or shorter for a test that cannot wait for one), told in `ratelimit-remaining` and `ratelimit-reset` as the API does. */
export class RateLimit {
  private windowStart = 0;
  private used = 0;

  constructor(private readonly perWindow: number, private readonly windowMs = MINUTE_MS) {}

  take(): { refused: boolean; resetSeconds: number; headers: Record<string, string> } {
    const now = Date.now();
    if (now - this.windowStart >= this.windowMs) {
      this.windowStart = now;
      this.used = 0;
    }
    const refused = this.used >= this.perWindow;
    if (!refused) this.used += 1;
    const resetSeconds = refused ? Math.ceil((this.windowStart + this.windowMs - now) / 1000) : 1;
    return { refused, resetSeconds, headers: { 'ratelimit-remaining': String(this.perWindow - this.used), 'ratelimit-reset': String(resetSeconds) } };
  }
}
