/*
 * What this is: the one judge of answers. Every door (REST, sockets, the relay, the clock) comes through here.
 * Invariant: one answer per approval; it names its approval, comes in time, from somebody who may give it, and
 * speaks of the payload that is pending now (invariant 5). The store's conditional update makes it final.
 * To extend: a new action needs a word in words.ts and a line in `statusAfter`.
 */
import type { Instant, JsonObject } from '../json';
import type { Action } from '../run/words';
import type { Approval } from './approval';

export interface Answer {
  action: Action;
  edits: JsonObject;
  reason: string | null;
  message: string | null;
  /** When given, must match what is pending. */
  payloadHash: string | null;
}

export type AnswerRefusal =
  | { code: 'APPROVAL_ALREADY_DECIDED'; detail: string }
  | { code: 'APPROVAL_EXPIRED'; detail: string }
  | { code: 'STALE_PAYLOAD'; detail: string }
  | { code: 'ILLEGAL_STATE'; detail: string }
  | { code: 'VALIDATION_FAILED'; detail: string; field: string };

/** Why an approval takes no answer any more, and nobody who looks at it; null while it waits. */
export function refuseEnded(approval: Approval, now: Instant): AnswerRefusal | null {
  if (approval.status === 'expired') return expired(approval);
  if (approval.status === 'cancelled') {
    return { code: 'ILLEGAL_STATE', detail: 'the approval was cancelled together with its run' };
  }
  if (approval.status !== 'pending') {
    return { code: 'APPROVAL_ALREADY_DECIDED', detail: `already ${approval.status} by ${approval.decision.by}` };
  }
  return isOverdue(approval, now) && !waitsOn(approval) ? expired(approval) : null;
}

/** Null when the answer may be recorded. */
export function refuseAnswer(approval: Approval, answer: Answer, now: Instant): AnswerRefusal | null {
  const ended = refuseEnded(approval, now);
  if (ended) return ended;
  if (!approval.allowedActions.includes(answer.action)) {
    return { code: 'VALIDATION_FAILED', field: 'action', detail: `"${answer.action}" is not among the allowed actions: ${approval.allowedActions.join(', ')}` };
  }
  if (answer.payloadHash !== null && answer.payloadHash !== approval.payloadHash) {
    return { code: 'STALE_PAYLOAD', detail: 'what was shown is not what is pending now; load the approval again' };
  }
  if (answer.action === 'reject' && !answer.reason?.trim()) {
    return { code: 'VALIDATION_FAILED', field: 'reason', detail: 'reject needs a reason' };
  }
  if (answer.action === 'respond' && !answer.message?.trim()) {
    return { code: 'VALIDATION_FAILED', field: 'message', detail: 'respond needs words in message' };
  }
  if (answer.action === 'edit' && Object.keys(answer.edits).length === 0) {
    return { code: 'VALIDATION_FAILED', field: 'edits', detail: 'edit needs at least one field in edits' };
  }
  if (answer.action !== 'edit' && answer.action !== 'retry' && Object.keys(answer.edits).length > 0) {
    return { code: 'VALIDATION_FAILED', field: 'edits', detail: `edits go with "edit" or "retry", not with "${answer.action}"` };
  }
  return null;
}

export function isOverdue(approval: Pick<Approval, 'expiresAt'>, now: Instant): boolean {
  return approval.expiresAt <= now;
}

/** A wait that its time-out does not end stays answerable while the clock catches up. */
export function waitsOn(approval: Pick<Approval, 'onTimeout' | 'extensions'>): boolean {
  return approval.onTimeout === 'keep_waiting' || (approval.onTimeout === 'escalate' && approval.extensions === 0);
}

function expired(approval: Approval): AnswerRefusal {
  return { code: 'APPROVAL_EXPIRED', detail: `the approval expired at ${approval.expiresAt}` };
}
