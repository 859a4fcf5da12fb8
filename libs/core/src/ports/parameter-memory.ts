import type { Principal } from '../approval/who-may';
import type { MemoryEntry, RunMemory, Ruling } from '../memory/habit';
import type { Listed, Page } from './run-reader';

/** Whose runs, on which version of which model. */
export interface MemoryOwner {
  tenantId: string;
  userId: string;
  provider: string;
  model: string;
  version: string;
}

export interface MemoryFilter {
  userId?: string;
  provider?: string;
  model?: string;
}

/**
 * What reviewers change again and again. Observations come in with the run's commit (`observe`), the orchestrator's; the
 * gateway writes rulings, and takes away what a person wants forgotten.
 */
export abstract class ParameterMemory {
  abstract of(owner: MemoryOwner): Promise<RunMemory>;
  /** What `principal` may see (who-may.ts is the rule), newest first. */
  abstract list(principal: Principal, filter: MemoryFilter, page: Page): Promise<Listed<MemoryEntry>>;
  abstract find(memoryId: string): Promise<MemoryEntry | null>;
  /**
   * Null takes a ruling away. A field has one rule for each value it may hold: `always` switches the others off. Null is
   * answered when the entry is gone.
   */
  abstract rule(memoryId: string, ruling: Ruling | null): Promise<MemoryEntry | null>;
  /** The entry and every sighting behind it; false when it was gone. */
  abstract forget(memoryId: string): Promise<boolean>;
  /** Everything of a user and a model, all versions; the number of entries. */
  abstract forgetAll(owner: Omit<MemoryOwner, 'version'>): Promise<number>;
}
