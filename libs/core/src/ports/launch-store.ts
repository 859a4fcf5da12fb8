import type { Instant } from '../json';
import type { Launch, LaunchOutcome, LaunchStatus } from '../launch/launch';
import type { Progress } from './ai-provider';
import type { Bell, StoredBell } from './outbox';

export type BeginAnswer =
  | { kind: 'begun'; launch: Launch }
  /** This attempt was begun before, maybe by a process that died. */
  | { kind: 'existing'; launch: Launch }
  /** The run has moved on, is paused or has ended: do not launch. */
  | { kind: 'not_wanted' };

export interface LaunchChange {
  status: LaunchStatus;
  jobId?: string;
  launchedAt?: Instant;
  finishedAt?: Instant;
  nextCheckAt: Instant | null;
  outcome?: LaunchOutcome;
}

export type ChangeAnswer =
  | { ok: true; bells: StoredBell[] }
  /** `job_claimed`: another launch owns this job id, so this launch's own job is still to be found. */
  | { ok: false; reason: 'ended' | 'job_claimed' };

export abstract class LaunchStore {
  /** Commits the launch row if the run still stands at this launch (`running`, `api_call`, this attempt). */
  abstract begin(launch: Launch): Promise<BeginAnswer>;
  /**
   * Commits a launch that ended before it was sent, with its outcome and the doorbell about it; `begun` = kept. The same
   * conditions as `begin`.
   */
  abstract refuse(launch: Launch, bells: Bell[]): Promise<BeginAnswer & { bells: StoredBell[] }>;
  abstract find(launchId: string): Promise<Launch | null>;
  abstract ofAttempt(runId: string, attempt: number): Promise<Launch | null>;
  abstract ofRun(runId: string): Promise<Launch[]>;
  /** Moves an open launch on; a launch that has ended never moves back. What it cost is booked in the same commit. */
  abstract change(launchId: string, change: LaunchChange, bells: Bell[]): Promise<ChangeAnswer>;
  abstract noteProgress(launchId: string, progress: Progress): Promise<void>;
  /** Next look in `nextCheckAt`, one more check counted. */
  abstract scheduleCheck(launchId: string, nextCheckAt: Instant): Promise<void>;
  /** A signed call-back named this job. Written once, by the gateway. */
  abstract noteCallback(launchId: string, jobId: string, bells: Bell[]): Promise<{ bells: StoredBell[] }>;
  /** Job ids that launches of this provider own, committed since `since`. */
  abstract claimedJobIds(provider: string, since: Instant): Promise<string[]>;
}
