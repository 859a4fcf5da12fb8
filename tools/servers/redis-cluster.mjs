import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlainError } from '../plain-error.mjs';
import { freePort, waitForPort } from './free-port.mjs';
import { lastComplaint, startGuarded } from './guarded.mjs';

const SLOTS = 16_384;
const MASTERS = 3;
/** Three processes that start and greet each other; a second on a quiet machine. */
const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 100;

/**
 * Starts a Redis Cluster of three masters on 127.0.0.1 that keeps nothing on disk: `{url, stop()}`, `url` as `REDIS_URL` takes it.
 * @param server `{command, env}` of a native Redis or Valkey; in WebAssembly there are no clusters.
 */
export async function startRedisCluster({ server, folder }) {
  const password = randomBytes(18).toString('hex');
  const nodes = [];
  const stop = async () => void (await Promise.all(nodes.map(({ process: running }) => running.stop())));
  try {
    for (let place = 0; place < MASTERS; place += 1) nodes.push(await startNode({ server, folder: path.join(folder, `node-${place}`), password }));
    await join(nodes, password);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `redis+cluster://:${password}@${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, stop };
}

async function startNode({ server, folder, password }) {
  mkdirSync(folder, { recursive: true });
  const [port, bus] = [await freePort(), await freePort()];
  const logFile = path.join(folder, 'log');
  const file = path.join(folder, 'redis.conf');
  const settings = {
    port, 'cluster-port': bus, bind: '127.0.0.1', dir: `"${folder}"`, requirepass: password, masterauth: password, save: '""', appendonly: 'no',
    'maxmemory-policy': 'noeviction', 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf', 'cluster-announce-ip': '127.0.0.1',
    // The masters share two cores with everything that is tested: one that is slow is not dead.
    'cluster-node-timeout': 15_000, 'cluster-require-full-coverage': 'yes',
  };
  writeFileSync(file, Object.entries(settings).map(([name, value]) => `${name} ${value}\n`).join(''), { mode: 0o600 });
  const running = await startGuarded({
    command: server.command, args: [file], cwd: folder, env: { PATH: process.env.PATH, ...server.env }, logFile, lockFolder: folder, stopSignal: 'SIGTERM',
  });
  try {
    await waitForPort(port, { timeoutMs: START_TIMEOUT_MS, stillAlive: running.alive });
  } catch (error) {
    await running.stop();
    throw new PlainError(`A node of the Redis Cluster did not start: ${lastComplaint(logFile) || error.message}`);
  }
  return { port, bus, process: running };
}

/** Each master gets a third of the slots and is told of the others. */
async function join(nodes, password) {
  const { default: Redis } = await import('ioredis');
  const connections = nodes.map(({ port }) => new Redis({ port, host: '127.0.0.1', password, maxRetriesPerRequest: 1 }).on('error', () => undefined));
  try {
    for (const [place, redis] of connections.entries()) {
      await redis.call('CLUSTER', 'ADDSLOTSRANGE', Math.floor((place * SLOTS) / MASTERS), Math.floor(((place + 1) * SLOTS) / MASTERS) - 1);
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', place + 1);
    }
    for (const { port, bus } of nodes.slice(1)) await connections[0].call('CLUSTER', 'MEET', '127.0.0.1', port, bus);
    const until = Date.now() + START_TIMEOUT_MS;
    while (!(await Promise.all(connections.map(isWhole))).every(Boolean)) {
      if (Date.now() > until) throw new PlainError('The nodes of the Redis Cluster did not find each other.');
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    for (const redis of connections) redis.disconnect();
  }
}

async function isWhole(redis) {
  const info = await redis.call('CLUSTER', 'INFO');
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${MASTERS}`) && info.includes(`cluster_slots_ok:${SLOTS}`);
}
