import type { BudgetFacts, Cap, Day, Spending } from '../budget/budget';
import type { ObservedTime } from '../budget/observed-time';
import type { Instant } from '../json';

/** Which version of which model. */
export interface ModelVersion {
  provider: string;
  model: string;
  version: string;
}

/**
 * Caps, what was spent under them, and what such launches took. Setting money aside and booking it is no business of
 * this port: that happens in the commits of `RunStore` and `LaunchStore`, together with what it is for.
 */
export abstract class BudgetStore {
  /** The tenant's own cap first, then users by name. */
  abstract caps(tenantId: string): Promise<Cap[]>;
  /** Sets or replaces the cap of `cap.userId`; who changed what stays on record. */
  abstract setCap(cap: Cap): Promise<void>;
  /** False when there was none. */
  abstract removeCap(tenantId: string, userId: string | null, by: string, at: Instant): Promise<boolean>;
  /** The tenant first, then users by name, at most `limit`; who spent nothing has no line. */
  abstract spending(tenantId: string, day: Day, limit: number): Promise<Spending[]>;
  /** What a new run of this user would be under; null = no cap. */
  abstract facts(tenantId: string, userId: string, day: Day): Promise<BudgetFacts | null>;
  /** Median time of the newest launches that succeeded; null when there are none. */
  abstract observedTime(which: ModelVersion): Promise<ObservedTime | null>;
}
