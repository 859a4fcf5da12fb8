import type { Instant, JsonObject } from '../json';
import type { Payload } from '../payload/payload';
import type { Action, ApprovalStatus, Checkpoint, OnTimeout } from '../run/words';
import type { Preparation } from '../run/run';

/** What a person (or the clock, by `onTimeout`) said to an approval. */
export interface Decision {
  action: Action;
  /** field → value, as typed. */
  edits: JsonObject;
  reason: string | null;
  message: string | null;
  /** With `respond`: what was read in the message, `{field, words, value, rule}`; the edits were made of it. */
  understood?: JsonObject[];
  /** The language model that made the edits of the message; absent when they were read by rule. */
  readBy?: string;
  /** `human:<user>` or `policy:on_timeout`. */
  by: string;
  at: Instant;
  /** Door it came through: `rest`, `socket`, `relay`, `clock`. */
  via: string;
  /** The header that came with it: the same answer again is known by it, another one with the same key is refused. */
  idempotencyKey?: string;
  /** What `edits` made of the payload, already validated; null when nothing was edited. */
  preparation: Preparation | null;
  /** The card asked for money over a cap, and this person may say yes to that. */
  overridesCap?: true;
}

/** Other words for a question; on the card they take the place of the rules' own, which stay in `context.wording`. */
export interface Wording {
  message: string;
  /** The language model whose words they are. */
  by: string;
  callId: string;
}

interface ApprovalFacts {
  approvalId: string;
  runId: string;
  tenantId: string;
  checkpoint: Checkpoint;
  title: string;
  message: string;
  /** What the card shows besides the payload. */
  context: JsonObject;
  /** JSON Schema (2020-12) of the editable fields. */
  schema: JsonObject;
  allowedActions: Action[];
  payload: Payload | null;
  payloadHash: string | null;
  requestedAt: Instant;
  expiresAt: Instant;
  onTimeout: OnTimeout;
  /** Seconds by which a wait is extended when `onTimeout` keeps it. */
  timeoutSeconds: number;
  /** How often the wait was extended. */
  extensions: number;
  /** Addressed to; null = any reviewer of the tenant. */
  userId: string | null;
  sessionId: string | null;
  /** Who is looking at it just now; null = nobody. Advice to others, never a lock. */
  claimedBy: string | null;
  /** When that ends by itself; null with nobody. */
  claimedUntil: Instant | null;
  /** The browser agent's own id for its question; unique per run. */
  requestId: string | null;
}

type Decided = 'approved' | 'edited' | 'rejected' | 'responded';

/** A union by status: only decided approvals have a decision. */
export type Approval = ApprovalFacts &
  (
    | { status: 'pending'; decision: null }
    | { [S in Decided]: { status: S; decision: Decision } }[Decided]
    | { status: 'expired'; decision: null }
    | { status: 'cancelled'; decision: null }
  );

/** Status that an action leads to. `retry` is a yes to running again, so it counts as approved (or edited, with edits). */
export function statusAfter(action: Action, hasEdits: boolean): Exclude<ApprovalStatus, 'pending' | 'expired' | 'cancelled'> {
  switch (action) {
    case 'approve': return 'approved';
    case 'edit': return 'edited';
    case 'reject': return 'rejected';
    case 'respond': return 'responded';
    case 'retry': return hasEdits ? 'edited' : 'approved';
  }
}
