import { CountersignClient } from '@countersign/client';
import { createDataSource, migrate, poolOf } from '@countersign/persistence';
import { freePort, freshDatabase, freshRedis, waitFor } from '@countersign/testing';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/*
 * What this is: the one place that boots the house for a test: four real processes on a database and a Redis of their own.
 * It runs what is built (`npm run build`), the way `npm start` does.
 */

export const SERVICES = ['orchestrator', 'executor', 'notifier', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

export interface HouseOptions {
  /** Besides what every service needs. */
  env?: Record<string, string>;
  /** Services to start at first; default all. */
  services?: readonly ServiceName[];
}

export interface House {
  url: string;
  /** Straight look at the rows. */
  db: Pool;
  redisUrl: string;
  env: Record<string, string>;
  client(userId?: string): CountersignClient;
  /** Starts a further process of a service; its key is used to kill it. */
  start(service: ServiceName, key?: string): Promise<void>;
  /** Whether a process lives under this key, ready or not. */
  alive(key: string): boolean;
  /** How the process under this key ended, once it has: a signal, or `status n`. */
  ended(key: string): Promise<string>;
  /** Ends a process at once, as a power cut would (or in order, with SIGTERM). */
  kill(key: string, signal?: NodeJS.Signals): Promise<void>;
  flushRedis(): Promise<void>;
  log(key: string): string;
  close(): Promise<void>;
}

const ROOT = resolve(__dirname, '../..');
/** Loading a service takes 2 s; four at once on a busy machine take far longer. */
const READY_MS = 60_000;

export async function startHouse({ env = {}, services = SERVICES }: HouseOptions = {}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-house-'));
  const [database, redis, port] = await Promise.all([freshDatabase({ migrate: migrateUrl }), freshRedis(), env.PORT ?? freePort()]);
  const dataSource = await createDataSource({ url: database.url, poolSize: 4, applicationName: 'test' }).initialize();
  const houseEnv: Record<string, string> = {
    DATABASE_URL: database.url, REDIS_URL: redis.url, DATA_DIR: folder, HOST: '127.0.0.1', PORT: String(port),
    LOG_LEVEL: 'warn', NODE_ENV: 'production', ...env,
  };
  const processes = new Map<string, ChildProcess>();
  const url = `http://127.0.0.1:${port}`;

  const start = async (service: ServiceName, key: string = service): Promise<void> => {
    const log = openSync(join(folder, `${key}.log`), 'a');
    const child = fork(join(ROOT, 'apps', service, 'dist', 'main.js'), [], {
      cwd: ROOT, env: { PATH: process.env.PATH, HOME: process.env.HOME, ...houseEnv }, execArgv: [], stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    processes.set(key, child);
    await ready(child, () => readFileSync(join(folder, `${key}.log`), 'utf8'));
  };
  const alive = (key: string): boolean => {
    const child = processes.get(key);
    return child !== undefined && !hasEnded(child);
  };
  const kill = async (key: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    const child = processes.get(key);
    processes.delete(key);
    if (!child || hasEnded(child)) return;
    child.kill(signal);
    await once(child, 'exit');
  };

  await Promise.all(services.map((service) => start(service)));
  return {
    url, db: poolOf(dataSource), redisUrl: redis.url, env: houseEnv, start, kill, alive,
    ended: async (key) => {
      const child = processes.get(key);
      if (!child) return 'killed';
      if (!hasEnded(child)) await once(child, 'exit');
      return child.signalCode ?? `status ${child.exitCode}`;
    },
    client: (userId = 'dana') => new CountersignClient({ baseUrl: url, userId }),
    flushRedis: redis.flush,
    log: (key) => readFileSync(join(folder, `${key}.log`), 'utf8'),
    close: async () => {
      await Promise.all([...processes.keys()].map((key) => kill(key, 'SIGTERM')));
      await closeAll(dataSource, [database.drop, redis.drop]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function closeAll(dataSource: DataSource, drops: (() => Promise<void>)[]): Promise<void> {
  await dataSource.destroy();
  for (const drop of drops) await drop();
}

async function migrateUrl(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, poolSize: 2, applicationName: 'test-migrate' }).initialize();
  try {
    await migrate(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function ready(child: ChildProcess, log: () => string): Promise<void> {
  let isReady = false;
  child.on('message', (message: { ready?: boolean }) => {
    isReady ||= message.ready === true;
  });
  await waitFor(() => isReady || hasEnded(child), { what: `process ${child.pid} to be ready`, timeoutMs: READY_MS });
  if (!isReady) throw new Error(`it ended: ${log().slice(-2_000)}`);
}
