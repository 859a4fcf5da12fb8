import type { JsonObject } from '../json';

/** A run as clients see it, with the version it belongs to. */
export interface LiveView {
  version: number;
  tenantId: string;
  userId: string;
  /** The wire view of `GET /hitl/run/RUN_ID/status`. */
  view: JsonObject;
}

/** A message to whoever waits for something to happen; a hint, never the truth. */
export type Signal = { kind: 'run'; version: number } | { kind: 'approval'; approvalId: string } | { kind: 'progress'; body: JsonObject } | { kind: 'form' };

/**
 * The fast copy of a run, and wake-up calls for whoever waits on one. A copy is never older than a move it was told of;
 * a miss is rebuilt from the store.
 */
export abstract class LiveState {
  /** The run moved to `version`: older copies are dropped and watchers of `run:<id>` are woken. */
  abstract moved(runId: string, version: number): Promise<void>;
  /** Keeps a copy, unless the run is known to have moved on; true when kept. */
  abstract put(runId: string, live: LiveView): Promise<boolean>;
  abstract get(runId: string): Promise<LiveView | null>;
  /** Wakes everybody who watches `topic` (`run:<id>`, `form:<key>`). */
  abstract signal(topic: string, signal: Signal): Promise<void>;
  /** Calls back for each signal until the returned function is called. */
  abstract watch(topic: string, onSignal: (signal: Signal) => void): Promise<() => Promise<void>>;
}

/** Topics to watch: the one place for their spelling. */
export const topics = {
  run: (runId: string): string => `run:${runId}`,
  form: (provider: string, model: string, version: string | null): string => `form:${provider}/${model}@${version ?? 'newest'}`,
};
