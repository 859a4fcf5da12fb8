import { evidenceOf, type Grounds } from '../audit/grounds';
import type { JsonObject } from '../json';
import type { Booking } from '../budget/budget';
import { usdOf } from '../budget/money';
import type { RunEvent } from './events';
import { pendingApprovalOf, type Run } from './run';
import type { Status, Step } from './words';

/** A step event before the store gives it hashes and its place in the chain. */
export interface EventLine {
  type: RunEvent['type'];
  step: Step;
  status: Status;
  actor: string;
  message: string;
  metadata: JsonObject;
  /** Facts of which the store writes only the hash: name → facts becomes `<name>_hash` in `metadata`. */
  sealed?: Record<string, object>;
}

/** Puts a move into the words of the history. Ids, hashes and amounts go to `metadata`; bodies stay out. */
export function describeEvent(before: Run, event: RunEvent, after: Run, grounds: Grounds = {}): EventLine {
  const { actor, message, metadata } = wording(before, event, after);
  const settled = settledApproval(before, after);
  const evidence = evidenceOf(event, after, { grounds, settled });
  return {
    type: event.type, step: after.step, status: after.status, actor, message,
    metadata: { ...(settled === null ? {} : { approval_id: settled }), ...metadata, ...evidence.metadata },
    sealed: evidence.sealed,
  };
}

/** The current launch has no end on record, so nobody knows yet what it costs. */
function mayStillCost(before: Run, after: Run): boolean {
  return after.cost?.parts?.some(({ attempt, amount }) => attempt === before.attempt && amount === null) ?? false;
}

function moneyOf(booking: Booking | undefined): JsonObject {
  return booking ? { reserved_usd: usdOf(booking.micros) } : {};
}

/** Approval whose wait this move ends: whoever shows its card has to lock it. */
function settledApproval(before: Run, after: Run): string | null {
  const pending = pendingApprovalOf(before);
  return pending !== null && pendingApprovalOf(after) !== pending ? pending : null;
}

function wording(before: Run, event: RunEvent, after: Run): Pick<EventLine, 'actor' | 'message' | 'metadata'> {
  const say = (message: string, metadata: JsonObject = {}, actor = 'system') => ({ actor, message, metadata });
  switch (event.type) {
    case 'started': return say('Checking the request');
    case 'prepared': return say('The request became a payload', {
      payload_hash: event.preparation.payloadHash, fixes: event.preparation.fixes.length,
      total_issues: event.preparation.summary.total_issues,
    });
    case 'asked': return say(event.approval.title, {
      approval_id: event.approval.approvalId, checkpoint_type: event.approval.checkpoint,
      payload_hash: event.approval.payloadHash, ...moneyOf(event.booking),
    });
    case 'revised': {
      const fields = Object.keys(event.edits);
      return say(fields.length > 0 ? `Input changed: ${fields.join(', ')}` : 'Checking again', { fields, ...(event.proposal?.readBy === undefined ? {} : { read_by: event.proposal.readBy }) }, event.by);
    }
    case 'approved': return say('Payload approved', {
      payload_hash: event.consent.payloadHash, approval_id: event.consent.approvalId, attempt: after.attempt,
      edited_fields: Object.keys(event.edits ?? {}), ...(event.overridesCap && { cap_passed: true }), ...moneyOf(event.booking),
    }, event.consent.by);
    case 'outdated': return say('The approval is no longer good for what would run now', {
      changed: event.stale.changes.map(({ what, field }) => (field === undefined ? what : `${what} ${field}`)), attempt: before.attempt,
    });
    case 'returned': return say(`Not launched: ${event.why}`, { why: event.why, edited_fields: Object.keys(event.edits ?? {}) }, event.by);
    case 'relaunched': return say(`Trying again: ${event.why}`, { attempt: after.attempt, not_before: event.notBefore, ...moneyOf(event.booking) });
    case 'recovered': return say(`Following provider job ${event.jobId}`, { job_id: event.jobId }, event.by);
    case 'executed': return say('The model answered; the result is kept', {
      attempt: after.attempt, parts: event.output.parts.length, provider_ms: event.providerMs,
      sha256: event.output.parts.flatMap((part) => (part.kind === 'file' ? [part.sha256] : [])),
      cost_usd: event.cost?.amount ?? null,
    }, `provider:${before.provider}`);
    case 'accepted': return say('Completed', { note: event.note ?? null, edited: event.text !== undefined }, event.by);
    case 'rejected': return say(`Rejected: ${event.reason}`, { reason: event.reason }, event.by);
    case 'expired': return say('Nobody answered in time', { approval_id: event.approvalId }, 'policy:on_timeout');
    case 'extended': return say(event.escalated ? 'Nobody answered in time: all reviewers are asked' : 'Nobody answered yet: the wait goes on', {
      approval_id: event.approvalId, expires_at: event.expiresAt,
    }, 'policy:on_timeout');
    case 'failed': return say(event.error.message, { code: event.error.code });
    case 'noted': return say(event.note.message, { ...event.note.metadata, fact: event.note.fact, approval_id: event.note.approvalId }, event.note.actor);
    case 'paused': return say('Paused', {}, event.by);
    case 'resumed': return say('Resumed', {}, event.by);
    case 'cancelled': return mayStillCost(before, after)
      ? say(`Cancelled: ${event.reason}. The call that is under way is stopped where that is possible; it may still be billed.`, { reason: event.reason, may_cost: true }, event.by)
      : say(`Cancelled: ${event.reason}`, { reason: event.reason }, event.by);
  }
}
