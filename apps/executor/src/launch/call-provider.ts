/*
 * What this is: one create request for a launch that is committed, and what its answer means.
 * Invariant: an answer that does not prove that nothing was created is `unclear`: never sent again, looked for instead (7).
 */
import { AUTO_RETRY_FIRST_MS, AUTO_RETRY_LONGEST_MS, topics, type AiProvider, type Launch, type LaunchAnswer, type LiveState, type Payload, type Progress, type Throttle } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import type { AtWork } from './at-work';
import type { FinishLaunch } from '../follow/finish-launch';
import type { InputFiles } from './input-files';
import type { LaunchPermit } from './launch-gate';

/** The provider itself stops a job after this, seconds: Replicate's own hard limit. */
export const DEADLINE_SECONDS = 30 * 60;
/** The pause after "too many requests" when the provider names none, ms: as long as a run itself then waits first. */
const UNSAID_PAUSE_MS = AUTO_RETRY_FIRST_MS;
/** Progress goes out at most this often per launch, ms. */
const PROGRESS_EVERY_MS = 250;

/** Addresses at which providers can call back; null = they cannot, and jobs are followed by polling. */
export type CallbackUrl = (launch: Launch, provider: AiProvider) => string | null;

export class CallProvider {
  private readonly sending = new Map<string, AbortController>();

  constructor(
    private readonly providers: ProviderRegistry,
    private readonly atWork: AtWork,
    private readonly finish: FinishLaunch,
    private readonly live: LiveState,
    private readonly doors: { inputFiles: InputFiles; callbackUrl: CallbackUrl; throttle: Throttle },
  ) {}

  /** Stops waiting for a provider that answers with the result itself. */
  abort(launchId: string): boolean {
    const controller = this.sending.get(launchId);
    controller?.abort();
    return controller !== undefined;
  }

  /** The one place where a create request is sent. */
  async call({ launch, payload }: LaunchPermit): Promise<void> {
    const provider = this.providers.find(launch.provider);
    if (!provider) return this.finish.end(launch, { kind: 'refused', refusal: unknownProvider(launch.provider) });
    const controller = new AbortController();
    this.sending.set(launch.launchId, controller);
    try {
      await this.atWork.during(launch.launchId, async () => {
        await this.settle(launch, payload, await this.send({ provider, launch, payload, signal: controller.signal }));
      });
    } finally {
      this.sending.delete(launch.launchId);
    }
  }

  private async send({ provider, launch, payload, signal }: Sending): Promise<LaunchAnswer> {
    const files = await this.doors.inputFiles.of(launch.tenantId, payload);
    return provider.launch({
      launchId: launch.launchId, payload, signal, deadlineSeconds: DEADLINE_SECONDS,
      callbackUrl: this.doors.callbackUrl(launch, provider),
      openInput: files.open, isOwnFile: files.isOwn,
      onProgress: this.progressOf(launch),
    });
  }

  private async settle(launch: Launch, payload: Payload, answer: LaunchAnswer): Promise<void> {
    switch (answer.kind) {
      case 'launched': return this.finish.launched(launch, payload, answer);
      case 'refused':
        if (answer.refusal.reason === 'throttled') await this.slowDown(launch.provider, answer.refusal.retryAfterMs ?? UNSAID_PAUSE_MS);
        return this.finish.end(launch, { kind: 'refused', refusal: answer.refusal });
      case 'unclear': return this.finish.unclear(launch, answer.detail);
    }
  }

  private async slowDown(provider: string, pauseMs: number): Promise<void> {
    await this.doors.throttle.refused(provider, Math.min(pauseMs, AUTO_RETRY_LONGEST_MS)).catch(() => undefined);
  }

  /** Streamed text always goes out, the rest at most every PROGRESS_EVERY_MS. */
  private progressOf(launch: Launch): (progress: Progress) => void {
    let lastAt = 0;
    return (progress) => {
      const streams = progress.textDelta !== undefined || progress.textSoFar !== undefined;
      if (!streams && Date.now() - lastAt < PROGRESS_EVERY_MS) return;
      lastAt = Date.now();
      this.tellProgress(launch, progress);
    };
  }

  /** A hint for whoever watches the run; nothing waits for it and nothing is lost with it. */
  tellProgress({ runId }: Launch, { percent, message, textDelta, textSoFar }: Progress): void {
    const body = {
      run_id: runId, percent, message,
      ...(textDelta === undefined ? {} : { text_delta: textDelta }), ...(textSoFar === undefined ? {} : { text_so_far: textSoFar }),
    };
    void this.live.signal(topics.run(runId), { kind: 'progress', body }).catch(() => undefined);
  }
}

interface Sending {
  provider: AiProvider;
  launch: Launch;
  payload: Payload;
  signal: AbortSignal;
}

function unknownProvider(name: string) {
  return {
    reason: 'other' as const, message: `There is no provider named ${name}.`, detail: `no provider ${name} in this executor`,
    retryAfterMs: null, fields: [],
  };
}
