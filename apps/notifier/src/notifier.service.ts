import { NoticeStore } from '@countersign/core';
import { consume, jobListener, Publisher } from '@countersign/queues';
import { createLogger, createMetrics, loadEnv, startHealthServer, type ServiceContext } from '@countersign/service-kit';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { notifierHandlers } from './handlers';
import { NotifierEnv } from './notifier.env';
import { Lanes, NotifierModule } from './notifier.module';

/** Builds the notifier and runs it until `context` ends. */
export async function startNotifier({ service, shutdown, health, announceReady, useLogger }: ServiceContext): Promise<void> {
  const env = loadEnv(NotifierEnv);
  const logger = createLogger({ service, level: env.LOG_LEVEL });
  useLogger(logger);
  const app = await NestFactory.createApplicationContext(NotifierModule.of({ env, logger }), { logger: ['error', 'warn'], abortOnError: false });
  const metrics = createMetrics({ service, process: env.PROCESS_METRICS });
  const dataSource = app.get(DataSource);
  const publisher = app.get(Publisher);
  const lanes = app.get(Lanes);
  await app.get(NoticeStore).keepOnly(lanes.channels.map(({ channel }) => channel.name));
  health.addReady('postgres', () => dataSource.query('SELECT 1'));
  health.addReady('redis', () => publisher.queue('notifier').getVersion());

  const consumer = consume('notifier', notifierHandlers(lanes.list), { redisUrl: env.REDIS_URL, listener: jobListener(logger, metrics) });
  const healthServer = env.HEALTH_PORT === undefined ? null : await startHealthServer({ health, metrics, port: env.HEALTH_PORT, host: env.HEALTH_HOST });

  shutdown.on('intake', 'jobs', () => consumer.close());
  shutdown.on('drain', 'channels', () => lanes.close());
  shutdown.on('close', 'health', () => healthServer?.close());
  shutdown.on('close', 'queues', () => publisher.close());
  shutdown.on('close', 'postgres', () => dataSource.destroy());
  await consumer.ready();
  announceReady();
}
