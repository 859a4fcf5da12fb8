import type { ApproveDto, DecisionDto } from '@countersign/contracts';
import { canonicalJson, withoutHidden, type Action, type Answer, type Approval, type Principal } from '@countersign/core';
import { replaceBotLinks, withoutBotToken } from '@countersign/files';
import { invalid } from '../http/answers/problem';

/** An answer as it came in, by whatever door. */
export interface GivenAnswer extends Answer {
  message: string | null;
  /** Of the request that brought it. */
  idempotencyKey?: string;
}

/** `approved: true/false` is the older spelling of approve and reject. Answers go on record, so no bot's token stays in them. */
export function readAnswer(dto: DecisionDto): GivenAnswer {
  return replaceBotLinks({
    action: actionOf(dto), edits: withoutHidden(dto.edits ?? {}), reason: dto.reason ?? null, message: dto.message ?? null, payloadHash: dto.payload_hash ?? null,
  }, withoutBotToken);
}

function actionOf({ action, approved }: DecisionDto): Action {
  const older = approved === undefined ? null : approved ? 'approve' : 'reject';
  const named = action ?? older;
  if (named === null) throw invalid('action', 'missing', 'say what to do in action');
  if (older === 'reject' && named !== 'reject') throw invalid('approved', 'contradiction', `approved: false contradicts action "${named}"`);
  if (older === 'approve' && named === 'reject') throw invalid('approved', 'contradiction', 'approved: true contradicts action "reject"');
  return named;
}

/** The approval that a body names. There is no fall-back to the run's id. */
export function namedApproval({ approval_id: id, approval_token: token }: ApproveDto): string {
  const named = id ?? token;
  if (named === undefined) throw invalid('approval_id', 'missing', 'approval_id is needed: it says which question is answered');
  if (id !== undefined && token !== undefined && id !== token) throw invalid('approval_token', 'contradiction', 'approval_token and approval_id name different approvals');
  return named.toLowerCase();
}

export const deciderOf = (principal: Principal): string => `human:${principal.userId}`;

/** The key of this person's answer that came with another answer before. */
export function isOtherBody(approval: Approval, answer: GivenAnswer, by: string): boolean {
  const { decision } = approval;
  return decision?.idempotencyKey !== undefined && decision.idempotencyKey === answer.idempotencyKey && decision.by === by && !isRepeat(approval, answer, by);
}

/** Whether the approval already has exactly this answer of this person: then saying it again changes nothing. */
export function isRepeat(approval: Approval, answer: GivenAnswer, by: string): boolean {
  const { decision } = approval;
  if (decision === null || decision.by !== by || decision.action !== answer.action || decision.reason !== answer.reason) return false;
  return answer.action === 'respond' ? decision.message === answer.message : canonicalJson(decision.edits) === canonicalJson(answer.edits);
}
