/*
 * What this is: the one seam between Countersign and any AI provider.
 * Invariants it carries: a paid call is made once (launch() sends at most one create request and never resends it
 * blindly); an answer that does not prove "nothing was created" is `unclear`, never `refused`.
 * To extend: a new provider is one folder in libs/providers and one registry entry; differences are declared in
 * `capabilities`, never asked for by name elsewhere.
 */
import type { Instant, Json } from '../json';
import type { Payload } from '../payload/payload';
import type { Tool } from '../run/words';
import type { Form } from '../validation/form';

export interface ProviderCapabilities {
  /** `key`: launching twice with the same key is the same run (or the run is free and repeatable). */
  idempotency: 'none' | 'key';
  /** How a launch whose answer was lost can be found again. */
  reconcile: 'list' | 'webhook' | 'none';
  /** A running job can be stopped. */
  cancel: boolean;
  /** `sync`: launch() answers with the result. `job`: it answers with a job id to follow. */
  result: 'sync' | 'job';
  /** Posts call-backs to `callbackUrl`. */
  callbacks: boolean;
  /** Reports output while it is being made. */
  streaming: boolean;
  /** Costs money. */
  paid: boolean;
}

/** `owner/name`, with or without a version. */
export interface ModelRef {
  model: string;
  version: string | null;
}

export type FormAnswer =
  | { ok: true; form: Form }
  | { ok: false; reason: 'model_unknown' | 'no_schema' | 'unavailable' | 'unauthorized'; detail: string };

/** A file named in a payload's input, opened for reading. */
export interface InputFile {
  mime: string;
  /** Size in bytes, null when not known before reading. */
  bytes: number | null;
  name: string | null;
  read(): AsyncIterable<Uint8Array>;
}

/** Opens our own uploads and artifacts, data URLs and allowed public URLs; rejects with a clear message otherwise. */
export type OpenInput = (url: string) => Promise<InputFile>;

