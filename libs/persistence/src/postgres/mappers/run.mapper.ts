import { pendingApprovalOf, type JsonObject, type Run } from '@countersign/core';
import type { RunEntity } from '../entities/run.entity';

type RunColumns = Omit<RunEntity, 'idempotency_key' | 'request_hash' | 'created_at' | 'updated_at'> & {
  created_at: string;
  updated_at: string;
};

/** jsonb keeps what `toRow` wrote, so a row of ours is a run again. */
export function toRun(row: RunEntity): Run {
  const run = {
    runId: row.run_id, tenantId: row.tenant_id, userId: row.user_id, sessionId: row.session_id,
    parentRunId: row.parent_run_id, version: row.version, status: row.status, step: row.step,
    provider: row.provider, model: row.model, modelVersion: row.model_version, tool: row.tool,
    attempt: row.attempt, autoRetries: row.auto_retries, config: row.config, originalInput: row.original_input,
    edits: row.edits, preparation: row.preparation, proposal: row.proposal, consent: row.consent, stale: row.stale_consent, output: row.output, cost: row.cost,
    standing: row.standing, times: row.times, eventHash: row.event_hash,
  };
  return run as unknown as Run;
}

export function toRow(run: Run): RunColumns {
  return {
    run_id: run.runId, tenant_id: run.tenantId, user_id: run.userId, session_id: run.sessionId,
    parent_run_id: run.parentRunId, version: run.version, status: run.status, step: run.step,
    provider: run.provider, model: run.model, model_version: run.modelVersion, tool: run.tool,
    attempt: run.attempt, auto_retries: run.autoRetries, approval_id: pendingApprovalOf(run), config: run.config,
    original_input: run.originalInput, edits: run.edits, preparation: run.preparation, proposal: run.proposal, consent: run.consent, stale_consent: run.stale,
    output: run.output, cost: run.cost, standing: run.standing as unknown as JsonObject, times: run.times,
    event_hash: run.eventHash, created_at: run.times.createdAt, updated_at: run.times.updatedAt,
  };
}
