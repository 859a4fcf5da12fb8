import { JOBS, jobIdOf, QUEUE_POLICY, QUEUES, type JobData, type JobName, type QueueName } from '@countersign/contracts';
import { openRedis, type RedisConnection } from '@countersign/service-kit';
import { Queue, type JobsOptions } from 'bullmq';
import { connectionOptions, prefixOf, type QueueSettings } from './queue-settings';

export interface Ring<N extends JobName = JobName> {
  job: N;
  data: JobData<N>;
  delayMs?: number;
  /** Part of the job id: lets the sweeper ring again although an earlier, finished job has the same id. */
  again?: string;
}

/** The only door into the queues: a wrong payload or a job on the wrong queue does not compile. */
export class Publisher {
  private readonly redis: RedisConnection;
  private readonly queues: Record<QueueName, Queue>;

  constructor(settings: QueueSettings) {
    this.redis = openRedis(settings.redisUrl, connectionOptions('publisher'));
    const make = (name: QueueName): Queue => {
      const queue = new Queue(name, { connection: this.redis, prefix: prefixOf(settings), skipVersionCheck: true });
      queue.on('error', () => undefined);
      return queue;
    };
    this.queues = Object.fromEntries(QUEUES.map((name) => [name, make(name)])) as Record<QueueName, Queue>;
  }

  async ring<N extends JobName>(ring: Ring<N>): Promise<string> {
    const { name, data, opts } = toJob(ring);
    await this.queues[JOBS[ring.job].queue].add(name, data, opts);
    return opts.jobId ?? '';
  }

  /** All of them, one round trip a queue. */
  async ringAll(rings: Ring[]): Promise<void> {
    await Promise.all(QUEUES.map(async (queue) => {
      const jobs = rings.filter((ring) => JOBS[ring.job].queue === queue).map(toJob);
      if (jobs.length === 1 && jobs[0]) await this.queues[queue].add(jobs[0].name, jobs[0].data, jobs[0].opts);
      else if (jobs.length > 1) await this.queues[queue].addBulk(jobs);
    }));
  }

  /** For the dashboard and job look-ups only. */
  queue(name: QueueName): Queue {
    return this.queues[name];
  }

  async close(): Promise<void> {
    await Promise.all(QUEUES.map((name) => this.queues[name].close()));
    this.redis.disconnect();
  }
}

function toJob<N extends JobName>({ job, data, delayMs, again }: Ring<N>): { name: N; data: JobData<N>; opts: JobsOptions } {
  const policy = QUEUE_POLICY[JOBS[job].queue];
  return {
    name: job,
    data,
    opts: {
      jobId: again === undefined ? jobIdOf(job, data) : `${jobIdOf(job, data)}_again-${again}`,
      attempts: policy.attempts,
      backoff: { type: 'exponential', delay: policy.backoffMs, jitter: 0.5 },
      removeOnComplete: { age: policy.keepDoneSeconds, count: policy.keepDoneCount },
      removeOnFail: { age: policy.keepFailedSeconds },
      ...(delayMs !== undefined && delayMs > 0 ? { delay: delayMs } : {}),
    },
  };
}
