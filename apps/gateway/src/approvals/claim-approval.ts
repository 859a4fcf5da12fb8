/*
 * What this is: "I am looking at this", for REST and sockets.
 * Invariant: a claim is advice. It keeps nobody from deciding, `refuseAnswer` never reads it, and it ends by itself: with its
 * time, with the answer, with the run.
 */
import type { ClaimView } from '@countersign/contracts';
import { ApprovalStore, claimBy, Clock, mayDecide, refuseEnded, type Approval, type ClaimAnswer, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/answers/problem';
import { problemOfRefusal } from './decide-approval';
import { SeeApprovals } from './see-approvals';

@Injectable()
export class ClaimApproval {
  /** No run has moved, so the notifier has nothing to say: whoever has the sockets tells it. */
  private tell: (approval: Approval) => void = () => undefined;

  constructor(
    private readonly see: SeeApprovals,
    private readonly approvals: ApprovalStore,
    private readonly clock: Clock,
  ) {}

  onClaim(tell: (approval: Approval) => void): void {
    this.tell = tell;
  }

  /** Claims it, or lengthens the own claim. @throws ProblemError APPROVAL_CLAIMED with who holds it, and as for decisions */
  claim(principal: Principal, approvalId: string): Promise<ClaimView> {
    return this.change(principal, approvalId, () => this.approvals.claim(approvalId, claimBy(principal.userId, this.clock.now())));
  }

  /** Ends the own claim; nothing to do is no error. */
  release(principal: Principal, approvalId: string): Promise<ClaimView> {
    return this.change(principal, approvalId, () => this.approvals.release(approvalId, principal.userId, this.clock.now()));
  }

  private async change(principal: Principal, approvalId: string, write: () => Promise<ClaimAnswer>): Promise<ClaimView> {
    const before = await this.see.find(principal, approvalId);
    if (!mayDecide(principal, before)) throw new ProblemError('FORBIDDEN', 'this approval waits for a reviewer');
    this.refuse(before);
    const answer = await write();
    if (!answer.ok) throw this.lost(answer.approval ?? before);
    this.tell(answer.approval);
    return { approval: this.see.view(answer.approval) };
  }

  private refuse(approval: Approval): void {
    const refusal = refuseEnded(approval, this.clock.now());
    if (refusal) throw problemOfRefusal(refusal, approval);
  }

  private lost(now: Approval): ProblemError {
    this.refuse(now);
    const { claimedBy, claimedUntil } = now;
    if (claimedBy === null) return new ProblemError('ILLEGAL_STATE', 'the approval changed meanwhile; please look again');
    const claimed = { claimed_by: claimedBy, claimed_until: claimedUntil };
    return new ProblemError('APPROVAL_CLAIMED', `${claimedBy} is looking at this; you may decide it all the same`, { claimed });
  }
}
