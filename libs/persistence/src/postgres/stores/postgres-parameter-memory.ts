/*
 * What this is: reads what reviewers did, and keeps what people said about it. Observations are written by the run's commit
 * (observe-statement.ts), never here.
 * Invariant: what a person wants forgotten is deleted, the sightings behind it too.
 */
import {
  has, MAX_MEMORIES, ParameterMemory, REVIEWED_WINDOW, type Listed, type MemoryEntry, type MemoryFilter, type MemoryOwner, type Page,
  type Principal, type Reviewed, type RunMemory, type Ruling,
} from '@countersign/core';
import type { Pool } from 'pg';
import { toMemoryEntry, type MemoryRow } from '../mappers/memory.mapper';

const COLUMNS = [
  'memory_id', 'tenant_id', 'user_id', 'provider', 'model', 'model_version', 'field', 'before', 'after', 'first_seen_at', 'last_seen_at',
  'ruling', 'ruled_by', 'ruled_at',
].map((column) => `m.${column}`).join(', ');
const OF_OWNER = 'tenant_id = $1 AND user_id = $2 AND provider = $3 AND model = $4';
const SAME_OWNER = 'o.tenant_id = m.tenant_id AND o.user_id = m.user_id AND o.provider = m.provider AND o.model = m.model AND o.model_version = m.model_version';
/** What the cards made of a field, newest first. */
const CARDS = `json_agg(json_build_object('before', f -> 'before', 'after', f -> 'after') ORDER BY o.decided_at DESC, o.approval_id DESC)`;
const WITH_SEEN = `${COLUMNS}, (
  SELECT ${CARDS} FROM hitl_observations o, jsonb_array_elements(o.fields) f WHERE ${SAME_OWNER} AND f ->> 'field' = m.field) AS seen`;
/** Rulings are a person's, one click each; still, what is read for each run has an end. */
const MAX_READ = 2 * MAX_MEMORIES;

export class PostgresParameterMemory extends ParameterMemory {
  constructor(private readonly pool: Pool) {
    super();
  }

  async of({ tenantId, userId, provider, model, version }: MemoryOwner): Promise<RunMemory> {
    const { rows } = await this.pool.query<{ entries: MemoryRow[] | null; seen: Record<string, MemoryEntry['seen']> | null; reviewed: Reviewed }>({
      name: 'memory-of',
      text: `
        WITH m AS MATERIALIZED (
          SELECT ${COLUMNS} FROM hitl_parameter_memory m WHERE ${OF_OWNER} AND model_version = $5 ORDER BY m.ruling NULLS LAST, m.last_seen_at DESC, m.field LIMIT ${MAX_READ})
        SELECT
          (SELECT json_agg(m) FROM m) AS entries,
          CASE WHEN EXISTS (SELECT 1 FROM m) THEN (
            SELECT json_object_agg(s.field, s.cards) FROM (
              SELECT f ->> 'field' AS field, ${CARDS} AS cards FROM hitl_observations o, jsonb_array_elements(o.fields) f
              WHERE ${OF_OWNER} AND model_version = $5 AND f ->> 'field' IN (SELECT field FROM m) GROUP BY 1) s) END AS seen,
          (SELECT json_build_object('payloads', count(*), 'changed', count(*) FILTER (WHERE r.changed)) FROM (
            SELECT changed FROM hitl_observations WHERE ${OF_OWNER} AND model_version = $5 ORDER BY decided_at DESC, approval_id DESC LIMIT ${REVIEWED_WINDOW}) r) AS reviewed`,
      values: [tenantId, userId, provider, model, version],
    });
    const { entries, seen, reviewed } = rows[0] ?? { entries: null, seen: null, reviewed: { payloads: 0, changed: 0 } };
    const cards = new Map(Object.entries(seen ?? {}));
    return { entries: (entries ?? []).map((row) => toMemoryEntry(withDates({ ...row, seen: cards.get(row.field) ?? [] }))), reviewed };
  }

