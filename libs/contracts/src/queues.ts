/*
 * What this is: the queue contract, in the one place. Job name → payload class → queue → delivery policy.
 * Invariant: queue messages are doorbells (3): ids and scalars, each may ring twice.
 * To extend: a payload class in jobs/, one line in JOBS; the compiler then asks for a handler.
 */
import { ApprovalWord, ExecutionFollow, ExecutionLaunch, ExecutionStop, FormResolve, ModelAsk } from './jobs/execution-jobs';
import type { ScalarFields } from './jobs/json-only';
import { NoticeTell } from './jobs/notice-jobs';
import { ApprovalExpire, ApprovalNoted, ApprovalWorded, RunAdvance, RunCommanded, RunDecided, RunExecuted, RunStart } from './jobs/run-jobs';

/** One queue per consuming app, named as the app. */
export const QUEUES = ['orchestrator', 'executor', 'notifier'] as const;
export type QueueName = (typeof QUEUES)[number];

/** Key prefix with a hash tag, so that all keys of the queues live in one slot of a Redis Cluster. */
export const QUEUE_PREFIX = '{countersign}';

export interface QueuePolicy {
  /** Tries per job before it counts as failed for good. */
  attempts: number;
  /** First pause between tries in ms; doubles each time, with jitter. */
  backoffMs: number;
  /** Jobs one process works on at a time. */
  concurrency: number;
  /** Finished jobs kept for the dashboard: seconds and count, whichever is less. */
  keepDoneSeconds: number;
  keepDoneCount: number;
  /** Failed jobs are kept this long (seconds), to be looked at and requeued. */
  keepFailedSeconds: number;
  /** And at most so many, the newest: a flood of them must not fill Redis. */
  keepFailedCount: number;
}

const KEEP = { keepDoneSeconds: 3_600, keepDoneCount: 1_000, keepFailedSeconds: 14 * 24 * 3_600, keepFailedCount: 10_000 };

export const QUEUE_POLICY: Record<QueueName, QueuePolicy> = {
  // Short database work: many at once; 8 tries over about two minutes outlast a restart of Postgres.
  orchestrator: { attempts: 8, backoffMs: 500, concurrency: 32, ...KEEP },
  // Each waits on a provider's answer; a launch is never repeated by the queue (invariant 7), only looked at again.
  executor: { attempts: 8, backoffMs: 500, concurrency: 32, ...KEEP },
  // Deliveries outside the house: 12 tries reach over half an hour; the sweeper rings again after that.
  notifier: { attempts: 12, backoffMs: 500, concurrency: 16, ...KEEP },
};

function job<const Q extends QueueName, T extends ScalarFields<T>>(queue: Q, payload: new () => T): { queue: Q; payload: new () => T } {
  return { queue, payload };
}

export const JOBS = {
  'run.start': job('orchestrator', RunStart),
  'run.decided': job('orchestrator', RunDecided),
  'run.commanded': job('orchestrator', RunCommanded),
  'run.executed': job('orchestrator', RunExecuted),
  'run.advance': job('orchestrator', RunAdvance),
  'approval.expire': job('orchestrator', ApprovalExpire),
  'approval.noted': job('orchestrator', ApprovalNoted),
  'approval.worded': job('orchestrator', ApprovalWorded),
  'execution.launch': job('executor', ExecutionLaunch),
  'execution.follow': job('executor', ExecutionFollow),
  'execution.stop': job('executor', ExecutionStop),
  'form.resolve': job('executor', FormResolve),
  'approval.word': job('executor', ApprovalWord),
  'model.ask': job('executor', ModelAsk),
  'notice.tell': job('notifier', NoticeTell),
} as const;

export type JobName = keyof typeof JOBS;
export type JobData<N extends JobName> = InstanceType<(typeof JOBS)[N]['payload']>;
/** Names of the jobs that one queue carries. */
export type JobsOn<Q extends QueueName> = {
  [N in JobName]: (typeof JOBS)[N]['queue'] extends Q ? N : never;
}[JobName];

/** Deterministic, readable, without `:` (BullMQ's separator): `run.start_<run>`. */
export function jobIdOf<N extends JobName>(name: N, data: JobData<N>): string {
  const parts = Object.entries(data).sort(([one], [other]) => rank(one) - rank(other) || (one < other ? -1 : 1)).map(([, value]) => value as unknown);
  return [name, ...parts.filter((part) => part !== null)].join('_').replaceAll(':', '-').replaceAll('/', '-');
}

/** Ids first, the shortest name (`run_id`) before all: the fields themselves come in any order, jsonb keeps its own. */
const rank = (field: string): number => (field.endsWith('_id') ? field.length : 100);
