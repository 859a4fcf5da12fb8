import type { Launch } from '@countersign/core';
import type { LaunchEntity } from '../entities/launch.entity';
import { instant, instantOrNull } from './time.mapper';

export function toLaunch(row: LaunchEntity): Launch {
  return {
    launchId: row.launch_id, runId: row.run_id, tenantId: row.tenant_id, attempt: row.attempt,
    provider: row.provider, model: row.model, modelVersion: row.model_version, payloadHash: row.payload_hash, status: row.status,
    callbackToken: row.callback_token, jobId: row.job_id, callbackJobId: row.callback_job_id,
    submittedAt: instant(row.submitted_at), launchedAt: instantOrNull(row.launched_at),
    finishedAt: instantOrNull(row.finished_at), nextCheckAt: instantOrNull(row.next_check_at),
    checks: row.checks, progress: row.progress, outcome: row.outcome,
  };
}
