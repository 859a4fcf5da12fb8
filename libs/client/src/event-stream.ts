import type { StepHistoryEntry } from '@countersign/contracts';
import { CountersignError } from './countersign-error';
import type { RestDoor } from './rest-door';
import { parseServerSentEvents } from './server-sent-events';

/** The server sends a heartbeat at least every 30 s; twice that and a half of silence means a dead line. */
const SILENCE_LIMIT_MS = 75_000;
/** First pause before connecting again; doubles up to the limit, starts over after each event. */
const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 10_000;

/** The last four words of a run; after one of these no event follows. */
const TERMINAL: readonly string[] = ['completed', 'failed', 'cancelled', 'expired'];

export function isTerminalStatus(status: string): boolean {
  return TERMINAL.includes(status);
}

export interface EventStreamOptions {
  signal?: AbortSignal;
  /** Start after this `seq`; from the beginning when absent. */
  lastEventId?: number;
}

/**
 * Every step event of a run, in order and each once, until the run has ended. Lost connections are resumed with
 * `Last-Event-ID`. Throws what the server refuses (404, 401 …); aborting `signal` ends it quietly.
 */
export async function* runEvents(door: RestDoor, runId: string, options: EventStreamOptions = {}): AsyncGenerator<StepHistoryEntry, void> {
  let last = options.lastEventId ?? 0;
  let pauseMs = RECONNECT_FIRST_MS;
  while (!options.signal?.aborted) {
    try {
      for await (const entry of oneConnection(door, runId, last, options.signal)) {
        pauseMs = RECONNECT_FIRST_MS;
        if (entry.seq <= last) continue;
        last = entry.seq;
        yield entry;
        if (isTerminalStatus(entry.status)) return;
      }
    } catch (error) {
      if (isFinal(error)) throw error;
    }
    await pause(pauseMs, options.signal);
    pauseMs = Math.min(pauseMs * 2, RECONNECT_MAX_MS);
  }
}

async function* oneConnection(
  door: RestDoor, runId: string, last: number, outer: AbortSignal | undefined,
): AsyncGenerator<StepHistoryEntry, void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
  const signal = outer ? AbortSignal.any([outer, silence.signal]) : silence.signal;
  try {
    const response = await door.send(`/hitl/run/${encodeURIComponent(runId)}/events`, {
      signal, headers: { accept: 'text/event-stream', ...(last > 0 && { 'last-event-id': String(last) }) },
    });
    const heard = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_LIMIT_MS);
    };
    for await (const { data } of parseServerSentEvents(response, heard)) {
      const entry = JSON.parse(data) as StepHistoryEntry;
      if (typeof entry.seq === 'number') yield entry;
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** 4xx will not change by asking again; 429 and everything without an answer may. */
function isFinal(error: unknown): boolean {
  return error instanceof CountersignError && error.status >= 400 && error.status < 500 && error.status !== 429;
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    }
    signal?.addEventListener('abort', done);
    if (signal?.aborted) done();
  });
}