  async list(principal: Principal, filter: MemoryFilter, { limit, cursor }: Page): Promise<Listed<MemoryEntry>> {
    const values: unknown[] = [principal.tenantId];
    const add = (value: unknown): string => `$${values.push(value)}`;
    const seesAll = has(principal, 'reviewer') || has(principal, 'admin');
    const where = ['m.tenant_id = $1', ...(seesAll ? [] : [`m.user_id = ${add(principal.userId)}`])];
    for (const [column, value] of [['user_id', filter.userId], ['provider', filter.provider], ['model', filter.model]] as const) {
      if (value !== undefined) where.push(`m.${column} = ${add(value)}`);
    }
    const matches = where.join(' AND ');
    const counted = await this.pool.query<{ total: string }>(`SELECT count(*) AS total FROM hitl_parameter_memory m WHERE ${matches}`, values);
    if (cursor !== null) where.push(`m.memory_id < ${add(cursor)}`);
    const { rows } = await this.pool.query<MemoryRow>(
      `SELECT ${WITH_SEEN} FROM hitl_parameter_memory m WHERE ${where.join(' AND ')} ORDER BY m.memory_id DESC LIMIT ${add(limit + 1)}`, values,
    );
    const items = rows.slice(0, limit).map(toMemoryEntry);
    return { items, nextCursor: rows.length > limit ? (items.at(-1)?.memoryId ?? null) : null, total: Number(counted.rows[0]?.total ?? 0) };
  }

  async find(memoryId: string): Promise<MemoryEntry | null> {
    const { rows } = await this.pool.query<MemoryRow>(`SELECT ${WITH_SEEN} FROM hitl_parameter_memory m WHERE m.memory_id = $1`, [memoryId]);
    return rows[0] ? toMemoryEntry(rows[0]) : null;
  }

  async rule(memoryId: string, ruling: Ruling | null): Promise<MemoryEntry | null> {
    const { rowCount } = await this.pool.query(
      `WITH ruled AS (
         UPDATE hitl_parameter_memory SET ruling = $2, ruled_by = $3, ruled_at = $4::timestamptz WHERE memory_id = $1 RETURNING *
       ), replaced AS (
         UPDATE hitl_parameter_memory o SET ruling = NULL, ruled_by = NULL, ruled_at = NULL FROM ruled m
         WHERE $2 = 'always' AND o.ruling = 'always' AND o.memory_id <> m.memory_id AND ${SAME_OWNER} AND o.field = m.field AND o.before = m.before
       )
       SELECT 1 FROM ruled`,
      [memoryId, ruling?.state ?? null, ruling?.by ?? null, ruling?.at ?? null],
    );
    return rowCount === 1 ? this.find(memoryId) : null;
  }

  async forget(memoryId: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `WITH m AS (
         DELETE FROM hitl_parameter_memory WHERE memory_id = $1 RETURNING *
       ), cleaned AS (
         UPDATE hitl_observations o SET fields = COALESCE((SELECT jsonb_agg(f) FROM jsonb_array_elements(o.fields) f
           WHERE NOT (f ->> 'field' = m.field AND f -> 'before' = m.before AND f -> 'after' = m.after)), '[]'::jsonb)
         FROM m WHERE ${SAME_OWNER}
           AND o.fields @> jsonb_build_array(jsonb_build_object('field', m.field, 'before', m.before, 'after', m.after))
       )
       SELECT 1 FROM m`,
      [memoryId],
    );
    return rowCount === 1;
  }

  async forgetAll({ tenantId, userId, provider, model }: Omit<MemoryOwner, 'version'>): Promise<number> {
    const { rows } = await this.pool.query<{ gone: string }>(
      `WITH m AS (DELETE FROM hitl_parameter_memory WHERE ${OF_OWNER} RETURNING 1), o AS (DELETE FROM hitl_observations WHERE ${OF_OWNER})
       SELECT count(*) AS gone FROM m`,
      [tenantId, userId, provider, model],
    );
    return Number(rows[0]?.gone ?? 0);
  }
}

/** Rows as `json_agg` gives them have times as text. */
function withDates(row: MemoryRow): MemoryRow {
  const date = (value: Date | null): Date | null => (value === null ? null : new Date(value));
  return { ...row, first_seen_at: new Date(row.first_seen_at), last_seen_at: new Date(row.last_seen_at), ruled_at: date(row.ruled_at) };
}
