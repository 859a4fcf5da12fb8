import { chmodSync, mkdtempSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { startPostgres } from '../../tools/servers/postgres.mjs';
import { startRedis } from '../../tools/servers/redis.mjs';

/**
 * One Postgres and one Redis for a whole jest run; addresses given in the environment are honoured. Workers inherit
 * DATABASE_URL, REDIS_URL and TEST_RUN, the name under which @countersign/testing makes its databases.
 */
export default async function globalSetup() {
  process.env.TEST_RUN = `t${randomBytes(4).toString('hex')}`;
  const servers = [];
  globalThis.countersignTestServers = servers;
  try {
    const [postgres, redis] = await Promise.allSettled([
      process.env.DATABASE_URL ? undefined : startPostgres(places('postgres', { maxConnections: MAX_CONNECTIONS })),
      process.env.REDIS_URL ? undefined : startRedis(places('redis', { native: process.env.TEST_REDIS !== 'wasm' })),
    ].map((starting) => Promise.resolve(starting)));
    for (const [result, name] of [[postgres, 'DATABASE_URL'], [redis, 'REDIS_URL']]) {
      if (result.status === 'fulfilled' && result.value !== undefined) {
        servers.push({ server: result.value, name });
        process.env[name] = result.value.url;
      }
    }
    const failed = [postgres, redis].find(({ status }) => status === 'rejected');
    if (failed) throw failed.reason;
  } catch (error) {
    await stopServers(servers);
    throw error;
  }
}

/** Many spec files with a pool each, two or more at a time. */
const MAX_CONNECTIONS = 300;

export async function stopServers(servers) {
  await Promise.all(servers.map(({ server, name }) => {
    delete process.env[name];
    return server.stop();
  }));
}

function places(name, more) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `countersign-test-${name}-`));
  // Postgres may run as another user than the tests.
  chmodSync(folder, 0o755);
  return { folder, logFile: path.join(folder, 'log'), throwaway: true, ...more };
}
