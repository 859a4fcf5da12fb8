/*
 * What this is: a few worker threads, started when first needed, each doing one task at a time.
 * Invariant: a task ends exactly once (result, failure, crash or abort), a thread that was lost is replaced, and idle
 * threads keep no process alive.
 * To extend: a new task needs nothing here; see local-tasks.ts and worker/local-worker.cjs.
 */
import { Worker } from 'node:worker_threads';
import type { LocalTask, ResultOf, WorkerMessage } from './local-tasks';

const HEAP_LIMIT_MB = 1_024; // JavaScript heap of one thread: the pictures of the largest task, several times over

/** Too much is waiting already. */
export class PoolBusyError extends Error {}
/** The task itself failed: its input was not to its liking. */
export class TaskFailedError extends Error {}
/** The thread died under the task. */
export class WorkerCrashedError extends Error {
  constructor(message: string, readonly isOutOfMemory: boolean) {
    super(message);
  }
}

interface Waiting {
  task: LocalTask;
  signal: AbortSignal;
  onProgress: (percent: number) => void;
  settle: (outcome: { result: ResultOf<LocalTask> } | { error: unknown }) => void;
}

export interface WorkerPoolOptions {
  /** Threads at most. */
  size: number;
  /** Tasks that may wait for a thread. */
  maxWaiting: number;
}

export class WorkerPool {
  private readonly idle: Worker[] = [];
  private readonly busy = new Set<Worker>();
  private readonly waiting: Waiting[] = [];
  private closed = false;

  /** @param entry path of a script that node can run as it is. */
  constructor(private readonly entry: string, private readonly options: WorkerPoolOptions) {}

  /**
   * @throws PoolBusyError, TaskFailedError, WorkerCrashedError, or the signal's reason; an abort ends the thread at once.
   */
  run<Task extends LocalTask>(task: Task, signal: AbortSignal, onProgress: (percent: number) => void): Promise<ResultOf<Task>> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (this.closed) return reject(new PoolBusyError('the workers are shut down'));
      const isFree = this.idle.length > 0 || this.busy.size < this.options.size;
      if (!isFree && this.waiting.length >= this.options.maxWaiting) return reject(new PoolBusyError(`${this.waiting.length} tasks are waiting`));

      const stopWaiting = (): void => {
        const at = this.waiting.indexOf(entry);
        if (at === -1) return;
        this.waiting.splice(at, 1);
        entry.settle({ error: signal.reason });
      };
      const entry: Waiting = {
        task, signal, onProgress,
        settle: (outcome) => {
          signal.removeEventListener('abort', stopWaiting);
          if ('result' in outcome) resolve(outcome.result as ResultOf<Task>);
          else reject(outcome.error as Error);
        },
      };
      signal.addEventListener('abort', stopWaiting, { once: true });
      this.waiting.push(entry);
      this.startNext();
    });
  }

  /** Ends all threads; tasks under way are rejected. */
  async close(): Promise<void> {
    this.closed = true;
    for (const entry of this.waiting.splice(0)) entry.settle({ error: new PoolBusyError('the workers are shut down') });
    await Promise.all([...this.idle.splice(0), ...this.busy].map((worker) => worker.terminate()));
  }

  private startNext(): void {
    if (this.waiting.length === 0 || (this.idle.length === 0 && this.busy.size >= this.options.size)) return;
    const entry = this.waiting.shift();
    if (entry === undefined) return;
    const worker = this.idle.pop() ?? this.start();
    this.busy.add(worker);
    worker.ref();
    this.give(worker, entry);
  }

  private give(worker: Worker, { task, signal, onProgress, settle }: Waiting): void {
    let crash: Error | undefined;
    const abort = (): void => { void worker.terminate(); };
    const onMessage = (message: WorkerMessage): void => {
      if (message.kind === 'progress') onProgress(message.percent);
      else if (message.kind === 'done') finish({ result: message.result }, true);
      else finish({ error: new TaskFailedError(message.message) }, true);
    };
    const onError = (error: Error): void => { crash = error; };
    const onExit = (code: number): void => finish({ error: signal.aborted ? signal.reason : crashOf(crash, code) }, false);
    const finish = (outcome: Parameters<typeof settle>[0], isAlive: boolean): void => {
      signal.removeEventListener('abort', abort);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      this.busy.delete(worker);
      if (isAlive && !this.closed) this.keep(worker);
      settle(outcome);
      this.startNext();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    signal.addEventListener('abort', abort, { once: true });
    worker.postMessage(task);
  }

  private start(): Worker {
    const worker = new Worker(this.entry, { resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB } });
    worker.on('error', () => undefined); // an idle thread that dies is nobody's error: it is forgotten at its exit
    worker.on('exit', () => {
      const at = this.idle.indexOf(worker);
      if (at !== -1) this.idle.splice(at, 1);
    });
    return worker;
  }

  private keep(worker: Worker): void {
    worker.unref();
    this.idle.push(worker);
  }
}

function crashOf(error: Error | undefined, code: number): WorkerCrashedError {
  const isOutOfMemory = (error as NodeJS.ErrnoException | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return new WorkerCrashedError(error?.message ?? `the worker ended with status ${code}`, isOutOfMemory);
}
