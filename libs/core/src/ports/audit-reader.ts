import type { AuditRecord } from '../audit/audit-record';
import type { Instant } from '../json';

export interface AuditFilter {
  runId?: string;
  tenantId?: string;
  /** Runs that moved at or after this time. */
  since?: Instant;
}

/** Reads evidence for auditors. It sees every tenant: whoever puts it behind a door checks first who may see the run. */
export abstract class AuditReader {
  /** Runs with an id greater than `after` (null = from the start), in the order of their ids; each as of one instant. */
  abstract records(filter: AuditFilter, after: string | null, limit: number): Promise<AuditRecord[]>;
}
