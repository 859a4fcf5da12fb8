/*
 * What this is: the built house for a measurement: Postgres and Redis as `npm start` brings them (fsync on), the schema, and
 * the four services as processes of their own.
 * The invariant it keeps: everything ends with this process, however that ends: the servers have guards, the services an IPC
 * channel (see tools/servers and tools/services.mjs).
 */
import { fork } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at } from '../../tools/places.mjs';
import { PlainError } from '../../tools/plain-error.mjs';
import { mainOf, SERVICES } from '../../tools/services.mjs';
import { migrate } from '../../tools/stack.mjs';
import { freePort } from '../../tools/servers/free-port.mjs';
import { startPostgres } from '../../tools/servers/postgres.mjs';
import { startRedis } from '../../tools/servers/redis.mjs';

/** Loading a service takes 2 s; four at once on a busy machine take far longer. */
const READY_MS = 60_000;
/** Longer than a service's own grace period (8 s). */
const GRACE_MS = 10_000;
/** Writes a minute and principal: the highest the gateway takes, as one principal makes all the load here. */
const WRITES_PER_MINUTE = '1000000';

/** A data folder of its own; `postgres` must be able to pass through. */
export function makeFolder() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-bench-'));
  chmodSync(folder, 0o711);
  return folder;
}

/** Postgres and Redis in `folder`. Resolves to `{env, pids, redisKind, stop()}`. */
export async function startServers(folder, { nativeRedis = true } = {}) {
  const started = await Promise.allSettled([
    startPostgres({ folder: path.join(folder, 'postgres'), logFile: path.join(folder, 'postgres.log') }),
    startRedis({ folder: path.join(folder, 'redis'), logFile: path.join(folder, 'redis.log'), native: nativeRedis }),
  ]);
  const running = started.flatMap(({ value }) => (value ? [value] : []));
  const stop = () => Promise.all(running.map((server) => server.stop()));
  const failed = started.find(({ status }) => status === 'rejected');
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [postgres, redis] = running;
  return {
    env: { DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    pids: { postgres: postgres.pid, redis: redis.pid },
    redisKind: redis.kind,
    stop,
  };
}

/**
 * The four services on given servers (`env`: DATABASE_URL, REDIS_URL), data and logs in `folder`; the schema is brought up to
 * date first. `profileFolder`: each leaves a CPU profile there when it ends. Resolves to `{url, pids(), start(), kill(), stop()}`;
 * `start` after `kill` comes back on the same port.
 */
export async function openServices({ folder, env, profileFolder }) {
  mkdirSync(folder, { recursive: true });
  await migrate(env);
  const port = await freePort();
  const settings = {
    PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: 'production', LOG_LEVEL: 'warn', WRITES_PER_MINUTE,
    DATA_DIR: folder, HOST: '127.0.0.1', PORT: String(port), ...env,
  };
  const running = new Map();
  const end = async (signal) => {
    const children = [...running.values()];
    running.clear();
    await Promise.all(children.map((child) => endChild(child, signal)));
  };
  const start = () => Promise.all(SERVICES.map(async (name) => {
    const child = startService({ name, settings, folder, profileFolder });
    running.set(name, child);
    await untilReady(child, name, path.join(folder, `${name}.log`));
  }));
  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    pids: () => Object.fromEntries([...running].map(([name, child]) => [name, child.pid])),
    start,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function startService({ name, settings, folder, profileFolder }) {
  const log = openSync(path.join(folder, `${name}.log`), 'a');
  const profile = profileFolder ? ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`] : [];
  const child = fork(mainOf(name), [], {
    cwd: at(), env: settings, execArgv: ['--enable-source-maps', ...profile], stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.gone = new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? `status ${code}`)));
  return child;
}

async function untilReady(child, name, logFile) {
  let timer;
  const ready = new Promise((resolve) => child.on('message', (message) => message?.ready === true && resolve('ready')));
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, READY_MS, `not ready after ${READY_MS / 1000} s`);
  });
  const how = await Promise.race([ready, child.gone, late]);
  clearTimeout(timer);
  if (how !== 'ready') throw new PlainError(`${name}: ${how}\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
}

async function endChild(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await child.gone;
  clearTimeout(timer);
}

/** What the services had to say (LOG_LEVEL is warn): the last lines of each. */
export function complaints(folder) {
  return SERVICES.flatMap((name) => readFileSync(path.join(folder, `${name}.log`), 'utf8').trim().split('\n').filter(Boolean).slice(-3)
    .map((line) => `${name}: ${line.slice(0, 400)}`));
}

export const removeFolder = (folder) => rmSync(folder, { recursive: true, force: true });
