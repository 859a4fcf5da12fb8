import { hideSecrets, secretsOfApproval, type Approval, type Json, type JsonObject } from '@countersign/core';
import type { ApprovalView, DecidedView } from '../api/approval-views';
import { signOutput, type ArtifactUrl } from './artifact-url';

/** An approval as every door shows it: secret values are hidden. */
export function approvalView(approval: Approval, artifactUrl: ArtifactUrl): ApprovalView {
  return hideSecrets(plainView(approval, artifactUrl), secretsOfApproval(approval));
}

function plainView(approval: Approval, artifactUrl: ArtifactUrl): ApprovalView {
  const { decision } = approval;
  return {
    approval_id: approval.approvalId,
    run_id: approval.runId,
    checkpoint_type: approval.checkpoint,
    status: approval.status,
    title: approval.title,
    message: approval.message,
    context: contextView(approval.context, artifactUrl),
    schema: approval.schema,
    allowed_actions: approval.allowedActions,
    payload: approval.payload && { ...approval.payload },
    payload_hash: approval.payloadHash,
    requested_at: approval.requestedAt,
    expires_at: approval.expiresAt,
    on_timeout: approval.onTimeout,
    user_id: approval.userId,
    session_id: approval.sessionId,
    claimed_by: approval.claimedBy,
    claimed_until: approval.claimedUntil,
    request_id: approval.requestId,
    response: decision && {
      action: decision.action,
      edits: decision.edits,
      reason: decision.reason,
      message: decision.message,
      payload_hash: decision.preparation?.payloadHash ?? approval.payloadHash,
    },
    decided_by: decision?.by ?? null,
    decided_at: decision?.at ?? null,
    links: {
      self: `/hitl/approvals/${approval.approvalId}`,
      decision: `/hitl/approvals/${approval.approvalId}/decision`,
      run: `/hitl/runs/${approval.runId}/state`,
    },
  };
}

/** Who was first, for the loser of a race. */
export function decidedView(approval: Approval): DecidedView {
  return {
    decided_by: approval.decision?.by ?? null,
    action: approval.decision?.action ?? null,
    status: approval.status,
    decided_at: approval.decision?.at ?? null,
  };
}

/** A result on a card gets addresses that can be opened. */
function contextView(context: JsonObject, artifactUrl: ArtifactUrl): JsonObject {
  const { output } = context;
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return context;
  return { ...context, output: signOutput(output, artifactUrl) as Json };
}
