import type { JsonObject } from '@countersign/core';
import type { LinksView, PayloadView } from './run-views';

/** How an approval was answered. */
export class ResponseView {
  action: string;
  edits: JsonObject;
  reason: string | null;
  message: string | null;
  payload_hash: string | null;
}

export class ApprovalView {
  approval_id: string;
  run_id: string;
  checkpoint_type: string;
  status: string;
  title: string;
  message: string;
  context: JsonObject;
  /** JSON Schema (2020-12) of the editable fields: enough to draw the form. */
  schema: JsonObject;
  allowed_actions: string[];
  payload: PayloadView | null;
  payload_hash: string | null;
  requested_at: string;
  expires_at: string | null;
  on_timeout: string;
  user_id: string | null;
  session_id: string | null;
  claimed_by: string | null;
  request_id: string | null;
  response: ResponseView | null;
  decided_by: string | null;
  decided_at: string | null;
  links: LinksView;
}

export class ApprovalListView {
  approvals: ApprovalView[];
  total: number;
  next_cursor: string | null;
}

/** Answer to a decision. */
export class DecisionView {
  success: boolean;
  message: string;
  run_id: string;
  approval_id: string;
  /** The approval as it stands now. */
  approval: ApprovalView;
}

/** Who was first, in the body of 409 `APPROVAL_ALREADY_DECIDED`. */
export class DecidedView {
  decided_by: string | null;
  action: string | null;
  status: string;
  decided_at: string | null;
}
