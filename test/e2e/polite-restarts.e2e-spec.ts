import { verifyRun } from '@countersign/core';
import { createDataSource, migrate, poolOf, PostgresAuditReader } from '@countersign/persistence';
import { sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DataSource } from 'typeorm';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { SERVICES, startHouse, type House } from '../harness/house';

/** How long a server stays away: an operator's restart, an update of the machine's packages. */
const PAUSE_MS = 5_000;
const RUNS = 12;
const PATIENCE_MS = 60_000;

describe('Postgres and Redis restarted by their operator', () => {
  let folder: string;
  let servers: ChildProcess;
  let dataSource: DataSource;
  let house: House;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-own-servers-'));
    // Postgres may run as another user than the tests.
    chmodSync(folder, 0o755);
    servers = fork(resolve(__dirname, '../harness/own-servers.mjs'), [folder], { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const [urls] = (await once(servers, 'message')) as [{ DATABASE_URL: string; REDIS_URL: string }];
    dataSource = await createDataSource({ url: urls.DATABASE_URL, poolSize: 2, applicationName: 'test' }).initialize();
    await migrate(dataSource);
    house = await startHouse({ env: urls });
  }, 180_000);
  afterAll(async () => {
    await house.close();
    await dataSource.destroy();
    servers.send('stop');
    await once(servers, 'exit');
    rmSync(folder, { recursive: true, force: true });
  });

  async function restart(server: 'postgres' | 'redis'): Promise<void> {
    const restarted = once(servers, 'message');
    servers.send({ restart: server, pauseMs: PAUSE_MS });
    expect((await restarted)[0]).toEqual({ restarted: server });
  }

  const isReady = async (): Promise<boolean> => (await fetch(`${house.url}/health/ready`).catch(() => null))?.status === 200;

  it.each(['postgres', 'redis'] as const)('%s: every service lives on, connects again by itself, and all runs go on where they were', async (server) => {
    const client = house.client();
    const calling = await Promise.all(Array.from({ length: RUNS }, async () => (await client.startRun(scriptedRequest('auto', { delay_ms: 2_000 }))).run_id));
    const waiting = await Promise.all(Array.from({ length: 3 }, async () => (await client.startRun(scriptedRequest('require_human'))).run_id));
    for (const runId of waiting) await untilAsked(client, runId, 'payload_suggestion');

    await restart(server);
    await waitFor(isReady, { what: 'the gateway to be ready again', timeoutMs: PATIENCE_MS });
    const { run_id: fresh } = await client.startRun(scriptedRequest('auto'));
    for (const runId of [...calling, fresh]) await untilStatus(client, runId, 'completed');
    for (const runId of waiting) await approveAll(client, runId);

    expect(SERVICES.filter((service) => !house.alive(service))).toEqual([]);
    const reader = new PostgresAuditReader(poolOf(dataSource), sha256Hex);
    for (const runId of [...calling, ...waiting, fresh]) {
      const [record] = await reader.records({ runId }, null, 1);
      if (!record) throw new Error(`no evidence of ${runId}`);
      expect(verifyRun(record, sha256Hex).findings).toEqual([]);
      expect(record.launches).toHaveLength(1);
    }
  }, 240_000);
});
