/*
 * What this is: the one way an answer gets on record, for REST, sockets and the relay.
 * Invariants: one answer per approval (5): core's `refuseAnswer` judges, the store's conditional update makes it final, and
 * whoever is second is told who was first. The gateway records; the orchestrator moves the run (2).
 */
import { decidedView, type DecisionView } from '@countersign/contracts';
import {
  ApprovalStore, Clock, isOverdue, LiveState, mayDecide, mayPassCap, passesCap, refuseAnswer, statusAfter, topics, type AnswerRefusal, type Approval, type Decision, type Principal,
} from '@countersign/core';
import { Doorbells } from '@countersign/queues';
import { Injectable } from '@nestjs/common';
import { invalid, ProblemError } from '../http/answers/problem';
import { ApplyEdits } from './apply-edits';
import { ApplyWords } from './apply-words';
import { ANSWERS } from './checkpoint-answers';
import { deciderOf, isOtherBody, isRepeat, type GivenAnswer } from './read-answer';
import { SeeApprovals } from './see-approvals';

/** The door an answer came through. */
export type Via = 'rest' | 'socket' | 'relay';

@Injectable()
export class RecordAnswer {
  constructor(private readonly approvals: ApprovalStore, private readonly doorbells: Doorbells, private readonly live: LiveState) {}

  /** Null when somebody, or the clock, was first; `now` is then how it stands. */
  async record(approval: Approval, decision: Decision): Promise<{ isMine: boolean; now: Approval | null }> {
    const status = statusAfter(decision.action, Object.keys(decision.edits).length > 0);
    const answer = await this.approvals.record(approval.approvalId, status, decision, [ANSWERS[approval.checkpoint].bell(approval)]);
    if (!answer.ok) return { isMine: false, now: answer.approval };
    await this.doorbells.ring(answer.bells);
    void this.live.signal(topics.run(approval.runId), { kind: 'approval', approvalId: approval.approvalId }).catch(() => undefined);
    return { isMine: true, now: answer.approval };
  }
}

@Injectable()
export class DecideApproval {
  constructor(
    private readonly see: SeeApprovals,
    private readonly edits: ApplyEdits,
    private readonly words: ApplyWords,
    private readonly records: RecordAnswer,
    private readonly clock: Clock,
  ) {}

  /** @throws ProblemError with a code of `problem.ts`; APPROVAL_ALREADY_DECIDED carries `decided` */
  async decide(principal: Principal, approvalId: string, answer: GivenAnswer, via: Via): Promise<DecisionView> {
    return this.decideOn(principal, await this.see.find(principal, approvalId), answer, via);
  }

  /** The same for an approval that was just found, and may be seen by this principal. */
  async decideOn(principal: Principal, approval: Approval, answer: GivenAnswer, via: Via): Promise<DecisionView> {
    if (!mayDecide(principal, approval)) throw new ProblemError('FORBIDDEN', 'this approval waits for a reviewer');
    const by = deciderOf(principal);
    if (isRepeat(approval, answer, by)) return this.outcome(approval, answer);
    refuseOtherBody(approval, answer, by);
    const refusal = refuseAnswer(approval, answer, this.clock.now());
    if (refusal) throw problemOfRefusal(refusal, approval);
    const { action, reason, message } = answer;
    const overridesCap = passesCap(approval, action) && mayPassCap(principal, approval);
    if (!overridesCap) refuseSpending(approval, answer);
    const applied = action === 'respond'
      ? { ...(await this.words.apply(approval, answer)), preparation: null }
      : { edits: answer.edits, preparation: await this.edits.apply(approval, answer) };
    // What was understood may have taken seconds: the answer counts from now.
    const { isMine, now } = await this.records.record(approval, { ...applied, action, reason, message, by, at: this.clock.now(), via, ...(answer.idempotencyKey && { idempotencyKey: answer.idempotencyKey }), ...(overridesCap && { overridesCap }) });
    if (now && (isMine || isRepeat(now, answer, by))) return this.outcome(now, answer);
    refuseOtherBody(now ?? approval, answer, by);
    throw this.lost(now ?? approval, answer);
  }

  private outcome(approval: Approval, { action }: GivenAnswer): DecisionView {
    return {
      success: true, message: `Approval ${action} processed successfully`, run_id: approval.runId, approval_id: approval.approvalId,
      approval: this.see.view(approval),
    };
  }

  private lost(now: Approval, answer: GivenAnswer): ProblemError {
    const at = this.clock.now();
    const refusal = refuseAnswer(now, answer, at);
    if (refusal) return problemOfRefusal(refusal, now);
    if (isOverdue(now, at)) return new ProblemError('APPROVAL_EXPIRED', `the approval expired at ${now.expiresAt}`);
    return new ProblemError('ILLEGAL_STATE', 'the approval changed meanwhile; please look again');
  }
}

function refuseOtherBody(approval: Approval, answer: GivenAnswer, by: string): void {
  if (isOtherBody(approval, answer, by)) throw new ProblemError('IDEMPOTENCY_CONFLICT', 'this Idempotency-Key came with another answer before');
}

/** Changing the input may make it fit, so that is nobody's word on money. */
function refuseSpending(approval: Approval, { action, edits }: GivenAnswer): void {
  if (!passesCap(approval, action) || Object.keys(edits).length > 0) return;
  throw new ProblemError('FORBIDDEN', 'a budget cap is reached: only a reviewer or an admin lets this pass; you may change the input or reject it');
}

export function problemOfRefusal(refusal: AnswerRefusal, approval: Approval): ProblemError {
  switch (refusal.code) {
    case 'VALIDATION_FAILED': return invalid(refusal.field, 'not_allowed', refusal.detail);
    case 'APPROVAL_ALREADY_DECIDED': return new ProblemError(refusal.code, refusal.detail, { decided: decidedView(approval) });
    default: return new ProblemError(refusal.code, refusal.detail);
  }
}
