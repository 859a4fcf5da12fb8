import { isOpenLaunch, type LaunchStore } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import type { CallProvider } from '../launch/call-provider';
import type { FinishLaunch } from './finish-launch';

/** Stops the job of a cancelled run where it can be stopped. The run has ended already; this saves money, not state. */
export class StopJob {
  constructor(
    private readonly launches: LaunchStore,
    private readonly providers: ProviderRegistry,
    private readonly hands: { callProvider: CallProvider; finish: FinishLaunch },
  ) {}

  async stop(runId: string, attempt: number): Promise<void> {
    const launch = await this.launches.ofAttempt(runId, attempt);
    if (!launch || !isOpenLaunch(launch)) return;
    if (this.hands.callProvider.abort(launch.launchId)) return;
    const provider = this.providers.find(launch.provider);
    const jobId = launch.jobId ?? launch.callbackJobId;
    if (!provider?.capabilities.cancel || jobId === null) return;
    const answer = await provider.cancel(jobId);
    if (!answer.ok) return;
    await this.hands.finish.end({ ...launch, jobId }, { kind: 'stopped', billed: provider.capabilities.paid, detail: 'the run was cancelled' });
  }
}
