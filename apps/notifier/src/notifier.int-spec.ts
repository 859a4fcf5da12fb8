import { consume, type Consumer, Publisher } from '@countersign/queues';
import { createLogger, loadEnv } from '@countersign/service-kit';
import { freshRedis, startHttp, waitFor, type FreshRedis, type HttpServer } from '@countersign/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { notifierHandlers } from './handlers';
import { NotifierEnv } from './notifier.env';
import { Lanes, NotifierModule } from './notifier.module';
import { NotifierStage } from './testing/notifier-stage';

interface Posted {
  status: string;
  action: string;
  data: { run_id?: string; version?: number; type?: string } | null;
}

describe('the notifier beside an outside WebSocket server', () => {
  let stage: NotifierStage;
  let redis: FreshRedis;
  let outside: HttpServer;
  let app: INestApplicationContext;
  let consumer: Consumer;
  let dataDir: string;
  let isUp = true;
  const posts: Posted[] = [];

  beforeAll(async () => {
    [stage, redis] = await Promise.all([NotifierStage.open(), freshRedis()]);
    dataDir = await mkdtemp(join(tmpdir(), 'countersign-notifier-'));
    outside = await startHttp(({ body }) => {
      if (!isUp) return { status: 503 };
      posts.push(JSON.parse(body.toString()) as Posted);
      return { body: { ok: true } };
    });
    const env = loadEnv(NotifierEnv, {
      DATABASE_URL: stage.database.url, REDIS_URL: redis.url, DATA_DIR: dataDir, WEBSOCKET_URL: outside.url.replace('http', 'ws'), WEBSOCKET_API_KEY: 'outside-key',
    });
    const logger = createLogger({ service: 'test', level: 'silent' });
    const prefix = `{${redis.keyPrefix}}`;
    app = await NestFactory.createApplicationContext(NotifierModule.of({ env, logger, queuePrefix: prefix, socketPrefix: redis.keyPrefix }), { logger: ['error'] });
    consumer = consume('notifier', notifierHandlers(app.get(Lanes).list), { redisUrl: redis.url, prefix, listener: { onDone: () => undefined, onFailed: () => undefined } });
    await consumer.ready();
  });

  afterAll(async () => {
    await consumer.close();
    await app.get(Lanes).close();
    await app.get(Publisher).close();
    await app.get(DataSource).destroy();
    await Promise.all([outside.close(), stage.close(), redis.drop(), rm(dataDir, { recursive: true, force: true })]);
  });

  const ring = (runId: string, seq: number): Promise<string> => app.get(Publisher).ring({ job: 'notice.tell', data: { run_id: runId, seq } });

  it('posts an approval request with the key of this installation', async () => {
    const { run, approval } = await stage.ask(await stage.run());
    await ring(run.runId, run.version);
    const asked = await waitFor(() => posts.find(({ action }) => action === 'approval_required'), { what: 'the approval request' });
    expect(asked).toMatchObject({ status: 'hitl_request', data: { type: 'hitl_approval_request', approval_id: approval.approvalId } });
    expect(outside.requests.at(-1)?.headers['x-api-key']).toBe('outside-key');
  });

  it('an outage loses nothing, keeps the order per run, and does not hold up the sockets', async () => {
    isUp = false;
    const before = outside.requests.length;
    const runs = await Promise.all(Array.from({ length: 8 }, async () => stage.talk(await stage.run(), 4)));
    await Promise.all(runs.map((run) => ring(run.runId, run.version)));
    await Promise.all(runs.map((run) => waitFor(async () => (await stage.told(run.runId, 'socket'))?.told_seq === 5, { what: 'the sockets to be told' })));
    await Promise.all(runs.map((run) => waitFor(async () => (await stage.told(run.runId, 'websocket'))?.next_try_at, { what: 'a next try to be noted' })));
    expect(outside.requests.length - before).toBeLessThan(2 * runs.length);
    isUp = true;
    for (const run of runs) {
      await waitFor(async () => (await stage.told(run.runId, 'websocket'))?.told_seq === 5, { what: 'the outside server to be told' });
      const versions = posts.filter(({ data }) => data?.run_id === run.runId).map(({ data }) => data?.version);
      expect(versions).toEqual([1, 2, 3, 4, 5]);
    }
  });
});
