import type { Instant } from '../json';
import type { CostEstimate, FailureReason, JobMetrics, Progress, Refusal } from '../ports/ai-provider';
import type { RunOutput } from '../run/run';
import type { ConsentChange } from '../run/stale-consent';

/**
 * How a launch stands.
 * `submitting`: committed, the create request may or may not have been written.
 * `unclear`: the answer was lost; being reconciled until the grace period ends, then `unknown`.
 */
export type LaunchStatus =
  | 'submitting' | 'unclear' | 'launched'
  | 'succeeded' | 'failed' | 'refused' | 'stopped' | 'unknown' | 'consent_mismatch' | 'consent_stale';

export const OPEN_LAUNCH_STATUSES = ['submitting', 'unclear', 'launched'] as const satisfies readonly LaunchStatus[];

export type LaunchOutcome =
  | { kind: 'succeeded'; output: RunOutput; metrics: JobMetrics; cost: CostEstimate | null }
  | { kind: 'failed'; reason: FailureReason; message: string; detail: string; metrics: JobMetrics | null; cost: CostEstimate | null }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'stopped'; billed: boolean; detail: string }
  | { kind: 'unknown'; detail: string; jobIds: string[] }
  | { kind: 'consent_mismatch'; detail: string }
  /** Never sent: the approval was too old, or something changed since. */
  | { kind: 'consent_stale'; changes: ConsentChange[] };

/** One paid call: unique per run and attempt, committed before the request is written (invariant 7). */
export interface Launch {
  launchId: string;
  runId: string;
  tenantId: string;
  attempt: number;
  provider: string;
  model: string;
  /** Version of the payload; null in rows from before it was kept. */
  modelVersion: string | null;
  payloadHash: string;
  status: LaunchStatus;
  /** Random; travels in the call-back URL and proves that a call-back speaks of this launch. */
  callbackToken: string;
  jobId: string | null;
  /** Job id named by a signed call-back, for a launch whose answer was lost. Written by the gateway. */
  callbackJobId: string | null;
  submittedAt: Instant;
  launchedAt: Instant | null;
  finishedAt: Instant | null;
  /** When somebody should look again, null when there is nothing left to look at. */
  nextCheckAt: Instant | null;
  checks: number;
  progress: Progress | null;
  outcome: LaunchOutcome | null;
}

export function isOpenLaunch(launch: Pick<Launch, 'status'>): boolean {
  return (OPEN_LAUNCH_STATUSES as readonly LaunchStatus[]).includes(launch.status);
}
