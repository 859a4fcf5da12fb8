import type { Pool, PoolClient } from 'pg';

/**
 * A connection of one's own for a transaction. Whatever fails, it is not used again: its transaction may still be open.
 */
export async function onOwnConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isGood = false;
  try {
    const answer = await work(client);
    isGood = true;
    return answer;
  } finally {
    client.release(!isGood);
  }
}
