/** Where a run is. */
export const STEPS = ['created', 'information_review', 'payload_review', 'api_call', 'response_review', 'completed'] as const;
export type Step = (typeof STEPS)[number];

/** How a run stands. The last four never change again. */
export const STATUSES = ['queued', 'running', 'awaiting_human', 'paused', 'completed', 'failed', 'cancelled', 'expired'] as const;
export type Status = (typeof STATUSES)[number];

export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled', 'expired'] as const;
export type TerminalStatus = (typeof TERMINAL_STATUSES)[number];

export function isTerminal(status: Status): status is TerminalStatus {
  return (TERMINAL_STATUSES as readonly Status[]).includes(status);
}

/** What a person is asked about. */
export const CHECKPOINTS = [
  'validation_review', 'payload_suggestion', 'response_review', 'browser_action', 'error_recovery', 'execution_unknown',
] as const;
export type Checkpoint = (typeof CHECKPOINTS)[number];

export const ACTIONS = ['approve', 'edit', 'reject', 'respond', 'retry'] as const;
export type Action = (typeof ACTIONS)[number];

export const APPROVAL_STATUSES = ['pending', 'approved', 'edited', 'rejected', 'responded', 'expired', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

export const POLICIES = ['auto', 'require_human', 'auto_with_thresholds'] as const;
export type PolicyName = (typeof POLICIES)[number];

export const ON_TIMEOUT = ['reject', 'approve', 'keep_waiting', 'escalate'] as const;
export type OnTimeout = (typeof ON_TIMEOUT)[number];

export const ROLES = ['requester', 'reviewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** Tools a caller may name in `agent_tool_config`. */
export const TOOLS = [
  'rss-feed-agent-tool', 'web3-agent-tool', 'woo-agent-tool', 'replicate-agent-tool', 'client-database-tool',
] as const;
export type Tool = (typeof TOOLS)[number];
