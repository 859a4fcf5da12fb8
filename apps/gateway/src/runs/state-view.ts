import { approvalView, finalResult, outputView, runView, stepHistoryEntry, type ArtifactUrl, type HitlConfigView, type LaunchView, type RunStateView } from '@countersign/contracts';
import { costOfLaunches, costOfOutcome, EXECUTE_WITHIN_DEFAULT_SECONDS, hideSecrets, pendingApprovalOf, secretsOfApproval, secretsOfRun, type Approval, type Consent, type HitlConfig, type JsonObject, type Launch, type Run, type StepEvent } from '@countersign/core';

export interface StateFacts {
  run: Run;
  history: StepEvent[];
  approvals: Approval[];
  launches: Launch[];
  capabilities: JsonObject | null;
  artifactUrl: ArtifactUrl;
}

/** Everything needed to redraw a run after a reload. */
export function stateView(facts: StateFacts): RunStateView {
  return hideSecrets(plainView(facts), [...secretsOfRun(facts.run), ...facts.approvals.flatMap(secretsOfApproval)]);
}

function plainView({ run, history, approvals, launches, capabilities, artifactUrl }: StateFacts): RunStateView {
  const pending = approvals.find(({ approvalId }) => approvalId === pendingApprovalOf(run)) ?? null;
  const pendingView = pending && approvalView(pending, artifactUrl);
  const { preparation } = run;
  const view = runView(run, history, pending);
  // Launches may end after their run: what they cost is told from their own rows.
  const cost = costOfLaunches(launches) ?? run.cost;
  return {
    ...view,
    metrics: { ...view.metrics, cost_usd: cost?.amount ?? null, cost_basis: cost?.basis ?? null },
    original_input: run.originalInput,
    hitl_config: configView(run.config),
    capabilities,
    validation_summary: preparation?.summary ?? null,
    suggested_payload: preparation?.payload ?? null,
    payload_hash: preparation?.payloadHash ?? null,
    fixes: (preparation?.fixes ?? []).map((fix) => ({ ...fix })),
    mapping: preparation?.mapping ?? {},
    diff_from_defaults: (preparation?.diff ?? []).map((entry) => ({ ...entry })),
    estimate: preparation?.estimate ? { ...preparation.estimate } : null,
    human_edits: run.edits,
    checkpoint_context: pendingView?.context ?? null,
    approvals: approvals.map((approval) => approvalView(approval, artifactUrl)),
    step_history: history.map(stepHistoryEntry),
    outputs: outputView(run, artifactUrl),
    final_result: finalResult(run, artifactUrl),
    consent: run.consent && consentView(run.consent),
    launches: launches.map(launchView),
  };
}

export function configView(config: HitlConfig): HitlConfigView {
  return {
    policy: config.policy,
    allowed_steps: config.allowedSteps,
    timeout_seconds: config.timeoutSeconds,
    on_timeout: config.onTimeout,
    auto_approve_confidence_threshold: config.autoApproveConfidenceThreshold,
    review_thresholds: { response_quality_min: config.reviewThresholds.responseQualityMin },
    require_approval_safety_flags: config.requireApprovalSafetyFlags,
    max_payload_changes: config.maxPayloadChanges,
    execute_within_seconds: config.executeWithinSeconds ?? EXECUTE_WITHIN_DEFAULT_SECONDS,
    enable_streaming: config.enableStreaming,
    use_natural_language_hitl: config.useNaturalLanguageHitl,
  };
}

function consentView(consent: Consent): JsonObject {
  return { payload_hash: consent.payloadHash, by: consent.by, approval_id: consent.approvalId, at: consent.at };
}

function launchView(launch: Launch): LaunchView {
  return {
    launch_id: launch.launchId, attempt: launch.attempt, status: launch.status, provider_job_id: launch.jobId,
    payload_hash: launch.payloadHash, submitted_at: launch.submittedAt, finished_at: launch.finishedAt,
    cost: launch.outcome && { ...costOfOutcome(launch.outcome) },
  };
}
