import { CountersignError } from '@countersign/client';
import { setTimeout as pause } from 'node:timers/promises';

/** Longest wait for one answer of a gateway that may just have died, ms. */
export const CALL_MS = 5_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

/** No answer, or one that says "not now": the caller cannot know whether it happened. */
function isUnsure(error: unknown): boolean {
  return !(error instanceof CountersignError) || error.status === 0 || error.status === 429 || error.status >= 500;
}

/** Asks again, in the same words, until the house answers; what it refuses is thrown. */
export async function persevere<T>(ask: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || !isUnsure(error)) throw error;
    }
    await pause(pauseMs, undefined, { signal });
  }
}
