/*
 * What this is: the Socket.IO contract, namespace `/hitl`. One map a direction, so that nobody can emit an unknown
 * event or a wrong body.
 */
import type { JsonObject } from '@countersign/core';
import type { ApprovalListView, ApprovalView, ClaimView, DecisionView } from './api/approval-views';
import type { ProblemView } from './api/other-views';
import type { RunView } from './api/run-views';

export const SOCKET_NAMESPACE = '/hitl';

/** Provider logs, percent or streamed output. */
export interface RunProgressBody {
  run_id: string;
  percent: number | null;
  message: string | null;
  /** What came since the last progress. */
  text_delta?: string;
  /** All text so far, where no delta can be told; replaces what was shown. */
  text_so_far?: string;
}

export interface RunEndedBody extends RunView {
  /** The result as text or file addresses; null when it failed. */
  final_result: string | null;
}

export interface ServerToClientEvents {
  'approval.requested': (approval: ApprovalView) => void;
  'approval.updated': (approval: ApprovalView) => void;
  'approval.decided': (approval: ApprovalView) => void;
  'run.updated': (run: RunView) => void;
  'run.progress': (progress: RunProgressBody) => void;
  'run.completed': (run: RunEndedBody) => void;
  'run.failed': (run: RunEndedBody) => void;
}

/** Every client request takes one. */
export type Ack<T> = (answer: ({ ok: true } & T) | { ok: false; error: ProblemView }) => void;

export interface DecideBody {
  approval_id: string;
  run_id?: string;
  action?: string;
  approved?: boolean;
  edits?: JsonObject;
  reason?: string;
  message?: string;
  payload_hash?: string;
  approved_by?: string;
}

export interface ApprovalsListBody {
  user_id?: string;
  session_id?: string;
  run_id?: string;
  checkpoint_type?: string;
  limit?: number;
  cursor?: string;
}

export interface SubscribeBody {
  run_id?: string;
  session_id?: string;
}

export interface ClientToServerEvents {
  'approval.decide': (body: DecideBody, ack: Ack<DecisionView>) => void;
  'approval.claim': (body: { approval_id: string }, ack: Ack<ClaimView>) => void;
  'approval.release': (body: { approval_id: string }, ack: Ack<ClaimView>) => void;
  'approvals.list': (body: ApprovalsListBody, ack: Ack<ApprovalListView>) => void;
  subscribe: (body: SubscribeBody, ack: Ack<{ room: string }>) => void;
  unsubscribe: (body: SubscribeBody, ack: Ack<{ room: string }>) => void;
}

/** Rooms the server joins from the principal: never from what a client claims. */
export const rooms = {
  tenantReviewers: (tenantId: string): string => `tenant:${tenantId}`,
  user: (tenantId: string, userId: string): string => `user:${tenantId}:${userId}`,
  run: (runId: string): string => `run:${runId}`,
  session: (tenantId: string, sessionId: string): string => `session:${tenantId}:${sessionId}`,
};
