import { NoticeStore, type Told } from '@countersign/core';
import type { Pool } from 'pg';

export class PostgresNoticeStore extends NoticeStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async advance(runId: string, channel: string, tell: (toldSeq: number) => Promise<Told>): Promise<void> {
    const client = await this.pool.connect();
    try {
      // Losing the newest place in a crash only tells a notice twice, so the commit need not wait for the disk.
      await client.query('BEGIN; SET LOCAL synchronous_commit = off');
      await client.query({ name: 'notice-open', text: 'INSERT INTO notices (run_id, channel) VALUES ($1, $2) ON CONFLICT DO NOTHING', values: [runId, channel] });
      const { rows } = await client.query<{ told_seq: number }>({
        name: 'notice-lock', text: 'SELECT told_seq FROM notices WHERE run_id = $1 AND channel = $2 FOR UPDATE', values: [runId, channel],
      });
      const told = await tell(rows[0]?.told_seq ?? 0);
      await client.query({
        name: 'notice-told', text: 'UPDATE notices SET told_seq = $3, next_try_at = $4 WHERE run_id = $1 AND channel = $2',
        values: [runId, channel, told.seq, told.nextTryAt],
      });
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async keepOnly(channels: string[]): Promise<void> {
    await this.pool.query('UPDATE notices SET next_try_at = NULL WHERE next_try_at IS NOT NULL AND channel <> ALL ($1::text[])', [channels]);
  }
}
