import type { Json, JsonObject, OnTimeout, PolicyName, Status, Step } from '@countersign/core';

/** What a caller wants run. Only `prompt` (may be empty) and a tool, or `provider` and `model`, are required. */
export interface RunInput {
  prompt: string;
  user_id?: string;
  user_email?: string;
  agent_email?: string;
  session_id?: string;
  message_type?: string;
  tenant?: string;
  log_id?: string;
  agent_tool_config?: JsonObject;
  selected_llm?: JsonObject | string;
  conversation?: { role: string; content: string | JsonObject }[];
  chat_history?: { role: string; content: string | JsonObject }[];
  document_context?: string | JsonObject;
  /** Counts as an attachment. */
  document_url?: string;
  /** The user's own values, field → value. */
  parameters?: JsonObject;
  attachments?: (string | { url: string; name?: string; mime?: string })[];
  provider?: string;
  /** `owner/name` or `owner/name:version`. */
  model?: string;
}

export interface HitlConfigRequest {
  policy?: PolicyName;
  /** Steps at which the policy may ask; empty = all. */
  allowed_steps?: Step[];
  timeout_seconds?: number;
  on_timeout?: OnTimeout;
  /** 0..1 */
  auto_approve_confidence_threshold?: number;
  review_thresholds?: { response_quality_min?: number };
  require_approval_safety_flags?: string[];
  max_payload_changes?: number;
  /** Seconds for which an approval is good; default 900. */
  execute_within_seconds?: number;
  enable_streaming?: boolean;
  use_natural_language_hitl?: boolean;
}

export interface RunRequest {
  run_input: RunInput;
  original_input?: JsonObject;
  hitl_config?: HitlConfigRequest;
  user_id?: string;
  session_id?: string;
}

/** Filters of `GET /hitl/runs`. Times are ISO 8601. */
export interface RunFilter {
  user_id?: string;
  session_id?: string;
  status?: Status | Status[];
  provider?: string;
  model?: string;
  created_after?: string;
  created_before?: string;
  q?: string;
  /** 1..200, 50 when absent. */
  limit?: number;
  cursor?: string;
}

/** Filters of `GET /hitl/parameter-memory`. */
export interface MemoryFilter {
  user_id?: string;
  provider?: string;
  model?: string;
  /** 1..200, 50 when absent. */
  limit?: number;
  cursor?: string;
}

export interface ForkRequest {
  from_step: Step;
  edits?: JsonObject;
}

/** A browser agent asks a person. `request_id` makes asking again harmless. */
export interface BrowserApprovalRequest {
  run_id: string;
  action_description: string;
  browser_context: JsonObject;
  user_id: string;
  session_id?: string;
  editable_fields?: JsonObject;
  timeout_seconds?: number;
  request_id?: string;
}

export interface BrowserCompletionRequest {
  run_id: string;
  /** Whatever the agent has to tell. */
  action_result: Json;
  [more: string]: unknown;
}

export interface TeamsRunOptions {
  enable_hitl?: boolean;
  user_id?: string;
  session_id?: string;
}
