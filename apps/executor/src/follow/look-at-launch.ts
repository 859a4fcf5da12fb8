/*
 * What this is: looks at a launch that is under way and moves it on: follows its job, or finds the job of a lost answer.
 * Invariant: an unclear launch is never sent again (7). Found by call-back or by the provider's list, it is followed;
 * not found within the grace period, a person is asked.
 */
import { addMs, hasEnded, hideSecrets, isOpenLaunch, secretsOfRun, type AiProvider, type Clock, type Launch, type LaunchStore, type Payload, type Run, type RunStore } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import type { AtWork } from '../launch/at-work';
import { DEADLINE_SECONDS, type CallProvider } from '../launch/call-provider';
import type { FinishLaunch } from './finish-launch';
import type { InputFiles } from '../launch/input-files';
import type { LaunchGate } from '../launch/launch-gate';
import { leaseEnd } from '../launch/lease';

/** Jobs younger than the launch by this much may still be its own: clocks differ, ms. */
const CLOCK_SKEW_MS = 10_000;

export interface LookSettings {
  /** LAUNCH_GRACE_SECONDS. */
  graceSeconds: number;
}

export interface LookHands {
  gate: LaunchGate;
  atWork: AtWork;
  callProvider: CallProvider;
  finish: FinishLaunch;
  inputFiles: InputFiles;
}

export class LookAtLaunch {
  constructor(
    private readonly books: { runs: RunStore; launches: LaunchStore },
    private readonly providers: ProviderRegistry,
    private readonly hands: LookHands,
    private readonly clock: Clock,
    private readonly settings: LookSettings,
  ) {}

  async lookById(launchId: string): Promise<void> {
    const launch = await this.books.launches.find(launchId);
    if (launch) await this.look(launch);
  }

  async look(launch: Launch): Promise<void> {
    if (!isOpenLaunch(launch) || this.hands.atWork.has(launch.launchId)) return;
    const provider = this.providers.find(launch.provider);
    const run = await this.books.runs.find(launch.runId);
    const payload = run?.preparation?.payload;
    if (!run || !provider || !payload) return;
    if (launch.status === 'submitting' && launch.jobId === null && launch.callbackJobId === null) return this.takeOver({ run, launch, payload, provider });
    await this.hands.atWork.during(launch.launchId, () => this.findOut({ run, launch, payload, provider }));
  }

  private async findOut({ run, launch, payload, provider }: Looking): Promise<void> {
    const jobId = await this.jobOf(launch);
    // Nobody wants the result of a run that was called off: save what the job would still cost.
    if (jobId !== null && hasEnded(run) && provider.capabilities.cancel) await provider.cancel(jobId);
    if (jobId !== null) return this.follow({ ...launch, jobId }, { run, payload, provider });
    return this.reconcile(launch, payload, provider);
  }

  /** What a call-back named counts only while no other launch owns it: a job must not be followed, or stopped, for two. */
  private async jobOf(launch: Launch): Promise<string | null> {
    const { jobId, callbackJobId } = launch;
    if (jobId !== null || callbackJobId === null) return jobId;
    return (await this.claimedJobIds(launch)).includes(callbackJobId) ? null : callbackJobId;
  }

  private claimedJobIds(launch: Launch): Promise<string[]> {
    return this.books.launches.claimedJobIds(launch.provider, addMs(launch.submittedAt, -CLOCK_SKEW_MS));
  }

  /** The process that was sending it is gone, or still at it. */
  private async takeOver({ run, launch, payload, provider }: Looking): Promise<void> {
    const now = this.clock.now();
    if (launch.nextCheckAt !== null && launch.nextCheckAt > now) return;
    if (provider.capabilities.idempotency === 'key' && run.step === 'api_call' && run.attempt === launch.attempt) {
      if (run.status === 'running') return this.sendAgain(run, launch, payload);
      if (run.status === 'paused') return this.books.launches.scheduleCheck(launch.launchId, leaseEnd(now));
    }
    await this.hands.finish.unclear(launch, 'the process that sent the request ended before its answer was kept');
  }

  /** Sending again is sending: the gate is asked again. Where it closed meanwhile, what was sent before is looked for. */
  private async sendAgain(run: Run, launch: Launch, payload: Payload): Promise<void> {
    const answer = await this.hands.gate.admit(run, payload);
    if (answer.ok) return this.hands.callProvider.call(answer.permitFor(launch));
    if (answer.refusal.kind === 'consent_mismatch') return this.hands.finish.end(launch, answer.refusal);
    await this.hands.finish.unclear(launch, 'the process that sent the request ended, and the approval is no longer good for sending it again');
  }

  private async follow(launch: Launch & { jobId: string }, { run, payload, provider }: Omit<Looking, 'launch'>): Promise<void> {
    const answer = await provider.follow(launch.jobId, payload);
    const noted = { ...launch, status: 'launched' as const, launchedAt: launch.launchedAt ?? launch.submittedAt };
    if (answer.ok) {
      if (this.isOverdue(launch) && (answer.state.status === 'starting' || answer.state.status === 'processing')) {
        await provider.cancel(launch.jobId);
        return this.hands.finish.end(noted, timedOut());
      }
      if ('progress' in answer.state && answer.state.progress) this.hands.callProvider.tellProgress(noted, hideSecrets(answer.state.progress, secretsOfRun(run)));
      return this.hands.finish.see(noted, payload, answer.state);
    }
    if (answer.reason === 'gone') {
      return this.hands.finish.end(noted, {
        kind: 'failed', reason: 'provider_error', message: 'The provider no longer knows this job; its output is gone.',
        detail: answer.detail, metrics: null, cost: null,
      });
    }
    if (this.isOverdue(launch)) return this.hands.finish.end(noted, timedOut());
    return this.hands.finish.lookAgain(noted);
  }

  private async reconcile(launch: Launch, payload: Payload, provider: AiProvider): Promise<void> {
    const answer = provider.capabilities.reconcile === 'list' ? await provider.reconcile(await this.traceOf(launch, payload)) : { kind: 'not_found' as const };
    if (answer.kind === 'found') return this.hands.finish.launched(launch, payload, answer);
    const graceEnds = addMs(launch.submittedAt, this.settings.graceSeconds * 1000);
    if (this.clock.now() < graceEnds) return this.hands.finish.lookAgain(launch);
    await this.hands.finish.end(launch, {
      kind: 'unknown', jobIds: answer.kind === 'ambiguous' ? answer.jobIds : [],
      detail: answer.kind === 'ambiguous'
        ? 'The answer to the call was lost, and more than one job at the provider could be its own.'
        : `The answer to the call was lost, and no job of it was found at the provider within ${this.settings.graceSeconds} seconds.`,
    });
  }

  private async traceOf(launch: Launch, payload: Payload) {
    const files = await this.hands.inputFiles.of(launch.tenantId, payload);
    return {
      openInput: files.open, isOwnFile: files.isOwn,
      launchId: launch.launchId, payload, submittedAt: launch.submittedAt,
      claimedJobIds: await this.claimedJobIds(launch),
    };
  }

  private isOverdue(launch: Launch): boolean {
    const endsAt = addMs(launch.submittedAt, (DEADLINE_SECONDS + this.settings.graceSeconds) * 1000);
    return this.clock.now() > endsAt;
  }
}

interface Looking {
  run: Run;
  launch: Launch;
  payload: Payload;
  provider: AiProvider;
}

function timedOut() {
  return {
    kind: 'failed' as const, reason: 'timed_out' as const, message: 'The model did not finish within its time limit.',
    detail: `still running after ${DEADLINE_SECONDS} seconds`, metrics: null, cost: null,
  };
}
