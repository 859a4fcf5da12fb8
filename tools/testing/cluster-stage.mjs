import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at } from '../places.mjs';
import { startRedisCluster } from '../servers/redis-cluster.mjs';
import { runJest } from './jest-stage.mjs';
import { findRedisProgram } from './redis-program.mjs';

const FOLDER = 'test/e2e';
/** What keys in different slots could break: the whole way of a run, pushes between processes, two workers, and Redis emptied. */
const CHOSEN = ['main-job', 'double-approval', 'pushes', 'two-orchestrators', 'redis-flushed'].map((name) => `${FOLDER}/${name}.e2e-spec.ts`);
/** Starts servers of its own, which are no cluster. */
const OWN_SERVERS = `${FOLDER}/start.e2e-spec.ts`;

/** Large tests on a Redis Cluster of three masters: some in `npm test`, `all` in `npm run test:cluster`. */
export async function runOnCluster({ echo, timeoutMs, all = false }) {
  const server = await findRedisProgram();
  if (server.isExpected) return { passed: 0, failed: 0, note: `NOT RUN: ${server.reason}` };
  if (server.reason !== undefined) return { passed: 0, failed: 1, report: [server.reason] };
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-cluster-'));
  chmodSync(folder, 0o755);
  const cluster = await startRedisCluster({ server, folder });
  try {
    return await runJest('large', { workers: 1, echo, env: { REDIS_URL: cluster.url }, timeoutMs, paths: all ? everything() : CHOSEN });
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function everything() {
  return readdirSync(at(FOLDER)).filter((name) => name.endsWith('.e2e-spec.ts')).map((name) => `${FOLDER}/${name}`).filter((file) => file !== OWN_SERVERS);
}
