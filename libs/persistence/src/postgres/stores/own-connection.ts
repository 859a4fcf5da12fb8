import type { Pool, PoolClient } from 'pg';

/**
 * A connection of one's own for a transaction. It may die while no statement runs on it; the pool listens for that only while
 * it has it back, and an error nobody listens for ends the process. Whatever fails, the connection is not used again: its
 * transaction may still be open.
 */
export async function onOwnConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // The next statement on it rejects, which tells `work`.
  const hear = (): void => undefined;
  client.on('error', hear);
  let isGood = false;
  try {
    const answer = await work(client);
    isGood = true;
    return answer;
  } finally {
    client.off('error', hear);
    client.release(!isGood);
  }
}
