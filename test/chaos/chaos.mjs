#!/usr/bin/env node
/*
 * npm run chaos -- [--seconds 600] [--runs 1800] [--seed N] [--quiet]
 * Brings its own Postgres (fsync on) and Redis, which it can kill; everything else is chaos.ts. Ends with `N passed, N failed`.
 */
import { randomInt } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../tools/servers/postgres.mjs';
import { startRedis } from '../../tools/servers/redis.mjs';
import { requireTypeScript } from './require-typescript.mjs';

const LONG_SECONDS = 600;
/** At least 500; as many a second as two cores carry while services start again all the time. */
const RUNS_PER_SECOND = 3;
const MIN_RUNS = 500;
const MAX_SEED = 2 ** 31;
/** A server whose old self is not quite gone yet (Postgres waits for its last children) starts a little later. */
const REVIVE_TRIES = 20;
const REVIVE_PAUSE_MS = 250;
/** Four services of ten connections, and the judge's. */
const MAX_CONNECTIONS = 100;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, runs: { type: 'string' }, seed: { type: 'string' }, quiet: { type: 'boolean' } } });
const seconds = wholeNumber('seconds', LONG_SECONDS);
const storm = { seed: wholeNumber('seed', randomInt(1, MAX_SEED)), seconds, runs: wholeNumber('runs', Math.max(MIN_RUNS, seconds * RUNS_PER_SECOND)) };
const say = (line) => process.stdout.write(`${line}\n`);

const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-chaos-'));
chmodSync(folder, 0o711);
const kept = [];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

try {
  say(`chaos: seed ${storm.seed}, ${storm.seconds} s, ${storm.runs} runs`);
  const postgres = await keep((again) => startPostgres({ ...places('postgres'), maxConnections: MAX_CONNECTIONS, ...again }));
  const redis = await keep((again) => startRedis({ ...places('redis'), ...again }));
  process.env.DATABASE_URL = postgres.url;
  process.env.REDIS_URL = redis.url;
  const { chaos } = requireTypeScript('./chaos.ts');
  const { isClean, reportOf } = requireTypeScript('./report.ts');
  const lines = reportOf(await chaos(storm, { postgres, redis, redisKind: redis.kind }, values.quiet ? () => undefined : say));
  process.exitCode = isClean(lines) ? 0 : 1;
  say(lines.join('\n'));
} catch (error) {
  say(`${error.stack ?? error}\n0 passed, 1 failed`);
  process.exitCode = 1;
} finally {
  await Promise.all(kept.map((server) => server.stop()));
}

function places(name) {
  return { folder: path.join(folder, name), logFile: path.join(folder, `${name}.log`) };
}

async function keep(start) {
  let server = await start({});
  const { port, password } = server;
  const again = password === undefined ? { port } : { port, password };
  const keeper = {
    url: server.url, kind: server.kind,
    async killAndRevive() {
      const gone = new Promise((resolve) => server.onExit(resolve));
      server.kill();
      await gone;
      server = await revive(() => start(again));
    },
    stop: () => server.stop(),
  };
  kept.push(keeper);
  return keeper;
}

async function revive(start) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start();
    } catch (error) {
      if (tries === REVIVE_TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, REVIVE_PAUSE_MS));
    }
  }
}

function wholeNumber(name, otherwise) {
  const value = values[name] === undefined ? otherwise : Number(values[name]);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} must be a whole number above 0`);
  return value;
}
