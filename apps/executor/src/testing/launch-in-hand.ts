import type { CostEstimate, JobState, LaunchAnswer, LaunchRequest } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import type { ExecutorStage } from './executor-stage';
import type { Script } from './watched-provider';

/** `sync`: the result comes in the answer to the call. `job`: the answer names a job, which is followed. */
export type Kind = 'sync' | 'job';

const METRICS = { computeSeconds: 2, totalSeconds: 3 };
/** What each call costs that comes to an end. */
export const PRICE: CostEstimate = { amount: 0.25, currency: 'USD', basis: 'two seconds' };

const succeeded: JobState = { status: 'succeeded', output: { raw: 'a fox', parts: [{ kind: 'text', pointer: '', text: 'a fox' }], doubts: [] }, metrics: METRICS };
const failed: JobState = { status: 'failed', reason: 'model_error', message: 'The model failed.', detail: 'no', metrics: METRICS };
const cancelled: JobState = { status: 'cancelled', detail: 'called off', metrics: METRICS };
const processing: JobState = { status: 'processing', progress: null };

/** A provider whose calls stop where a test wants them to, and go on when it says so. */
export class LaunchInHand {
  /** Calls that were called off before their answer came. */
  readonly abortedCalls: string[] = [];
  /** The first attempt ends with a failure of the model. */
  failsFirst = false;
  private readonly jobs = new Map<string, JobState>();
  private letAnswer: () => void = () => undefined;
  private letBegin: () => void = () => undefined;
  private answering = Promise.resolve();

  constructor(private readonly stage: ExecutorStage, private readonly kind: Kind) {
    stage.provider.reset(this.script(), { result: kind === 'sync' ? 'sync' : 'job', callbacks: false });
  }

  /** Calls wait before they answer. */
  holdAnswer(): void {
    this.answering = new Promise((resolve) => (this.letAnswer = resolve));
  }

  /** The next launch is committed, and its process gets no further until answers are let go. */
  holdAfterBegin(): { isBegun(): boolean } {
    const { launches } = this.stage;
    const begin = launches.begin.bind(launches);
    const held = new Promise<void>((resolve) => (this.letBegin = resolve));
    let isBegun = false;
    launches.begin = async (launch) => {
      const answer = await begin(launch);
      if (answer.kind === 'begun' && !isBegun) {
        isBegun = true;
        await held;
      }
      return answer;
    };
    return { isBegun: () => isBegun };
  }

  /** What was held goes on: calls answer, and jobs go on running. */
  letAnswers(): void {
    this.letBegin();
    this.letAnswer();
  }

  /** The same, and every job comes to its end. */
  letGo(): void {
    this.letAnswers();
    for (const [jobId, state] of this.jobs) if (state.status === 'processing') this.jobs.set(jobId, this.endOf(jobId));
  }

  /** Undoes what was wrapped. */
  restore(): void {
    delete (this.stage.launches as { begin?: unknown }).begin;
  }

  async untilCalled(calls: number): Promise<void> {
    await waitFor(() => this.stage.provider.launched.length === calls, { what: 'the call' });
  }

  private endOf(jobId: string): JobState {
    return this.failsFirst && jobId === [...this.jobs.keys()][0] ? failed : succeeded;
  }

  private script(): Script {
    return {
      launch: (request) => this.launch(request),
      follow: (jobId) => Promise.resolve({ ok: true, state: this.jobs.get(jobId) ?? processing }),
      reconcile: ({ launchId }) => Promise.resolve(this.jobs.has(launchId) ? { kind: 'found', jobId: launchId, state: this.jobs.get(launchId) ?? processing } : { kind: 'not_found' }),
      cancel: (jobId) => {
        if (this.jobs.get(jobId)?.status === 'processing') this.jobs.set(jobId, cancelled);
        return Promise.resolve({ ok: true, state: null });
      },
      cost: () => PRICE,
    };
  }

  /** A call that is cut off: the answer of a `sync` one is that it was stopped, that of a `job` is lost, and the job runs. */
  private async launch({ launchId, signal }: LaunchRequest): Promise<LaunchAnswer> {
    this.jobs.set(launchId, processing);
    const isCut = await Promise.race([
      this.answering.then(() => false),
      new Promise<boolean>((resolve) => signal.addEventListener('abort', () => resolve(true))),
    ]);
    if (isCut) this.abortedCalls.push(launchId);
    if (this.kind === 'job') return isCut ? { kind: 'unclear', detail: 'the request was cut off' } : { kind: 'launched', jobId: launchId, state: processing };
    const state = isCut ? cancelled : this.endOf(launchId);
    this.jobs.set(launchId, state);
    return { kind: 'launched', jobId: launchId, state };
  }
}
