import type { Pool, PoolClient } from 'pg';

/**
 * A connection of one's own for a transaction. It may die while no statement runs on it; the pool listens for that only while
 * it has it back, and an error nobody listens for ends the process. Whatever fails, the connection is not used again: its
 * transaction may still be open.
 */
export async function onOwnConnection<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // For its whole life: the last word of a dying server may still come when it is thrown away.
  if (!client.listeners('error').includes(hear)) client.on('error', hear);
  let isGood = false;
  try {
    const answer = await work(client);
    isGood = true;
    return answer;
  } finally {
    client.release(!isGood);
  }
}

/** The next statement on the connection rejects, and that tells whoever works with it. */
const hear = (): void => undefined;
