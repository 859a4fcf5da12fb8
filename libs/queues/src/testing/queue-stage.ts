import { freshRedis, type FreshRedis } from '@countersign/testing';
import { consume, type Consumer, type Handlers, type JobListener } from '../consumer';
import { Publisher } from '../publisher';

export interface Heard {
  done: string[];
  failed: { job: string; message: string; final: boolean }[];
}

export interface QueueStage {
  redis: FreshRedis;
  settings: { redisUrl: string; prefix: string };
  publisher: Publisher;
  heard: Heard;
  /** The notifier's consumer, as it has the fewest handlers. */
  serve(tell: Handlers<'notifier'>['notice.tell']): Promise<Consumer>;
  close(): Promise<void>;
}

/** Queues on a Redis of their own. */
export async function queueStage(): Promise<QueueStage> {
  const redis = await freshRedis();
  const settings = { redisUrl: redis.url, prefix: `{${redis.keyPrefix}}` };
  const publisher = new Publisher(settings);
  await publisher.queue('notifier').waitUntilReady();
  const heard: Heard = { done: [], failed: [] };
  const listener: JobListener = {
    onDone: (job) => void heard.done.push(job),
    onFailed: (job, error, final) => void heard.failed.push({ job, message: error.message, final }),
  };
  const consumers: Consumer[] = [];
  return {
    redis, settings, publisher, heard,
    serve: async (tell) => {
      const consumer = consume('notifier', { 'notice.tell': tell }, { ...settings, listener });
      consumers.push(consumer);
      await consumer.ready();
      return consumer;
    },
    close: async () => {
      await Promise.all(consumers.map((consumer) => consumer.close()));
      await publisher.close();
      await redis.drop();
    },
  };
}
