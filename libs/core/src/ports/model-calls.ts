/*
 * What this is: every question to a language model, on record: who asked what for, which model answered, what it took.
 * Invariants: a question is sent once, however often its doorbell rings (`begin`); no more is spent than is allowed.
 */
import type { Instant, Json } from '../json';
import type { Bell, StoredBell } from './outbox';

/** `wording`: say a card's question better. `reading`: make proposed edits of an answer in words. */
export type CallPurpose = 'wording' | 'reading';

/** `unfit`: the model answered, and the check of its answer refused it. Only `answered` has an answer. */
export type CallOutcome = 'answered' | 'unfit' | 'nonsense' | 'refused' | 'down' | 'slow' | 'too_late' | 'over_budget' | 'no_model';

export interface ModelCall {
  callId: string;
  runId: string;
  approvalId: string;
  purpose: CallPurpose;
  /** What a person said and nobody understood by rule; null for a wording. */
  words: string | null;
  askedAt: Instant;
  /** Nobody waits for the answer any longer. */
  until: Instant;
  /** Null until it is asked. */
  model: string | null;
  /** Null until it is over. */
  outcome: CallOutcome | null;
  answer: Json | null;
}

export type NewModelCall = Pick<ModelCall, 'callId' | 'runId' | 'approvalId' | 'purpose' | 'words' | 'askedAt' | 'until'>;

export interface ModelBudget {
  callsPerRun: number;
  /** Of the whole house, in the 24 hours before a call. */
  callsPerDay: number;
  tokensPerDay: number;
}

/** How a call ended. */
export interface CallEnd {
  outcome: CallOutcome;
  answer: Json | null;
  /** As the model counted them; null keeps what was set aside for it. */
  tokens: number | null;
  at: Instant;
}

export abstract class ModelCalls {
  /** Says which model the house has from now on; null: none. */
  abstract announce(model: string | null): Promise<void>;
  abstract announced(): Promise<string | null>;
  /**
   * Puts a question on record, with its doorbell. The same words to the same approval that are being read, or were read,
   * are not asked again: then that call comes back. The same `callId` comes back as it is.
   */
  abstract request(call: NewModelCall, bells: Bell[]): Promise<{ call: ModelCall; bells: StoredBell[] }>;
  abstract find(callId: string): Promise<ModelCall | null>;
  /** Exactly one caller is told `begun`, and only within the budget. `tokens` are set aside until `end` tells the number. */
  abstract begin(callId: string, by: { model: string; tokens: number; at: Instant }, budget: ModelBudget): Promise<'begun' | 'taken' | 'over_budget'>;
  /** The first end stands; false when there is one. */
  abstract end(callId: string, end: CallEnd, bells: Bell[]): Promise<{ isMine: boolean; bells: StoredBell[] }>;
}
