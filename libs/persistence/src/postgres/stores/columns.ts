/*
 * Columns by name, in one place: an older process beside a newer one neither reads nor writes a column that a later
 * migration added, and a prepared statement's row type stays the same.
 */
export const RUN_COLUMNS = [
  'run_id', 'tenant_id', 'user_id', 'session_id', 'parent_run_id', 'version', 'status', 'step', 'provider', 'model', 'model_version',
  'tool', 'attempt', 'auto_retries', 'approval_id', 'config', 'original_input', 'edits', 'preparation', 'proposal', 'consent', 'stale_consent', 'output', 'cost',
  'standing', 'times', 'event_hash', 'idempotency_key', 'request_hash', 'created_at', 'updated_at',
].join(', ');

export const STEP_EVENT_COLUMNS = ['run_id', 'seq', 'type', 'step', 'status', 'at', 'actor', 'message', 'metadata', 'prev_hash', 'hash'].join(', ');

export const APPROVAL_COLUMNS = [
  'approval_id', 'run_id', 'tenant_id', 'checkpoint', 'status', 'title', 'message', 'context', 'schema', 'allowed_actions', 'payload',
  'payload_hash', 'requested_at', 'expires_at', 'on_timeout', 'timeout_seconds', 'extensions', 'user_id', 'session_id', 'claimed_by',
  'claimed_until', 'request_id', 'decision', 'decided_at',
].join(', ');
