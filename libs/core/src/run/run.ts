import type { Instant, Json, JsonObject } from '../json';
import type { Payload } from '../payload/payload';
import type { CostEstimate } from '../ports/ai-provider';
import type { Fix, Mapping, ValidationSummary } from '../validation/report';
import type { HabitOffer } from '../memory/habit-offer';
import type { RunCost } from '../budget/run-cost';
import type { HitlConfig } from './config';
import type { ReviewedFile, StaleConsent } from './stale-consent';
import type { Checkpoint, Status, Step, Tool } from './words';

/** What the check of the request found: everything a person needs to judge the payload. */
export interface Preparation {
  summary: ValidationSummary;
  fixes: Fix[];
  mapping: Mapping;
  dropped: string[];
  promptField: string | null;
  /** What differs from the model's own defaults. */
  diff: { field: string; default: Json; value: Json }[];
  /** Null when the model's form could not be had. */
  payload: Payload | null;
  payloadHash: string | null;
  estimate: CostEstimate | null;
  /** 0..1 with the facts behind it. */
  confidence: Confidence;
  /** What the payload's texts hold that a person may want to see first. Absent in rows from before it was looked for. */
  flags?: SafetyFlag[];
  /** Fields of the payload whose values are never shown. Absent where there are none. */
  secretFields?: string[];
  /** Changes that reviewers make again and again, for the person to take or leave. Absent where nothing is remembered. */
  habits?: HabitOffer[];
  /** The input's files as they were when a person was asked. Absent when nobody was, or when there are none. */
  files?: ReviewedFile[];
}

/** A sign, not proof: `flag` is the word that `require_approval_safety_flags` names. */
export interface SafetyFlag {
  flag: string;
  /** 0..1 */
  score: number;
  /** In words, without the personal data itself. */
  why: string;
}

export interface Confidence {
  score: number;
  reasons: string[];
}

/** Permission to launch exactly one payload: given by a person's decision or by a named policy. */
export interface Consent {
  payloadHash: string;
  /** `human:<user>` or `policy:<name>`. */
  by: string;
  approvalId: string | null;
  at: Instant;
  /** People's edits that are in the payload, as they stood; written by the transition. Absent in older rows. */
  edits?: JsonObject;
}

/** A change said in words: shown before and after, and never run before a person approved what it made of the payload. */
export interface Proposal {
  /** As it was said. */
  message: string;
  /** `human:<user>` */
  by: string;
  /** What was read: `{field, words, value, rule}`; by a language model also `confidence` and `is_certain`. */
  understood: JsonObject[];
  /** The language model that read it; absent when it was read by rule. */
  readBy?: string;
  /** The model's input on the card that it answers. */
  before: JsonObject;
}

export type StoredPart =
  | { kind: 'file'; pointer: string; artifactId: string; sha256: string; mime: string; bytes: number; name: string | null }
  | { kind: 'text'; pointer: string; text: string }
  | { kind: 'json'; pointer: string; value: Json };

/** The provider's answer after everything in it was copied to our own store. */
export interface RunOutput {
  raw: Json;
  parts: StoredPart[];
  text: string | null;
  quality: number | null;
  flags: SafetyFlag[];
  doubts: string[];
}

/** Why a run failed. `code` is SCREAMING_SNAKE and stable. */
export interface RunError {
  code: string;
  /** For the requester: plain words, no secret. */
  message: string;
  /** For the operator. */
  detail: string | null;
}

export interface RunTimes {
  createdAt: Instant;
  updatedAt: Instant;
  /** When the current wait for a person ends, null when nobody is asked. */
  expiresAt: Instant | null;
  /** When the current wait began. */
  waitingSince: Instant | null;
  /** The current launch must not be sent before, null when it may be sent at once. */
  launchNotBefore: Instant | null;
  /** Milliseconds spent waiting for people so far. */
  humanReviewMs: number;
  /** Milliseconds spent at the provider so far. */
  providerMs: number;
}

interface RunFacts {
  runId: string;
  tenantId: string;
  userId: string;
  sessionId: string | null;
  parentRunId: string | null;
  /** Grows by one with every transition; equals the `seq` of the newest step event. */
  version: number;
  step: Step;
  provider: string;
  model: string;
  /** As asked for; null = the newest. */
  modelVersion: string | null;
  tool: Tool | null;
  config: HitlConfig;
  /** RunInput dump < caller's original_input < explicit arguments < resolved provider and model. */
  originalInput: JsonObject;
  /** What people typed into cards: field → value, newest wins. */
  edits: JsonObject;
  preparation: Preparation | null;
  /** Waits to be shown; null when nothing was said in words, or it was shown and approved. */
  proposal: Proposal | null;
  consent: Consent | null;
  /** Consent that was no longer good at the launch; null once there is a new one. */
  stale: StaleConsent | null;
  /** Number of the current launch; 0 before the first. */
  attempt: number;
  /** Launches in a row that provably created nothing and were tried again by code. */
  autoRetries: number;
  output: RunOutput | null;
  /** Of all launches so far. */
  cost: RunCost | null;
  times: RunTimes;
  /** Hash of the newest step event. */
  eventHash: string;
}

/** What each status owns, and no other status has. */
interface Standings {
  queued: object;
  running: object;
  awaiting_human: { approvalId: string; checkpoint: Checkpoint };
  /** What the run goes back to on resume. */
  paused: { held: Held };
  completed: { finishedAt: Instant; note: string | null };
  failed: { finishedAt: Instant; error: RunError };
  cancelled: { finishedAt: Instant; by: string; reason: string };
  expired: { finishedAt: Instant; approvalId: string };
}

export type Held =
  | { status: 'queued' }
  | { status: 'running' }
  | { status: 'awaiting_human'; approvalId: string; checkpoint: Checkpoint };

/** A run in one status: `RunIn<'awaiting_human'>` has an approval, no other has. */
export type RunIn<S extends Status> = RunFacts & { status: S; standing: Standings[S] };

/** A run is a union by status: impossible combinations do not compile. */
export type Run = { [S in Status]: RunIn<S> }[Status];

/** Id of the approval a run waits for, null when it waits for nobody. */
export function pendingApprovalOf(run: Run): string | null {
  if (run.status === 'awaiting_human') return run.standing.approvalId;
  if (run.status === 'paused' && run.standing.held.status === 'awaiting_human') return run.standing.held.approvalId;
  return null;
}
