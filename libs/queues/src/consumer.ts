/*
 * What this is: the one place where jobs become calls of handlers, and the only catcher.
 * Invariants: every handler may run twice (3); an invalid payload is terminal; it rethrows, so that BullMQ's retries
 * and the failed list tell the truth. TerminalError and RetryableError are translated here and nowhere else.
 * To extend: a new job is one line in contracts' JOBS; `Handlers` then does not compile until it has a handler.
 */
import { JOBS, QUEUE_POLICY, type JobData, type JobName, type JobsOn, type QueueName } from '@countersign/contracts';
import { openRedis } from '@countersign/service-kit';
import { DelayedError, UnrecoverableError, Worker, type Job } from 'bullmq';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { failureWords, type FailureCode } from './failure-words';
import { RetryableError, TerminalError } from './job-errors';
import { connectionOptions, prefixOf, type QueueSettings } from './queue-settings';

/** One handler for each job of the queue: a missing one does not compile. */
export type Handlers<Q extends QueueName> = { [N in JobsOn<Q>]: (data: JobData<N>) => Promise<void> };

/** Who wants to know how jobs end: logs and metrics. */
export interface JobListener {
  onDone(job: string, ms: number): void;
  onFailed(job: string, error: Error, final: boolean): void;
  /** Jobs did not end in time at a shutdown and were left to whoever looks for stalled ones. */
  onHandedOn?(jobs: number): void;
}

export interface Consumer {
  ready(): Promise<void>;
  /** Takes no more jobs and lets running ones finish; those that take too long are handed on to another process. */
  close(): Promise<void>;
}

/** A job whose process died is handed on after this, ms; a living process renews twice as often, however long the job is. */
const LOCK_MS = 10_000;
/**
 * Running jobs have this long to finish when their process ends, ms: three quarters of the process's grace period, so that
 * the rest is left for letting go. A job that still runs then is found stalled by another process after LOCK_MS; that it may
 * have had effects already is nothing new to its handler.
 */
export const DRAIN_MS = 6_000;
/** How often jobs of dead processes are looked for, ms. */
const STALLED_EVERY_MS = 5_000;
/** A doorbell may be handed on this often before it counts as failed: deaths of our processes are not the job's fault. */
const MAX_STALLED = 20;
/** A handler may put a job off this often; after that it fails like any other. Over six hours at the longest pause that a provider gets. */
export const MAX_POSTPONED = 200;

export function consume<Q extends QueueName>(queue: Q, handlers: Handlers<Q>, settings: QueueSettings & { listener: JobListener; drainMs?: number }): Consumer {
  let isClosing = false;
  const running = new Set<string>();
  const redis = openRedis(settings.redisUrl, connectionOptions('worker', () => isClosing));
  const policy = QUEUE_POLICY[queue];
  const { listener } = settings;
  // With `skipVersionCheck` BullMQ would not know that this Redis can wait for parts of a second: each pause would grow to whole ones.
  const worker = new Worker(queue, (job, token) => {
    const id = job.id ?? '';
    running.add(id);
    return handle(job, token, handlers as unknown as AnyHandlers).finally(() => running.delete(id));
  }, {
    connection: redis,
    prefix: prefixOf(settings),
    concurrency: policy.concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_EVERY_MS,
    maxStalledCount: MAX_STALLED,
  });
  worker.on('error', (error) => listener.onFailed(`${queue} worker`, error, false));
  worker.on('completed', (job) => listener.onDone(job.name, (job.finishedOn ?? 0) - (job.processedOn ?? 0)));
  worker.on('failed', (job, error) => listener.onFailed(job?.name ?? queue, error, Boolean(job?.finishedOn)));
  return {
    ready: async () => void (await worker.waitUntilReady()),
    close: async () => {
      isClosing = true;
      if (!(await endsInTime(worker.close(), settings.drainMs ?? DRAIN_MS))) listener.onHandedOn?.(running.size);
      redis.disconnect();
    },
  };
}

async function endsInTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

type AnyHandlers = Record<string, (data: object) => Promise<void>>;

async function handle(job: Job<object>, token: string | undefined, handlers: AnyHandlers): Promise<void> {
  const handler = Object.hasOwn(handlers, job.name) ? handlers[job.name] : undefined;
  const contract = Object.hasOwn(JOBS, job.name) ? JOBS[job.name as JobName] : undefined;
  if (!handler || !contract) throw unknownJob(job);
  const { payload, problem } = read(contract.payload as new () => object, job.data);
  if (problem !== null) throw deadLetter(job, 'INVALID_PAYLOAD', `invalid payload: ${problem}`);
  try {
    await handler(payload);
  } catch (error) {
    if (error instanceof TerminalError) throw deadLetter(job, 'HOPELESS', error.message);
    if (error instanceof RetryableError && error.retryAfterMs !== undefined && job.attemptsStarted < MAX_POSTPONED) {
      await job.moveToDelayed(Date.now() + error.retryAfterMs, token);
      throw new DelayedError(error.message);
    }
    if (isLastTry(job)) throw deadLetter(job, 'TRIES_USED_UP', wordsOf(error), error);
    throw error;
  }
}

/** The payload as its class; fields that this version does not know are dropped, not refused: a newer one may ring. */
function read(type: new () => object, data: unknown): { payload: object; problem: string | null } {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return { payload: {}, problem: 'not an object' };
  const payload = plainToInstance(type, data);
  const problems = validateSync(payload, { whitelist: true, forbidUnknownValues: true });
  return { payload, problem: problems.length > 0 ? problems.map(({ property }) => property).join(', ') : null };
}

/** While versions stand side by side, a newer one may ring for what this one has not learnt yet: its next try may meet one that has. */
function unknownJob(job: Job<object>): Error {
  const words = `no handler for a job named ${job.name}`;
  return isLastTry(job) ? deadLetter(job, 'NO_HANDLER', words) : new Error(words);
}

const isLastTry = (job: Job<object>): boolean => job.attemptsMade + 1 >= (job.opts.attempts ?? 1);

/** It goes to the failed jobs, where it stays to be seen and retried. */
function deadLetter(job: Job<object>, code: FailureCode, detail: string, cause?: unknown): UnrecoverableError {
  const failure = new UnrecoverableError(failureWords(code, job, detail));
  if (cause instanceof Error && cause.stack !== undefined) failure.stack = `${failure.message}\n${cause.stack}`;
  return failure;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
