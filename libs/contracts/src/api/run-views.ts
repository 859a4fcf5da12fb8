import type { Json, JsonObject, ValidationSummary } from '@countersign/core';
import type { ApprovalView } from './approval-views';

/** Answer to starting a run. */
export class RunStartedView {
  run_id: string;
  status: string;
  message: string;
  job_id: string;
  websocket_url: string;
  links: LinksView;
  /** Only at the compatible door `/teams/run`. */
  hitl_enabled?: boolean;
}

/** Paths relative to the gateway's address. */
export class LinksView {
  self: string;
  status?: string;
  state?: string;
  events?: string;
  approve?: string;
  decision?: string;
  run?: string;
}

export class StepHistoryEntry {
  seq: number;
  type: string;
  step: string;
  status: string;
  timestamp: string;
  actor: string;
  message: string;
  metadata: JsonObject;
  hash: string;
}

export class ProgressView {
  total_steps: number;
  completed_steps: number;
  /** 0..100 */
  percentage: number;
  current_step: string;
  step_history: StepHistoryEntry[];
}

export class MetricsView {
  total_execution_time_ms: number;
  human_review_time_ms: number;
  provider_execution_time_ms: number;
  attempts: number;
  cost_usd: number | null;
}

/** Reference to what a person is asked, as much as a list needs. */
export class PendingApprovalView {
  approval_id: string;
  checkpoint_type: string;
  allowed_actions: string[];
  expires_at: string | null;
}

/** The run as every door shows it: REST status, `run.updated`, webhooks. */
export class RunView {
  run_id: string;
  /** Grows by one with every transition. */
  version: number;
  status: string;
  current_step: string;
  provider: string;
  model: string;
  user_id: string;
  session_id: string | null;
  parent_run_id: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string | null;
  progress: ProgressView;
  /** Actions a person may take now. */
  pending_actions: string[];
  pending_approval: PendingApprovalView | null;
  metrics: MetricsView;
  error: RunErrorView | null;
}

export class RunErrorView {
  code: string;
  message: string;
}

/** One part of a kept result. Files have a short-lived signed `url`. */
export class OutputPartView {
  kind: 'file' | 'text' | 'json';
  /** JSON pointer (RFC 6901) into the provider's own answer. */
  pointer: string;
  text?: string;
  value?: Json;
  artifact_id?: string;
  url?: string;
  sha256?: string;
  mime?: string;
  bytes?: number;
  name?: string | null;
}

export class OutputView {
  text: string | null;
  parts: OutputPartView[];
  raw: Json;
  quality: number | null;
  flags: { flag: string; score: number; why: string }[];
  doubts: string[];
}

export class PayloadView {
  provider: string;
  model: string;
  version: string;
  input: JsonObject;
}

/** Everything needed to redraw the run after a reload. */
export class RunStateView extends RunView {
  original_input: JsonObject;
  hitl_config: HitlConfigView;
  capabilities: JsonObject | null;
  validation_summary: ValidationSummary | null;
  suggested_payload: PayloadView | null;
  payload_hash: string | null;
  fixes: JsonObject[];
  mapping: JsonObject;
  diff_from_defaults: JsonObject[];
  estimate: JsonObject | null;
  human_edits: JsonObject;
  checkpoint_context: JsonObject | null;
  approvals: ApprovalView[];
  step_history: StepHistoryEntry[];
  outputs: OutputView | null;
  /** The result as text where it has one, else the addresses of its files, one a line. */
  final_result: string | null;
  consent: JsonObject | null;
  launches: LaunchView[];
}

export class LaunchView {
  launch_id: string;
  attempt: number;
  status: string;
  provider_job_id: string | null;
  payload_hash: string;
  submitted_at: string;
  finished_at: string | null;
}

export class HitlConfigView {
  policy: string;
  allowed_steps: string[];
  timeout_seconds: number;
  on_timeout: string;
  auto_approve_confidence_threshold: number;
  review_thresholds: { response_quality_min: number };
  require_approval_safety_flags: string[];
  max_payload_changes: number;
  enable_streaming: boolean;
  use_natural_language_hitl: boolean;
}

export class RunListView {
  runs: RunView[];
  next_cursor: string | null;
  total: number;
}

export class SessionRunsView extends RunListView {
  session_id: string;
  has_pending_approvals: boolean;
}

/** Answer to pause, resume, retry and cancel. */
export class RunControlView {
  success: boolean;
  message: string;
  run_id: string;
  status: string;
}

export class GateView {
  checkpoint_type: string;
  reason: string;
  /** Who would be asked. */
  who: string;
}

/** Explain before asking: what a run of this request would do. */
export class ValidateView {
  ready: boolean;
  validation_summary: ValidationSummary;
  payload: PayloadView | null;
  payload_hash: string | null;
  fixes: JsonObject[];
  mapping: JsonObject;
  gates: GateView[];
  estimate: JsonObject | null;
}
