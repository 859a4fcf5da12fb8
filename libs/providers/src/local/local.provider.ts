/*
 * What this is: real models on this machine, in worker threads: the event loop never waits for one.
 * Invariant: launch() answers with the result or with what went wrong and leaves nothing running behind; jobs are not kept,
 * so a launch that was lost is simply made again (it is free and gives the same answer).
 * To extend: a model is one file like local-read.ts, one task (local-tasks.ts, worker/) and one line in MODELS.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type {
  AnswerAudit, CancelAnswer, FailureReason, FollowAnswer, JobState, LaunchAnswer, LaunchRequest, ProviderCapabilities, ProviderOutput, Tool,
} from '@countersign/core';
import { isJsonObject } from '@countersign/core';
import { checkInput } from '../declared/check-input';
import { FreeProvider, calledOff, refused, refusedInput } from '../declared/free-provider';
import { InputRefusedError, LOCAL } from './local-model';
import type { LocalModel } from './local-model';
import { read } from './local-read';
import { speak } from './local-speak';
import { upscale } from './local-upscale';
import { PoolBusyError, TaskFailedError, WorkerCrashedError, WorkerPool } from './worker-pool';

const MODELS: readonly LocalModel[] = [speak, upscale, read];
const MAX_RUN_MS = 300_000; // five times what the largest input takes on one slow core
const MAX_WAITING = 16; // each waiting task holds its decoded picture
const BUSY_RETRY_MS = 5_000; // about one task's length

export interface LocalProviderOptions {
  /** Worker threads at most; default one, or two where there are more than two cores. */
  workers?: number;
}

export class LocalProvider extends FreeProvider {
  readonly name = LOCAL;
  readonly title = 'This machine';
  readonly description = 'Small models that run on this machine: enlarge a picture, speak a text, read a picture. No key, no cost.';
  readonly tools: readonly Tool[] = []; // no tool of the callers means it: it is asked for by name
  readonly capabilities: ProviderCapabilities = {
    idempotency: 'key', reconcile: 'none', cancel: false, result: 'sync', callbacks: false, streaming: false, paid: false,
  };
  protected readonly forms = MODELS.map((model) => model.form);
  private readonly pool: WorkerPool;

  constructor({ workers = availableParallelism() > 2 ? 2 : 1 }: LocalProviderOptions = {}) {
    super();
    this.pool = new WorkerPool(join(__dirname, 'worker', 'local-worker.cjs'), { size: workers, maxWaiting: MAX_WAITING });
  }

  async launch(request: LaunchRequest): Promise<LaunchAnswer> {
    if (request.signal.aborted) return calledOff();
    const { model: name, version, input } = request.payload;
    const model = MODELS.find(({ form }) => form.model === name && form.version === version);
    if (model === undefined) return this.unknownModel(name, version);
    const wrong = checkInput(model.form, input);
    if (wrong.length > 0) return refusedInput(wrong);

    const limitMs = Math.min(MAX_RUN_MS, request.deadlineSeconds * 1000);
    const { signal, release } = limited(request.signal, limitMs);
    const startedAt = performance.now();
    const answer = (state: WithoutMetrics): LaunchAnswer => {
      const seconds = Math.round(performance.now() - startedAt) / 1000;
      return { kind: 'launched', jobId: jobIdOf(request), state: { ...state, metrics: { computeSeconds: seconds, totalSeconds: seconds } } };
    };
    try {
      const output = await model.start({
        input, openInput: request.openInput,
        run: (task) => this.pool.run(task, signal, (percent) => request.onProgress({ percent, message: null })),
      });
      return answer({ status: 'succeeded', output });
    } catch (error) {
      if (error instanceof InputRefusedError) return refusedInput([{ field: error.field, code: error.code, message: error.message }]);
      if (error instanceof PoolBusyError) return refused('throttled', 'This machine has too much to do; try again in a moment.', { retryAfterMs: BUSY_RETRY_MS });
      if (request.signal.aborted) return answer({ status: 'cancelled', detail: 'stopped on request' });
      return answer(failureOf(error, signal.aborted, limitMs));
    } finally {
      release();
    }
  }

  async follow(jobId: string): Promise<FollowAnswer> {
    return { ok: false, reason: 'gone', detail: `${jobId}: results come with the launch and are not kept here` };
  }

  async cancel(jobId: string): Promise<CancelAnswer> {
    return { ok: false, detail: `${jobId}: a run on this machine is stopped by its launch's signal` };
  }

  audit({ raw, parts }: ProviderOutput): AnswerAudit {
    const text = parts.find((part) => part.kind === 'text')?.text ?? null;
    const confidence = isJsonObject(raw) ? raw['confidence'] : null;
    const quality = typeof confidence === 'number' ? Math.min(1, Math.max(0, confidence / 100)) : null;
    return { text, quality, flags: [] };
  }

  /** Ends the worker threads. */
  async close(): Promise<void> {
    await this.pool.close();
  }
}

/** By hand, because a signal of AbortSignal.any() and AbortSignal.timeout() may be collected before it fires (Node 20). */
function limited(outer: AbortSignal, limitMs: number): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, limitMs);
  outer.addEventListener('abort', stop, { once: true });
  const release = (): void => {
    clearTimeout(timer);
    outer.removeEventListener('abort', stop);
  };
  return { signal: controller.signal, release };
}

type WithoutMetrics = JobState extends infer State ? (State extends { metrics: unknown } ? Omit<State, 'metrics'> : never) : never;

function failureOf(error: unknown, isTimeUp: boolean, limitMs: number): WithoutMetrics {
  const detail = error instanceof Error ? error.message : String(error);
  const failed = (reason: FailureReason, message: string): WithoutMetrics => ({ status: 'failed', reason, message, detail });
  if (isTimeUp) return failed('timed_out', `The run took longer than ${Math.round(limitMs / 1000)} s and was stopped.`);
  if (error instanceof TaskFailedError) return failed('model_error', 'The model could not work with this input.');
  if (error instanceof WorkerCrashedError && error.isOutOfMemory) return failed('out_of_memory', 'The model ran out of memory; a smaller input may work.');
  return failed('provider_error', 'The model stopped unexpectedly.');
}

/** The same launch has the same job id, whichever process makes it. */
function jobIdOf({ launchId }: LaunchRequest): string {
  return `local-${createHash('sha256').update(launchId).digest('hex').slice(0, 32)}`;
}
