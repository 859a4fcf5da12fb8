import type { Approval } from '@countersign/core';
import type { ApprovalEntity } from '../entities/approval.entity';
import { instant, instantOrNull } from './time.mapper';

export function toApproval(row: ApprovalEntity): Approval {
  const approval = {
    approvalId: row.approval_id, runId: row.run_id, tenantId: row.tenant_id, checkpoint: row.checkpoint,
    status: row.status, title: row.title, message: row.message, context: row.context, schema: row.schema,
    allowedActions: row.allowed_actions, payload: row.payload, payloadHash: row.payload_hash,
    requestedAt: instant(row.requested_at), expiresAt: instant(row.expires_at), onTimeout: row.on_timeout,
    timeoutSeconds: row.timeout_seconds, extensions: row.extensions, userId: row.user_id,
    sessionId: row.session_id, ...heldBy(row), requestId: row.request_id, decision: row.decision,
  };
  return approval as unknown as Approval;
}

export function toApprovalRow(approval: Approval): Omit<ApprovalEntity, 'requested_at' | 'expires_at' | 'decided_at' | 'claimed_until'> & {
  requested_at: string; expires_at: string; decided_at: string | null; claimed_until: string | null;
} {
  return {
    approval_id: approval.approvalId, run_id: approval.runId, tenant_id: approval.tenantId,
    checkpoint: approval.checkpoint, status: approval.status, title: approval.title, message: approval.message,
    context: approval.context, schema: approval.schema, allowed_actions: approval.allowedActions,
    payload: approval.payload, payload_hash: approval.payloadHash, requested_at: approval.requestedAt,
    expires_at: approval.expiresAt, on_timeout: approval.onTimeout, timeout_seconds: approval.timeoutSeconds,
    extensions: approval.extensions, user_id: approval.userId, session_id: approval.sessionId,
    claimed_by: approval.claimedBy, claimed_until: approval.claimedUntil, request_id: approval.requestId, decision: approval.decision,
    decided_at: approval.decision?.at ?? null,
  };
}

/** A claim ends with its time and with the question, without anybody writing that down. */
function heldBy({ status, claimed_by: by, claimed_until: until }: ApprovalEntity): Pick<Approval, 'claimedBy' | 'claimedUntil'> {
  const isHeld = status === 'pending' && until !== null && until.getTime() > Date.now();
  return isHeld ? { claimedBy: by, claimedUntil: instantOrNull(until) } : { claimedBy: null, claimedUntil: null };
}
