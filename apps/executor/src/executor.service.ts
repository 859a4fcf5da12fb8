import { ArtifactFiles, LiveState } from '@countersign/core';
import { FsArtifactFiles } from '@countersign/files';
import type { RedisLiveState } from '@countersign/persistence';
import { consume, Doorbells, jobListener, Publisher } from '@countersign/queues';
import { openWorker, type ServiceContext } from '@countersign/service-kit';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { ExecutorEnv } from './executor.env';
import { ExecutorModule } from './executor.module';
import { executorHandlers } from './handlers';
import { AskModel } from './language/ask-model';
import { LaunchOnce } from './launch/launch-once';
import { LookAtLaunch } from './follow/look-at-launch';
import { ResolveForm } from './forms/resolve-form';
import { StopJob } from './follow/stop-job';

/** A draft of a file that nobody has written to for so long is a killed process's, ms: an upload of 100 MB takes minutes on the slowest line. */
const DRAFT_LEFT_MS = 60 * 60_000;

/** Builds the executor and runs it until `context` ends. */
export async function startExecutor(context: ServiceContext): Promise<void> {
  const { shutdown, health, announceReady } = context;
  const { env, logger, metrics, answerProbes } = openWorker(context, ExecutorEnv);
  const app = await NestFactory.createApplicationContext(ExecutorModule.of(env, logger), { logger: ['error', 'warn'], abortOnError: false });
  const redis = app.get(Redis);
  const dataSource = app.get(DataSource);
  health.addReady('postgres', () => dataSource.query('SELECT 1'));
  health.addReady('redis', () => redis.ping());

  const hands = { launchOnce: app.get(LaunchOnce), look: app.get(LookAtLaunch), stopJob: app.get(StopJob), resolveForm: app.get(ResolveForm), askModel: app.get(AskModel) };
  const files = app.get(ArtifactFiles);
  if (files instanceof FsArtifactFiles) await files.removeLeftovers(DRAFT_LEFT_MS);
  await hands.resolveForm.warm();
  await hands.askModel.announce();
  const consumer = consume('executor', executorHandlers(hands), { redisUrl: env.REDIS_URL, listener: jobListener(logger, metrics) });
  await answerProbes();

  shutdown.on('intake', 'jobs', () => consumer.close());
  shutdown.on('drain', 'doorbells', () => app.get(Doorbells).settle());
  shutdown.on('close', 'queues', () => app.get(Publisher).close());
  shutdown.on('close', 'redis', () => { (app.get(LiveState) as RedisLiveState).close(); redis.disconnect(); });
  shutdown.on('close', 'postgres', () => dataSource.destroy());
  await consumer.ready();
  announceReady();
}
