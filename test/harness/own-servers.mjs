/*
 * node test/harness/own-servers.mjs FOLDER, forked: a Postgres and a Redis of one test's own, that it may stop and start
 * again on the same address and data. Orders: `{restart: 'postgres' | 'redis', pauseMs}` and `stop`.
 */
import path from 'node:path';
import { startPostgres } from '../../tools/servers/postgres.mjs';
import { startRedis } from '../../tools/servers/redis.mjs';

const [folder] = process.argv.slice(2);
const places = (name) => ({ folder: path.join(folder, name), logFile: path.join(folder, `${name}.log`) });
const password = 'kept-over-restarts';
const START = {
  postgres: (port) => startPostgres({ ...places('postgres'), port }),
  redis: (port) => startRedis({ ...places('redis'), port, password }),
};
const servers = { postgres: await START.postgres(), redis: await START.redis() };

process.on('message', async (order) => {
  if (order === 'stop') return end();
  const { port, stop } = servers[order.restart];
  await stop();
  await new Promise((resolve) => setTimeout(resolve, order.pauseMs));
  servers[order.restart] = await START[order.restart](port);
  process.send({ restarted: order.restart });
});
process.on('disconnect', end);
process.send({ DATABASE_URL: servers.postgres.url, REDIS_URL: servers.redis.url });

async function end() {
  await Promise.all(Object.values(servers).map(({ stop }) => stop()));
  process.exit(0);
}
