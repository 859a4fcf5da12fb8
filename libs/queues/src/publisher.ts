/*
 * What this is: the only door into the queues; every job of the house is put there here.
 * Invariant: a job's id follows from what it is about, so a doorbell rung twice is one job (3); a swept one never piles up.
 * To extend: a new job needs nothing here; how its queue tries again is a line of QUEUE_POLICY.
 */
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

/** Sweeps within this time share a job, ms: should one hang for ever in a living process, the next one passes it by. */
const SAME_AGAIN_MS = 600_000;
/** A swept doorbell that changed nothing is rung again after this, ms. */
const DONE_PAUSE_MS = 10_000;
/** One that failed for good is rung again after this, ms: trouble is over by itself more often than not, and nobody should have to press a button then. */
const FAILED_PAUSE_MS = 60_000;
/** Pause between tries of a swept doorbell, ms: what it waits for is overdue already. */
const SWEPT_BACKOFF_MS = 5_000;

/** A wrong payload, or a job on the wrong queue, does not compile. */
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

  /**
   * Rings for what is overdue. A doorbell of this sort that still waits or is being worked on is left alone; one that is over
   * is rung once more, after a failure only after a pause: so a job that cannot succeed stands once among the failed ones.
   */
  async ringAgain(rings: Ring[], nowMs: number): Promise<void> {
    const window = Math.floor(nowMs / SAME_AGAIN_MS);
    const again = rings.map((ring) => ({ ...ring, again: `sweep-${window}` }));
    await this.ringAll(again);
    await Promise.all(again.map((ring) => this.revive(ring)));
  }

  private async revive(ring: Ring): Promise<void> {
    const job = await this.queues[JOBS[ring.job].queue].getJob(toJob(ring).opts.jobId ?? '');
    if (!job?.finishedOn) return;
    const state = job.failedReason ? 'failed' : 'completed';
    if (Date.now() - job.finishedOn < (state === 'failed' ? FAILED_PAUSE_MS : DONE_PAUSE_MS)) return;
    // Another sweeper, or an operator, may have been faster.
    await job.retry(state, { resetAttemptsMade: true, resetAttemptsStarted: true }).catch(() => undefined);
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

const SWEPT = /^sweep-/;

function toJob<N extends JobName>({ job, data, delayMs, again }: Ring<N>): { name: N; data: JobData<N>; opts: JobsOptions } {
  const policy = QUEUE_POLICY[JOBS[job].queue];
  return {
    name: job,
    data,
    opts: {
      jobId: again === undefined ? jobIdOf(job, data) : `${jobIdOf(job, data)}_again-${again}`,
      attempts: policy.attempts,
      backoff: SWEPT.test(again ?? '') ? { type: 'fixed', delay: SWEPT_BACKOFF_MS, jitter: 0.5 } : { type: 'exponential', delay: policy.backoffMs, jitter: 0.5 },
      removeOnComplete: { age: policy.keepDoneSeconds, count: policy.keepDoneCount },
      removeOnFail: { age: policy.keepFailedSeconds, count: policy.keepFailedCount },
      ...(delayMs !== undefined && delayMs > 0 ? { delay: delayMs } : {}),
    },
  };
}
