import type { Json, MemoryEntry, Ruling } from '@countersign/core';
import { instant } from './time.mapper';

/** A row of `hitl_parameter_memory` with what was done with its field, newest first. */
export interface MemoryRow {
  memory_id: string;
  tenant_id: string;
  user_id: string;
  provider: string;
  model: string;
  model_version: string;
  field: string;
  before: Json;
  after: Json;
  first_seen_at: Date;
  last_seen_at: Date;
  ruling: Ruling['state'] | null;
  ruled_by: string | null;
  ruled_at: Date | null;
  seen: MemoryEntry['seen'] | null;
}

export function toMemoryEntry(row: MemoryRow): MemoryEntry {
  const { ruling, ruled_by: by, ruled_at: at } = row;
  return {
    memoryId: row.memory_id, tenantId: row.tenant_id, userId: row.user_id, provider: row.provider, model: row.model,
    version: row.model_version, field: row.field, before: row.before, after: row.after,
    ruling: ruling && { state: ruling, by: by ?? 'system', at: instant(at ?? row.last_seen_at) },
    firstSeenAt: instant(row.first_seen_at), lastSeenAt: instant(row.last_seen_at), seen: row.seen ?? [],
  };
}
