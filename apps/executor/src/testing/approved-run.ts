import { addMs, payloadHash, type Consent, type Decision, type HitlConfig, type JsonObject, type Payload, type ReviewedFile, type Run } from '@countersign/core';
import { aConfig, aDecision, anApproval, aPayload, aPreparation, insertRun, move, testId } from '@countersign/core/testing';
import type { ExecutorStage } from './executor-stage';

export interface Approved {
  payload?: Payload;
  tenantId?: string;
  /** Consent as it is written to the run; the rest is what an approval or policy would have written. */
  consent?: Partial<Consent> | null;
  /** What a person said to the approval behind the consent; absent: a policy consented, without any. */
  decision?: Partial<Decision>;
  /** The input's files as they were looked at. */
  files?: ReviewedFile[];
  config?: Partial<HitlConfig>;
  /** People's edits that are in the payload. */
  edits?: JsonObject;
}

/** A run that stands at its first launch, `running` at `api_call`, by moves that are all on record. */
export async function approvedRun(stage: ExecutorStage, { payload = aPayload(), tenantId = 'default', consent, decision, files, config, edits }: Approved = {}): Promise<Run> {
  const now = stage.clock.now();
  const hash = payloadHash(payload, stage.sha256);
  const preparation = aPreparation({ payload, payloadHash: hash, ...(files && { files }) });
  let run: Run = await insertRun(stage, { provider: payload.provider, model: payload.model, tenantId, config: aConfig({ policy: decision ? 'require_human' : 'auto', ...config }) });
  run = await move(stage, run, 'started', now);
  run = await move(stage, run, { type: 'prepared', preparation }, now);
  let approvalId: string | null = null;
  if (decision) {
    const approval = anApproval({ runId: run.runId, tenantId, payload, payloadHash: hash, context: files ? { files: files as unknown as JsonObject[] } : {}, requestedAt: now, expiresAt: addMs(now, 3_600_000) });
    approvalId = approval.approvalId;
    run = await move(stage, run, { type: 'asked', approval }, now);
    await stage.approvals.record(approvalId, 'approved', aDecision({ at: now, ...decision }), []);
  }
  run = await move(stage, run, { type: 'approved', consent: { payloadHash: hash, by: decision ? (decision.by ?? 'human:ann') : 'policy:auto', approvalId, at: now }, ...(edits && { edits }) }, now);
  if (consent !== undefined) await tamper(stage, run.runId, 'consent', consent && { ...run.consent, ...consent });
  return run;
}

/** Writes what no move can write: what somebody with the database in hand could do, or a fault of ours. */
export async function tamper(stage: ExecutorStage, runId: string, column: 'consent' | 'preparation' | 'edits', value: unknown): Promise<void> {
  await stage.query(`UPDATE hitl_runs SET ${column} = $2::jsonb WHERE run_id = $1`, [runId, JSON.stringify(value)]);
}

/** A payload of the model whose answer comes later. */
export function aJobPayload(input: Payload['input'] = {}): Payload {
  return aPayload({ model: 'scripted/job', input: { prompt: `a red fox ${testId()}`, delay_ms: 60_000, ...input } });
}
