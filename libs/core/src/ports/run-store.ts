import type { Approval } from '../approval/approval';
import type { BudgetFacts } from '../budget/budget';
import type { Instant } from '../json';
import type { Launch } from '../launch/launch';
import type { Run } from '../run/run';
import type { FreshRun } from '../run/new-run';
import type { StepEvent } from '../run/events';
import type { Transition } from '../run/transition';
import type { RunCommand } from './command-store';
import type { Bell, StoredBell } from './outbox';

export interface Idempotency {
  key: string;
  /** SHA-256 of the canonical request body, hex. */
  bodyHash: string;
}

export type InsertAnswer =
  | { kind: 'inserted'; bells: StoredBell[] }
  /** The same key with the same body was used before: that run. */
  | { kind: 'existing'; run: Run }
  /** The same key with another body. */
  | { kind: 'conflict'; runId: string };

export type CommitAnswer =
  | { ok: true; run: Run; bells: StoredBell[] }
  /** Somebody moved the run first; load it again. */
  | { ok: false; reason: 'stale' };

/** A run with what is on record besides it. */
export interface RunOnRecord {
  run: Run;
  /** Oldest command nobody acted on. */
  command: RunCommand | null;
  /** The approval it waits for, as it stands. */
  approval: Approval | null;
  /** The launch of its current attempt, at `api_call` only. */
  launch: Launch | null;
  /** Null = the run is under no cap. */
  budget: BudgetFacts | null;
}

/** A run with all that was said and asked about it. */
export interface RunWithHistory {
  run: Run;
  /** In order. */
  events: StepEvent[];
  /** Oldest first. */
  approvals: Approval[];
}

/** The runs and their history. The only way to change a run is a `Transition` (invariants 2, 4). */
export abstract class RunStore {
  /** Run, first event and doorbells, in one commit. */
  abstract insert(run: FreshRun, bells: Bell[], idempotency: Idempotency | null): Promise<InsertAnswer>;
  abstract find(runId: string): Promise<Run | null>;
  /** Everything a decision about the next move needs, as of one instant. `now` says which day's budget it is. */
  abstract onRecord(runId: string, now: Instant): Promise<RunOnRecord | null>;
  /**
   * Run (`WHERE version = n`), step event, approvals opened or cancelled, money set aside, doorbells, commands done: one
   * commit. Money that does not fit under a cap moves nothing: the answer is `stale`, and what is on record says why.
   */
  abstract commit(transition: Transition, bells: Bell[], handledCommands: string[]): Promise<CommitAnswer>;
  /** As of one instant; of a longer history the first `most` events. */
  abstract withHistory(runId: string, most: number): Promise<RunWithHistory | null>;
  /** Events with `seq > after`, in order. */
  abstract events(runId: string, after: number, limit: number): Promise<StepEvent[]>;
}
