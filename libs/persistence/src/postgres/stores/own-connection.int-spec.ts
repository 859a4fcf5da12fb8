import { insertRun } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { EventEmitter } from 'node:events';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';
import { onOwnConnection } from './own-connection';
import { PostgresNoticeStore } from './postgres-notice.store';

let stage: DatabaseStage;
beforeAll(async () => {
  stage = await databaseStage();
});
afterAll(() => stage.close());

/** As a killed Postgres does: the connection dies while no statement runs on it. */
async function cutFromOutside(processId: number): Promise<void> {
  await stage.pool.query('SELECT pg_terminate_backend($1)', [processId]);
}

/** Process ids of connections that hold a transaction open. */
async function idleInTransaction(): Promise<number[]> {
  const { rows } = await stage.pool.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`);
  return rows.map(({ pid }) => pid);
}

describe('a connection of one\'s own', () => {
  it('that dies fails its work, and not the process', async () => {
    const died = onOwnConnection(stage.pool, async (client) => {
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const gone = new Promise((resolve) => client.once('end', resolve));
      await cutFromOutside(rows[0]?.pid ?? 0);
      await gone;
      await client.query('SELECT 1');
    });
    await expect(died).rejects.toThrow();
    await expect(onOwnConnection(stage.pool, (client) => client.query('SELECT 1'))).resolves.toMatchObject({ rowCount: 1 });
  });

  it('that is thrown away may still hear the last word of its server', async () => {
    let thrownAway: EventEmitter | undefined;
    await expect(onOwnConnection(stage.pool, async (client) => {
      thrownAway = client;
      throw new Error('midway');
    })).rejects.toThrow('midway');
    expect(() => thrownAway?.emit('error', new Error('terminating connection due to unexpected postmaster exit'))).not.toThrow();
  });

  it('is listened to once, however often it is used', async () => {
    const listeners: number[] = [];
    for (let n = 0; n < 3; n += 1) await onOwnConnection(stage.pool, async (client) => void listeners.push(client.listenerCount('error')));
    expect(new Set(listeners).size).toBe(1);
  });

  it('is not handed on with an open transaction', async () => {
    await expect(onOwnConnection(stage.pool, async (client) => {
      await client.query('BEGIN');
      throw new Error('midway');
    })).rejects.toThrow('midway');
    await waitFor(async () => (await idleInTransaction()).length === 0, { what: 'its transaction to be gone' });
  });

  it('lets a notice that was cut off be told again', async () => {
    const { runId } = await insertRun(stage);
    const notices = new PostgresNoticeStore(stage.pool);
    const seen: number[] = [];
    const tell = async (told: number) => {
      seen.push(told);
      return { seq: told + 1, nextTryAt: null };
    };
    await expect(notices.advance(runId, 'socket', async (told) => {
      for (const pid of await idleInTransaction()) await cutFromOutside(pid);
      return tell(told);
    })).rejects.toThrow();
    await notices.advance(runId, 'socket', tell);
    expect(seen).toEqual([0, 0]);
  });
});
