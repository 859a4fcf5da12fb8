import type { Instant } from '../json';
import type { Approval, Decision } from '../approval/approval';
import type { Claim } from '../approval/claim';
import type { ApprovalStatus } from '../run/words';
import type { Bell, StoredBell } from './outbox';

export type RecordAnswer =
  | { ok: true; approval: Approval; bells: StoredBell[] }
  /** Somebody was first, or the clock was: the approval as it stands. */
  | { ok: false; approval: Approval | null };

export type ClaimAnswer =
  | { ok: true; approval: Approval }
  /** Somebody else holds it, or it is not pending: the approval as it stands. */
  | { ok: false; approval: Approval | null };

export abstract class ApprovalStore {
  abstract find(approvalId: string): Promise<Approval | null>;
  abstract ofRun(runId: string): Promise<Approval[]>;
  /**
   * `UPDATE … WHERE status = 'pending'` (and not overdue, unless its time-out does not end it): exactly one caller
   * wins. The wake-up is committed with it.
   */
  abstract record(approvalId: string, status: ApprovalStatus, decision: Decision, bells: Bell[]): Promise<RecordAnswer>;
  /** Ends a pending approval by the clock; the same race, the same single winner. */
  abstract expire(approvalId: string, at: Instant, bells: Bell[]): Promise<RecordAnswer>;
  /**
   * Moves a pending approval's end as it was read: of two clocks that saw the same end one moves it. Counts the extension.
   * `toEverybody` opens it to all reviewers.
   */
  abstract extend(approval: Pick<Approval, 'approvalId' | 'extensions'>, expiresAt: Instant, toEverybody: boolean): Promise<boolean>;
  /** A question of a browser agent; the same `requestId` of the same run gives the first one back. */
  abstract open(approval: Approval, bells: Bell[]): Promise<{ approval: Approval; created: boolean; bells: StoredBell[] }>;
  /** Of many who claim a pending approval one holds it; again by the same person it lasts longer; one that is over counts as none. */
  abstract claim(approvalId: string, claim: Claim): Promise<ClaimAnswer>;
  /** Ends this person's own claim; `ok` also when nobody holds it at `at`. */
  abstract release(approvalId: string, by: string, at: Instant): Promise<ClaimAnswer>;
  /** Ends a pending approval together with what it was asked for. */
  abstract cancel(approvalId: string, bells: Bell[]): Promise<RecordAnswer>;
}
