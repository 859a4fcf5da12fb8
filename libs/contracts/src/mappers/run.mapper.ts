import { hideSecrets, STEPS, isTerminal, secretsOfRun, type Approval, type Run, type RunOutput, type StepEvent } from '@countersign/core';
import type { OutputView, ProgressView, RunView, StepHistoryEntry } from '../api/run-views';
import { signOutput, type ArtifactUrl } from './artifact-url';

export function stepHistoryEntry(event: StepEvent): StepHistoryEntry {
  return {
    seq: event.seq, type: event.type, step: event.step, status: event.status, timestamp: event.at,
    actor: event.actor, message: event.message, metadata: event.metadata, hash: event.hash,
  };
}

/**
 * The run as every door shows it. With `history` ending at an older event, the view is the run as it stood then:
 * that is what keeps pushed updates in order, one per version.
 */
export function runView(run: Run, history: StepEvent[], approval: Approval | null): RunView {
  return hideSecrets(plainView(run, history, approval), secretsOfRun(run));
}

function plainView(run: Run, history: StepEvent[], approval: Approval | null): RunView {
  const newest = history.at(-1);
  const status = newest?.status ?? run.status;
  const step = newest?.step ?? run.step;
  const isNow = !newest || newest.seq === run.version;
  const pending = approval?.status === 'pending' && status === 'awaiting_human' ? approval : null;
  return {
    run_id: run.runId,
    version: newest?.seq ?? run.version,
    status,
    current_step: step,
    provider: run.provider,
    model: run.model,
    user_id: run.userId,
    session_id: run.sessionId,
    parent_run_id: run.parentRunId,
    created_at: run.times.createdAt,
    updated_at: newest?.at ?? run.times.updatedAt,
    expires_at: isNow ? run.times.expiresAt : null,
    progress: progressView(step, history),
    pending_actions: pending?.allowedActions ?? [],
    pending_approval: pending && {
      approval_id: pending.approvalId, checkpoint_type: pending.checkpoint,
      allowed_actions: pending.allowedActions, expires_at: pending.expiresAt,
    },
    metrics: {
      total_execution_time_ms: Math.max(0, Date.parse(newest?.at ?? run.times.updatedAt) - Date.parse(run.times.createdAt)),
      human_review_time_ms: run.times.humanReviewMs,
      provider_execution_time_ms: run.times.providerMs,
      attempts: run.attempt,
      estimate_usd: run.preparation?.estimate?.amount ?? null,
      cost_usd: run.cost?.amount ?? null,
      cost_basis: run.cost?.basis ?? null,
    },
    error: run.status === 'failed' && isTerminal(status) ? { code: run.standing.error.code, message: run.standing.error.message } : null,
  };
}

/** `created` and `completed` are the ends of the road; progress counts the steps a run has left behind. */
function progressView(step: Run['step'], history: StepEvent[]): ProgressView {
  const total = STEPS.length - 1;
  const done = STEPS.indexOf(step);
  return {
    total_steps: total,
    completed_steps: done,
    percentage: Math.round((done / total) * 100),
    current_step: step,
    step_history: history.map(stepHistoryEntry),
  };
}

/** Null without a result. A model may repeat what it was told: secret values are hidden. */
export function outputView(run: Run, artifactUrl: ArtifactUrl): OutputView | null {
  return run.output && hideSecrets(signOutput(run.output, artifactUrl) as unknown as OutputView, secretsOfRun(run));
}

/** The result in one string: its text, else the addresses of its files, one a line. */
export function finalResult(run: Run, artifactUrl: ArtifactUrl): string | null {
  return run.output && hideSecrets(resultOf(run.output, artifactUrl), secretsOfRun(run));
}

function resultOf(output: RunOutput, artifactUrl: ArtifactUrl): string | null {
  if (output.text !== null) return output.text;
  const files = output.parts.flatMap((part) => (part.kind === 'file' ? [artifactUrl(part.artifactId)] : []));
  if (files.length > 0) return files.join('\n');
  return output.raw === null ? null : JSON.stringify(output.raw);
}
