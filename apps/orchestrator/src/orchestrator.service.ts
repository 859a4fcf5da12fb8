import { ApprovalStore, LiveState } from '@countersign/core';
import type { RedisLiveState } from '@countersign/persistence';
import { consume, Doorbells, jobListener, Publisher } from '@countersign/queues';
import { openWorker, type ServiceContext } from '@countersign/service-kit';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { AdvanceRun } from './moves/advance-run';
import { every } from './timers/every';
import { orchestratorHandlers } from './handlers';
import { NoteBrowser } from './moves/note-browser';
import { OrchestratorEnv } from './orchestrator.env';
import { OrchestratorModule } from './orchestrator.module';
import { OutboxRelay } from './timers/outbox-relay';
import { Reword } from './moves/reword';
import { Sweeper } from './timers/sweeper';

/** Pause between looks at the outbox, ms: only what its own process could not ring is left there. */
const RELAY_PAUSE_MS = 1_000;
/** Pause between sweeps, ms: a lost doorbell is noticed after ten seconds, so half of that is often enough. */
const SWEEP_PAUSE_MS = 5_000;

/** Builds the orchestrator and runs it until `context` ends. */
export async function startOrchestrator(context: ServiceContext): Promise<void> {
  const { shutdown, health, announceReady } = context;
  const { env, logger, metrics, answerProbes } = openWorker(context, OrchestratorEnv);
  const app = await NestFactory.createApplicationContext(OrchestratorModule.of(env, logger), { logger: ['error', 'warn'], abortOnError: false });
  const redis = app.get(Redis);
  const dataSource = app.get(DataSource);
  health.addReady('postgres', () => dataSource.query('SELECT 1'));
  health.addReady('redis', () => redis.ping());

  const hands = { advanceRun: app.get(AdvanceRun), noteBrowser: app.get(NoteBrowser), reword: app.get(Reword), approvals: app.get(ApprovalStore) };
  const consumer = consume('orchestrator', orchestratorHandlers(hands), { redisUrl: env.REDIS_URL, listener: jobListener(logger, metrics) });
  const warn = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed; it comes again`);
  const relay = every(RELAY_PAUSE_MS, () => app.get(OutboxRelay).relay(), warn('the outbox relay'));
  const sweeper = every(SWEEP_PAUSE_MS, () => app.get(Sweeper).sweep(), warn('the sweeper'));
  await answerProbes();

  shutdown.on('intake', 'timers', () => Promise.all([relay.stop(), sweeper.stop()]));
  shutdown.on('intake', 'jobs', () => consumer.close());
  shutdown.on('drain', 'doorbells', () => app.get(Doorbells).settle());
  shutdown.on('close', 'queues', () => app.get(Publisher).close());
  shutdown.on('close', 'redis', () => { (app.get(LiveState) as RedisLiveState).close(); redis.disconnect(); });
  shutdown.on('close', 'postgres', () => dataSource.destroy());
  await consumer.ready();
  announceReady();
}
