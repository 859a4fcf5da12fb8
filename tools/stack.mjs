import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at, short } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { say, stage } from './progress.mjs';
import { runCommand, tail } from './run-command.mjs';

/** Postgres and Redis: the given ones, or our own under the data folder; and the schema. */

/** A server that ends is started again at once, then after growing pauses; after the last one we give up. */
const RESTART_PAUSES_MS = [0, 1_000, 2_000, 5_000, 10_000];
/** A server that ran this long was healthy: its next end counts as the first. */
const HEALTHY_AFTER_MS = 60_000;

/**
 * Brings both servers up and keeps them up. Resolves to `{env, stop(), kill()}`; `env` has DATABASE_URL and REDIS_URL.
 * `onLost(sentence)` is called when one cannot be kept up, `tell(line)` with what people should read.
 */
export async function startServers(data, { onLost = () => undefined, tell = say } = {}) {
  const { startPostgres } = await import('./servers/postgres.mjs');
  const { startRedis } = await import('./servers/redis.mjs');
  const kept = [];
  const bring = (name, variable, start) => stage(name, { tell }, async () => {
    if (process.env[variable]) return { note: `${variable} is given`, url: process.env[variable] };
    const logFile = data.logFile(name.toLowerCase());
    writeFileSync(logFile, '');
    const server = await keepUp(name, (again) => start({ folder: path.join(data.folder, name.toLowerCase()), logFile, ...again }), { onLost, tell });
    kept.push(server);
    return { note: server.kind ?? `embedded, ${short(data.folder)}/${name.toLowerCase()}`, url: server.url };
  });
  const results = await Promise.allSettled([
    bring('Postgres', 'DATABASE_URL', startPostgres),
    bring('Redis', 'REDIS_URL', startRedis),
  ]);
  const stop = () => Promise.all(kept.map((server) => server.stop()));
  const failed = results.find(({ status }) => status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [postgres, cache] = results.map(({ value }) => value);
  return {
    env: { DATABASE_URL: postgres.url, REDIS_URL: cache.url },
    stop,
    kill: () => kept.forEach((server) => server.kill()),
  };
}

/** Restarted on the same port with the same password, so that its clients just reconnect. */
async function keepUp(name, start, { onLost, tell }) {
  let server = await start({});
  let stopping = false;
  let restarts = 0;
  let startedAt = Date.now();
  const watch = () => server.onExit((reason) => void restart(reason));
  const restart = async (reason) => {
    if (stopping) return;
    if (Date.now() - startedAt > HEALTHY_AFTER_MS) restarts = 0;
    const pause = RESTART_PAUSES_MS[restarts];
    restarts += 1;
    if (pause === undefined) return onLost(`${name} ended again and again (${reason}).`);
    tell(`  ${name} ${reason}; starting it again`);
    await new Promise((resolve) => setTimeout(resolve, pause));
    if (stopping) return;
    try {
      server = await start({ port: server.port, password: server.password });
      if (stopping) return void server.stop();
      startedAt = Date.now();
      tell(`  ${name} is back`);
      watch();
    } catch (error) {
      await restart(error.message);
    }
  };
  watch();
  return {
    url: server.url,
    kind: server.kind,
    stop: () => {
      stopping = true;
      return server.stop();
    },
    kill: () => {
      stopping = true;
      server.kill();
    },
  };
}

const MIGRATE = 'libs/persistence/dist/cli-migrate.js';

/** Brings the database to the schema of this code. Resolves to a few words. */
export async function migrate(env) {
  if (!existsSync(at(MIGRATE))) {
    if (existsSync(at('libs/persistence/src/cli-migrate.ts'))) throw new PlainError(`${MIGRATE} is missing: run npm run build.`);
    return 'no migrations yet';
  }
  const { status, output } = await runCommand(process.execPath, [at(MIGRATE)], { cwd: at(), env: { ...process.env, ...env } });
  if (status !== 0) throw new PlainError(`The database could not be migrated:\n${tail(output)}`);
  const said = output.trim().split('\n').at(-1) ?? '';
  return said.length > NOTE_CHARS ? `${said.slice(0, NOTE_CHARS - 1)}…` : said;
}

/** A line of a terminal. */
const NOTE_CHARS = 90;