export interface LaunchRequest {
  launchId: string;
  payload: Payload;
  /** Where the provider may post call-backs; null = follow by polling. */
  callbackUrl: string | null;
  /** Seconds after which the provider itself should stop the job. */
  deadlineSeconds: number;
  openInput: OpenInput;
  /** True for URLs that only this installation can read: they must be handed over by files API or data URL. */
  isOwnFile(url: string): boolean;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/** What a provider tells while it works. */
export interface Progress {
  percent: number | null;
  message: string | null;
  /** Output so far, for streaming models. */
  textDelta?: string;
  /** All text so far, where progress is polled and a delta cannot be told. Replaces what was shown. */
  textSoFar?: string;
}

export type RefusalReason =
  | 'invalid_input'
  | 'unauthorized'
  | 'payment_required'
  | 'model_not_found'
  | 'throttled'
  | 'moderated'
  | 'unreachable'
  | 'other';

/** Proof that nothing was created and nothing will be billed. */
export interface Refusal {
  reason: RefusalReason;
  /** For the requester: plain words, no account details, no secret. */
  message: string;
  /** For the operator: the provider's own words. No secret. */
  detail: string;
  /** The provider's own delay, when it named one. */
  retryAfterMs: number | null;
  /** Input fields the provider complained about, by form field name. */
  fields: RefusedField[];
}

export interface RefusedField {
  field: string;
  code: string;
  message: string;
  allowed?: Json[];
}

export type LaunchAnswer =
  | { kind: 'launched'; jobId: string; state: JobState }
  | { kind: 'refused'; refusal: Refusal }
  /** It may or may not have been created: never resend, reconcile. */
  | { kind: 'unclear'; detail: string };

export interface OutputFile {
  kind: 'file';
  /** Where in `raw` the file stands, as a JSON pointer (RFC 6901); '' = the whole output. */
  pointer: string;
  /** `url` is opened by openOutput(); `bytes` come with the answer. */
  source: { url: string } | { bytes: Uint8Array };
  mime: string | null;
  name: string | null;
}
export interface OutputText {
  kind: 'text';
  pointer: string;
  text: string;
}
export interface OutputJson {
  kind: 'json';
  pointer: string;
  value: Json;
}
export type OutputPart = OutputFile | OutputText | OutputJson;

/** A provider's answer, taken apart into what can be kept and shown. */
export interface ProviderOutput {
  /** The provider's own JSON (binary parts replaced by null). */
  raw: Json;
  parts: OutputPart[];
  /** Signs that the answer is not what was asked for, e.g. `succeeded` without output. Any entry asks a person. */
  doubts: string[];
}

export interface JobMetrics {
  /** Seconds of compute, the billing basis where there is one. */
  computeSeconds: number | null;
  totalSeconds: number | null;
  /** What was used up, where the provider bills by it and says so. */
  usage?: JobUsage;
}

export interface JobUsage {
  inputTokens: number | null;
  outputTokens: number | null;
}

export type FailureReason = 'model_error' | 'moderated' | 'out_of_memory' | 'timed_out' | 'provider_error';

export type JobState =
  | { status: 'starting' | 'processing'; progress: Progress | null }
  | { status: 'succeeded'; output: ProviderOutput; metrics: JobMetrics }
  | { status: 'failed'; reason: FailureReason; message: string; detail: string; metrics: JobMetrics }
  /** `cancelled`: stopped while running (may be billed). `aborted`: ended before it ran (not billed). */
  | { status: 'cancelled' | 'aborted'; detail: string; metrics: JobMetrics };

export type FollowAnswer =
  | { ok: true; state: JobState }
  /** The provider no longer knows the job, e.g. data removed after an hour. */
  | { ok: false; reason: 'gone' | 'unauthorized'; detail: string }
  | { ok: false; reason: 'unavailable'; detail: string; retryAfterMs: number | null };

export interface LaunchTrace {
  launchId: string;
  payload: Payload;
  /** When the launch was committed, before the create request was written. */
  submittedAt: Instant;
  /** Job ids that other launches own: never match these. */
  claimedJobIds: string[];
  /** As in the launch request: without these a run with files of ours can only be `ambiguous`. */
  openInput?: OpenInput;
  isOwnFile?(url: string): boolean;
}

export type ReconcileAnswer =
  | { kind: 'found'; jobId: string; state: JobState }
  | { kind: 'not_found' }
  /** Two or more jobs match: a person must decide. */
  | { kind: 'ambiguous'; jobIds: string[] }
  | { kind: 'unavailable'; detail: string };

export type CancelAnswer =
  | { ok: true; state: JobState | null }
  | { ok: false; detail: string };

/** US dollars; `amount` null = unknown and stays unknown. */
export interface CostEstimate {
  amount: number | null;
  currency: 'USD';
  /** How it was reckoned, for the card: "1 image × $0.003". */
  basis: string;
  /** Price of a second of compute where only the time is missing; whoever knows how long such runs take completes it. */
  usdPerSecond?: number;
}

/** What a look at the answer says, before a person sees it. */
export interface AnswerAudit {
  /** The answer as text where it has one. */
  text: string | null;
  /** 0..1; null when nothing can be said. */
  quality: number | null;
  /** Safety flags with the reason for each. Personal data in texts is looked for by the executor, whoever the provider is. */
  flags: { flag: string; score: number; why: string }[];
}

/** A call-back as it came in: raw bytes, lower-case header names. */
export interface CallbackRequest {
  rawBody: Uint8Array;
  headers: Record<string, string | undefined>;
}
export type CallbackReading =
  | { ok: true; jobId: string }
  | { ok: false; reason: 'bad_signature' | 'too_old' | 'malformed' | 'not_configured' };

export interface OpenedOutput {
  mime: string | null;
  bytes: number | null;
  read(): AsyncIterable<Uint8Array>;
}

export abstract class AiProvider {
  /** The word used in `provider` fields and in paths: `replicate`, `local`. */
  abstract readonly name: string;
  abstract readonly title: string;
  abstract readonly description: string;
  abstract readonly tools: readonly Tool[];
  abstract readonly capabilities: ProviderCapabilities;

  /** Models to offer by name, for providers that have a closed list; empty = any model by name. */
  abstract models(): { model: string; title: string; description: string }[];
  /** The model's input form, with its version resolved. Never throws for an unknown model. */
  abstract form(ref: ModelRef): Promise<FormAnswer>;
  /** Sends at most one create request. Never throws: whatever goes wrong is an answer. */
  abstract launch(request: LaunchRequest): Promise<LaunchAnswer>;
  /** The job's state now. Never throws. Safe to repeat. */
  abstract follow(jobId: string, payload: Payload): Promise<FollowAnswer>;
  /** Stops a job where it can. Never throws. Safe to repeat. */
  abstract cancel(jobId: string): Promise<CancelAnswer>;
  /** Looks for a job whose launch answer was lost. Never throws, never creates. */
  abstract reconcile(trace: LaunchTrace): Promise<ReconcileAnswer>;
  /** Pure. */
  abstract estimate(payload: Payload): CostEstimate;
  /** What the job really cost, as far as its metrics tell. Pure. */
  abstract cost(payload: Payload, metrics: JobMetrics): CostEstimate;
  /** Pure. */
  abstract audit(output: ProviderOutput, payload: Payload): AnswerAudit;
  /** Checks the signature on the raw bytes and reads the job id; nothing else in a call-back is believed. */
  abstract readCallback(request: CallbackRequest, now: Instant): CallbackReading;
  /** Opens an output file by URL. Rejects for hosts that are not this provider's. */
  abstract openOutput(url: string, signal: AbortSignal): Promise<OpenedOutput>;
}
