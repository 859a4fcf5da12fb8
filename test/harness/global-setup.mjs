import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
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
  const folders = { postgres: makeFolder('postgres'), redis: makeFolder('redis') };
  globalThis.countersignTestServers = servers;
  globalThis.countersignTestFolders = Object.values(folders);
  try {
    const [postgres, redis] = await Promise.allSettled([
      process.env.DATABASE_URL ? undefined : startPostgres({ ...places(folders.postgres), maxConnections: MAX_CONNECTIONS }),
      process.env.REDIS_URL ? undefined : startRedis({ ...places(folders.redis), native: process.env.TEST_REDIS !== 'wasm' }),
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
  for (const folder of globalThis.countersignTestFolders ?? []) rmSync(folder, { recursive: true, force: true });
}

function makeFolder(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), `countersign-test-${name}-`));
  // Postgres may run as another user than the tests.
  chmodSync(folder, 0o755);
  return folder;
}

function places(folder) {
  return { folder, logFile: path.join(folder, 'log'), throwaway: true };
}
