import type { Approval } from '../approval/approval';
import type { Principal } from '../approval/who-may';
import type { Instant } from '../json';
import type { Run } from '../run/run';
import type { Checkpoint, Status } from '../run/words';

export interface Page {
  /** 1..200 */
  limit: number;
  /** Opaque, from the page before; null = first page. */
  cursor: string | null;
}

export interface RunFilter {
  userId?: string;
  sessionId?: string;
  statuses?: Status[];
  provider?: string;
  model?: string;
  createdAfter?: Instant;
  createdBefore?: Instant;
  /** Words looked for in the prompt, the model's name and ids. */
  q?: string;
}

export interface ApprovalFilter {
  userId?: string;
  sessionId?: string;
  runId?: string;
  checkpoint?: Checkpoint;
}

export interface Listed<T> {
  items: T[];
  nextCursor: string | null;
  /** Matches in all, not only on this page. */
  total: number;
}

/** Lists, newest first, of what `principal` may see (who-may.ts is the rule). */
export abstract class RunReader {
  abstract runs(principal: Principal, filter: RunFilter, page: Page): Promise<Listed<Run>>;
  /** Pending and not overdue, which `principal` may decide; oldest first. */
  abstract pendingApprovals(principal: Principal, filter: ApprovalFilter, page: Page): Promise<Listed<Approval>>;
}
