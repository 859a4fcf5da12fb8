import { NoticeStore } from '@countersign/core';
import { consume, jobListener, Publisher } from '@countersign/queues';
import { openWorker, type ServiceContext } from '@countersign/service-kit';
import { NestFactory } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { notifierHandlers } from './handlers';
import { NotifierEnv } from './notifier.env';
import { Lanes, NotifierModule } from './notifier.module';

/** Builds the notifier and runs it until `context` ends. */
export async function startNotifier(context: ServiceContext): Promise<void> {
  const { shutdown, health, announceReady } = context;
  const { env, logger, metrics, answerProbes } = openWorker(context, NotifierEnv);
  const app = await NestFactory.createApplicationContext(NotifierModule.of({ env, logger }), { logger: ['error', 'warn'], abortOnError: false });
  const dataSource = app.get(DataSource);
  const publisher = app.get(Publisher);
  const lanes = app.get(Lanes);
  await app.get(NoticeStore).keepOnly(lanes.channels.map(({ channel }) => channel.name));
  health.addReady('postgres', () => dataSource.query('SELECT 1'));
  health.addReady('redis', () => publisher.queue('notifier').getVersion());

  const consumer = consume('notifier', notifierHandlers(lanes.list), { redisUrl: env.REDIS_URL, listener: jobListener(logger, metrics) });
  await answerProbes();

  shutdown.on('intake', 'jobs', () => consumer.close());
  shutdown.on('drain', 'channels', () => lanes.close());
  shutdown.on('close', 'queues', () => publisher.close());
  shutdown.on('close', 'postgres', () => dataSource.destroy());
  await consumer.ready();
  announceReady();
}
