import { Outbox, type StoredBell } from '@countersign/core';
import type { Pool } from 'pg';
import { instantOrNull } from '../mappers/time.mapper';

export class PostgresOutbox extends Outbox {
  constructor(private readonly pool: Pool) {
    super();
  }

  async unrung(olderThanMs: number, limit: number): Promise<StoredBell[]> {
    const { rows } = await this.pool.query<{ id: string; job: string; data: StoredBell['data']; not_before: Date | null }>({
      name: 'outbox-unrung',
      text: `SELECT id, job, data, not_before FROM outbox WHERE created_at <= now() - $1 * interval '1 millisecond' ORDER BY id LIMIT $2`,
      values: [olderThanMs, limit],
    });
    return rows.map((row) => ({ id: row.id, job: row.job, data: row.data, notBefore: instantOrNull(row.not_before) }));
  }

  /** Forgetting a deletion in a crash only rings a doorbell twice, so this commit does not wait for the disk. */
  async markRung(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.pool.query({
      name: 'outbox-rung',
      text: `WITH relaxed AS (SELECT set_config('synchronous_commit', 'off', true)) DELETE FROM outbox USING relaxed WHERE id = ANY($1::bigint[])`,
      values: [ids],
    });
  }
}
