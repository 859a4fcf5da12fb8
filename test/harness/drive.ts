import type { CountersignClient, RunRequest } from '@countersign/client';
import type { ApprovalView, RunView } from '@countersign/contracts';
import { waitFor } from '@countersign/testing';

/** Words of one request on a scripted model; `parameters` tell it how to behave. */
export function scriptedRequest(policy: 'auto' | 'require_human' | 'auto_with_thresholds', parameters: Record<string, string | number | boolean> = {}, more: Partial<RunRequest> = {}): RunRequest {
  const { run_input: input, hitl_config: config, ...rest } = more;
  return {
    run_input: { prompt: 'Say something friendly to everybody.', provider: 'scripted', model: 'scripted/echo', parameters, ...input },
    hitl_config: { policy, ...config },
    ...rest,
  };
}

const PATIENCE_MS = 60_000;

/** The run once it stands as wanted; a run that ended otherwise fails at once. */
export async function untilRun(client: CountersignClient, runId: string, wanted: (run: RunView) => boolean, what = 'wanted'): Promise<RunView> {
  const ended = ['completed', 'failed', 'cancelled', 'expired'];
  const run = await waitFor(async () => {
    const now = await client.status(runId);
    return wanted(now) || ended.includes(now.status) ? now : undefined;
  }, { what: `run ${runId} to be ${what}`, timeoutMs: PATIENCE_MS, intervalMs: 25 });
  if (!wanted(run)) throw new Error(`run ${runId} is ${run.status} at ${run.current_step}, not ${what}: ${JSON.stringify(run.error)}`);
  return run;
}

export const untilStatus = (client: CountersignClient, runId: string, status: string): Promise<RunView> =>
  untilRun(client, runId, (run) => run.status === status, status);

/** The approval the run waits for, once it waits at `checkpoint`. */
export async function untilAsked(client: CountersignClient, runId: string, checkpoint: string): Promise<ApprovalView> {
  const run = await untilRun(client, runId, (now) => now.pending_approval?.checkpoint_type === checkpoint, `asked about ${checkpoint}`);
  return client.approval(run.pending_approval?.approval_id ?? '');
}

/** Approves whatever is asked until the run ends. */
export async function approveAll(client: CountersignClient, runId: string): Promise<RunView> {
  for (;;) {
    const run = await untilRun(client, runId, (now) => now.pending_approval !== null || now.status === 'completed', 'waiting or completed');
    if (run.status === 'completed') return run;
    const { approval_id: approvalId } = run.pending_approval ?? { approval_id: '' };
    await client.decide(approvalId, { action: 'approve' });
    await untilRun(client, runId, (now) => now.pending_approval?.approval_id !== approvalId, 'past its approval');
  }
}
