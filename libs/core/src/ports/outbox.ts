import type { Instant, JsonObject } from '../json';

/** A doorbell to be rung after the commit it belongs to. `data` holds ids and scalars only (invariant 3). */
export interface Bell {
  /** Job name of the queue contract. */
  job: string;
  data: JsonObject;
  /** Not before this instant; null = now. */
  notBefore: Instant | null;
}

export interface StoredBell extends Bell {
  id: string;
}

/** Doorbells that were committed and are not known to have been rung. */
export abstract class Outbox {
  /** Oldest first; those that were committed at least `olderThanMs` ago. */
  abstract unrung(olderThanMs: number, limit: number): Promise<StoredBell[]>;
  abstract markRung(ids: string[]): Promise<void>;
}
