const WINDOW_MS = 60_000;

/** Creates per minute, told in `ratelimit-remaining` and `ratelimit-reset` as the API does. */
export class RateLimit {
  private windowStart = 0;
  private used = 0;

  constructor(private readonly perMinute: number) {}

  take(): { refused: boolean; resetSeconds: number; headers: Record<string, string> } {
    const now = Date.now();
    if (now - this.windowStart >= WINDOW_MS) {
      this.windowStart = now;
      this.used = 0;
    }
    const refused = this.used >= this.perMinute;
    if (!refused) this.used += 1;
    const resetSeconds = refused ? Math.ceil((this.windowStart + WINDOW_MS - now) / 1000) : 1;
    return { refused, resetSeconds, headers: { 'ratelimit-remaining': String(this.perMinute - this.used), 'ratelimit-reset': String(resetSeconds) } };
  }
}
