import type { Evidence } from '../audit/grounds';
import type { Instant } from '../json';
import type { JsonObject } from '../json';
import type { Approval, Wording } from '../approval/approval';
import type { Observation } from '../memory/observation';
import type { Booking } from '../budget/budget';
import type { CostEstimate } from '../ports/ai-provider';
import type { Consent, Preparation, Proposal, RunError, RunOutput } from './run';
import type { StaleConsent } from './stale-consent';
import type { Status, Step } from './words';

/** What can happen to a run. Facts, in the past tense; only the orchestrator turns them into a new state. */
export type RunEvent =
  | { type: 'started' }
  /** The request was checked and made into a payload. */
  | { type: 'prepared'; preparation: Preparation }
  /** A person is needed. `preparation` when the check itself is what the person is asked about. */
  | { type: 'asked'; approval: Approval; preparation?: Preparation; booking?: Booking; cost?: CostEstimate }
  /** A person changed the input: check again. `proposal` when the outcome has to be shown before it may run. */
  | { type: 'revised'; edits: JsonObject; by: string; proposal?: Proposal; observed?: Observation }
  /** Consent to launch exactly this payload. `observed`: what a reviewer did at the payload card. */
  | {
      type: 'approved'; consent: Consent; preparation?: Preparation; edits?: JsonObject; observed?: Observation; booking?: Booking;
      overridesCap?: true;
    }
  /** A yes that cannot be carried out as things stand (a cap is reached): the question is put again. */
  | { type: 'returned'; by: string; why: string; preparation?: Preparation; edits?: JsonObject }
  /** The consent is no longer good: the request is checked again, and a person is asked again. */
  | { type: 'outdated'; stale: StaleConsent; edits?: JsonObject }
  /** Nothing was created at the provider: the same payload may be sent again, not before `notBefore`. */
  | { type: 'relaunched'; notBefore: Instant; why: string; booking?: Booking; cost?: CostEstimate }
  /** A person named the provider job of a launch whose answer was lost: follow it. */
  | { type: 'recovered'; by: string; jobId: string }
  | { type: 'executed'; output: RunOutput; providerMs: number; cost: CostEstimate | null }
  /** The result stands; `text` replaces the answer's text when a person edited it. */
  | { type: 'accepted'; by: string; text?: string; note?: string }
  | { type: 'rejected'; by: string; reason: string }
  | { type: 'expired'; approvalId: string }
  /** The wait goes on past its time-out. */
  | { type: 'extended'; approvalId: string; expiresAt: Instant; escalated: boolean }
  | { type: 'failed'; error: RunError; cost?: CostEstimate }
  /** Something beside the run's own course, e.g. a browser agent asked or was answered. */
  | { type: 'noted'; note: Note }
  | { type: 'paused'; by: string }
  | { type: 'resumed'; by: string }
  | { type: 'cancelled'; by: string; reason: string };

export interface Note {
  /** `browser_asked`, `browser_decided`, `browser_expired`, `browser_cancelled`, `browser_completed`, `forked`, `approval_worded`. */
  fact: string;
  approvalId: string | null;
  actor: string;
  message: string;
  metadata: JsonObject;
  /** Takes the place of the approval's message, if that is still pending and has its first wording. */
  wording?: Wording;
  /** What proves the fact later. */
  evidence?: Evidence;
}

export type RunEventType = RunEvent['type'];

/** One line of a run's history: append-only, chained by hash. */
export interface StepEvent {
  runId: string;
  /** 1, 2, 3 … without gap; equals the run's version after it. */
  seq: number;
  type: RunEventType | 'created';
  step: Step;
  status: Status;
  at: Instant;
  /** `system`, `human:<user>`, `policy:<name>`, `provider:<name>`. */
  actor: string;
  message: string;
  metadata: JsonObject;
  /** Hash of the event before it; 64 zeros for the first. */
  prevHash: string;
  hash: string;
}
