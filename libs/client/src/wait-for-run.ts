import type { RunView } from '@countersign/contracts';
import type { Status } from '@countersign/core';
import type { CountersignClient } from './client';
import { CountersignError } from './countersign-error';
import { isTerminalStatus } from './event-stream';
import type { LiveSocket } from './live-socket';

/** Two minutes: longer than a local model takes, shorter than anybody watches a hanging test. */
const WAIT_TIMEOUT_MS = 120_000;

export interface WaitOptions {
  /** Statuses, or a look at the run; ended, when absent. */
  until?: Status | readonly Status[] | ((run: RunView) => boolean);
  timeoutMs?: number;
  /** Listen on this connection instead of an event stream of its own. */
  socket?: LiveSocket;
  signal?: AbortSignal;
}

type Look = (run: RunView) => boolean;

/** See `CountersignClient.waitForRun`. */
export async function waitForRun(client: CountersignClient, runId: string, options: WaitOptions = {}): Promise<RunView> {
  const limit = options.timeoutMs ?? WAIT_TIMEOUT_MS;
  const isWanted = lookFor(options.until);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(CountersignError.local('TIMEOUT', `run ${runId} was not as wanted within ${limit} ms`)), limit);
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const settled = (run: RunView): boolean => {
    if (isWanted(run)) return true;
    if (isTerminalStatus(run.status)) throw CountersignError.local('RUN_ENDED', `run ${runId} ended as ${run.status}`);
    return false;
  };
  try {
    return options.socket
      ? await overSocket(client, options.socket, { runId, settled, signal })
      : await overStream(client, { runId, settled, signal });
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

function lookFor(until: WaitOptions['until']): Look {
  if (typeof until === 'function') return until;
  if (until === undefined) return (run) => isTerminalStatus(run.status);
  const wanted: readonly string[] = typeof until === 'string' ? [until] : until;
  return (run) => wanted.includes(run.status);
}

interface Watch {
  runId: string;
  settled: Look;
  signal: AbortSignal;
}

async function overStream(client: CountersignClient, { runId, settled, signal }: Watch): Promise<RunView> {
  let run = await client.status(runId, { signal });
  if (settled(run)) return run;
  for await (const entry of client.events(runId, { lastEventId: run.version, signal })) {
    // Catching up: one look at the run may already have told about this event.
    if (entry.seq <= run.version) continue;
    run = await client.status(runId, { signal });
    if (settled(run)) return run;
  }
  throw signal.reason;
}

/** Subscribes first and looks then, again after each lost connection, so that no change falls between the two. */
async function overSocket(client: CountersignClient, socket: LiveSocket, { runId, settled, signal }: Watch): Promise<RunView> {
  const takeAway: (() => void)[] = [];
  let isMember = true;
  try {
    return await new Promise<RunView>((resolve, reject) => {
      const look = (run: RunView): void => {
        try {
          if (run.run_id === runId && settled(run)) resolve(run);
        } catch (error) {
          reject(error as Error);
        }
      };
      const fail = (): void => reject(signal.reason as Error);
      if (signal.aborted) fail();
      // A server that is merely away joins us when it is back; only its refusal ends the wait.
      const joined = socket.subscribe({ run_id: runId }).catch((error: unknown) => {
        if (isAway(error)) return;
        isMember = false;
        throw error;
      });
      signal.addEventListener('abort', fail);
      takeAway.push(
        () => signal.removeEventListener('abort', fail),
        socket.on('run.updated', look),
        socket.onConnection((state) => {
          if (state.connected) joined.then(() => client.status(runId, { signal })).then(look).catch((error: unknown) => isAway(error) || reject(error as Error));
        }),
      );
    });
  } finally {
    for (const undo of takeAway) undo();
    if (isMember) socket.unsubscribe({ run_id: runId }).catch(() => undefined);
  }
}

/** No answer at all: the next connection asks again. */
function isAway(error: unknown): boolean {
  return error instanceof CountersignError && error.status === 0;
}

