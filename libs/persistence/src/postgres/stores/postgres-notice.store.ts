import { NoticeStore, type Told } from '@countersign/core';
import type { Pool, PoolClient } from 'pg';
import { onOwnConnection } from './own-connection';

export class PostgresNoticeStore extends NoticeStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async advance(runId: string, channel: string, tell: (toldSeq: number) => Promise<Told>): Promise<void> {
    await onOwnConnection(this.pool, async (client) => {
      // Losing the newest place in a crash only tells a notice twice, so the commit need not wait for the disk.
      await client.query('BEGIN; SET LOCAL synchronous_commit = off');
      const told = await tell(await this.lock(client, runId, channel));
      const nextTryAt = told.nextTryAt === null ? 'NULL' : client.escapeLiteral(told.nextTryAt);
      const place = `run_id = ${client.escapeLiteral(runId)} AND channel = ${client.escapeLiteral(channel)}`;
      await client.query(`UPDATE notices SET told_seq = ${Math.trunc(told.seq)}, next_try_at = ${nextTryAt} WHERE ${place}; COMMIT`);
    });
  }

  /** Holds the place of this run and channel until the transaction ends; the last seq told. */
  private async lock(client: PoolClient, runId: string, channel: string): Promise<number> {
    const read = () => client.query<{ told_seq: number }>({
      name: 'notice-lock', text: 'SELECT told_seq FROM notices WHERE run_id = $1 AND channel = $2 FOR UPDATE', values: [runId, channel],
    });
    const known = (await read()).rows[0];
    if (known) return known.told_seq;
    await client.query({ name: 'notice-open', text: 'INSERT INTO notices (run_id, channel) VALUES ($1, $2) ON CONFLICT DO NOTHING', values: [runId, channel] });
    return (await read()).rows[0]?.told_seq ?? 0;
  }

  async keepOnly(channels: string[]): Promise<void> {
    await this.pool.query('UPDATE notices SET next_try_at = NULL WHERE next_try_at IS NOT NULL AND channel <> ALL ($1::text[])', [channels]);
  }
}
