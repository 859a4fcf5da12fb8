import { habitEvidence, memoryState, type MemoryEntry } from '@countersign/core';
import type { MemoryView } from '../api/memory-views';

export function memoryView(entry: MemoryEntry): MemoryView {
  const { alike, of, words } = habitEvidence(entry);
  return {
    memory_id: entry.memoryId, user_id: entry.userId, provider: entry.provider, model: entry.model, version: entry.version,
    field: entry.field, before: entry.before, after: entry.after, state: memoryState(entry), evidence: { alike, of, words },
    first_seen_at: entry.firstSeenAt, last_seen_at: entry.lastSeenAt,
    set_by: entry.ruling?.by ?? null, set_at: entry.ruling?.at ?? null,
    links: { self: `/hitl/parameter-memory/${entry.memoryId}` },
  };
}
