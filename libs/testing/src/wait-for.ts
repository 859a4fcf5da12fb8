export interface WaitOptions {
  /** What is waited for, for the message: "the run to be completed". */
  what: string;
  timeoutMs?: number;
  intervalMs?: number;
}

/** Shorter than a test may take, so that it is told what was waited for; long enough for a machine that is busy with other things. */
const TIMEOUT_MS = 30_000;
/** Often enough that no test is slower for it, rarely enough that a database is not flooded. */
const INTERVAL_MS = 15;

/**
 * Calls `look` until it gives something other than undefined, null or false, and returns that. A rejection counts as "not yet".
 * @throws Error naming `what`, the time, and how the last look ended
 */
export async function waitFor<T>(look: () => Promise<T> | T, options: WaitOptions): Promise<NonNullable<Exclude<T, false>>> {
  const { what, timeoutMs = TIMEOUT_MS, intervalMs = INTERVAL_MS } = options;
  const deadline = Date.now() + timeoutMs;
  let last = 'nothing came';
  for (;;) {
    try {
      const found = await look();
      if (found !== undefined && found !== null && found !== false) return found as NonNullable<Exclude<T, false>>;
      last = `the last look gave ${String(found)}`;
    } catch (error) {
      last = `the last look failed: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() >= deadline) throw new Error(`waited ${timeoutMs} ms for ${what}; ${last}`);
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}
