import type { Instant, Json } from '../json';
import type { Payload } from '../payload/payload';
import type {
  AiProvider, CallbackRequest, JobState, LaunchRequest, ModelRef, OpenInput,
} from '../ports/ai-provider';

/** One provider on a fresh stage, made anew for each test of the contract suite. */
export interface AiProviderHarness {
  provider: AiProvider;
  /** A run that ends in `succeeded` within a few seconds. */
  payload: Payload;
  /** A form that can be had. */
  knownModel: ModelRef;
  unknownModel: ModelRef;
  /** A payload the provider itself refuses, with the form field it names; null where it cannot refuse. */
  refused: { payload: Payload; field: string } | null;
  /** A job that is still running when cancel() is called; needed where `capabilities.cancel`. */
  slow: Payload | null;
  /** A payload with a file only this installation can read; null where the provider takes no files. */
  ownFile: { payload: Payload; url: string } | null;
  /** Opens `ownFile.url`. */
  openInput: OpenInput;
  /** Create requests that have reached the provider since the harness was made. */
  createRequests(): number;
  /** The next create request reaches the provider, its answer is lost. Absent where there is no connection. */
  loseNextAnswer?: () => void;
  /** The provider cannot be reached from now on (nothing is ever written to it). */
  disconnect?: () => void | Promise<void>;
  /** A call-back as the provider signs it; needed where `capabilities.callbacks`. */
  signCallback?: (jobId: string, at: Instant) => CallbackRequest;
  close(): Promise<void>;
}

/** A launch of `payload` as the executor would ask for it. */
export function launchRequest(harness: AiProviderHarness, payload: Payload, launchId = 'launch-1'): LaunchRequest {
  return {
    launchId,
    payload,
    callbackUrl: null,
    deadlineSeconds: 120,
    openInput: harness.openInput,
    isOwnFile: (url) => url === harness.ownFile?.url,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

const FOLLOW_EVERY_MS = 10; // short: the stage is in this process or on this machine
const FOLLOW_FOR_MS = 25_000; // a small model on a busy two-core machine

/** Follows a job to its end. */
export async function followToEnd(provider: AiProvider, jobId: string, payload: Payload, first?: JobState): Promise<JobState> {
  const until = Date.now() + FOLLOW_FOR_MS;
  let state = first;
  while (!state || state.status === 'starting' || state.status === 'processing') {
    if (Date.now() > until) throw new Error(`job ${jobId} still ${state?.status ?? 'unknown'} after ${FOLLOW_FOR_MS} ms`);
    if (state) await new Promise((resolve) => setTimeout(resolve, FOLLOW_EVERY_MS));
    const answer = await provider.follow(jobId, payload);
    if (!answer.ok) throw new Error(`follow: ${answer.reason}: ${answer.detail}`);
    state = answer.state;
  }
  return state;
}

/** Freezes all the way down, so that a provider which changes what it was given throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

/** What a JSON pointer (RFC 6901) stands for; undefined when it points at nothing. */
export function atPointer(raw: Json, pointer: string): Json | undefined {
  let here: Json | undefined = raw;
  for (const word of pointer.split('/').slice(1)) {
    const key = word.replaceAll('~1', '/').replaceAll('~0', '~');
    here = typeof here === 'object' && here !== null ? (here as Record<string, Json>)[key] : undefined;
  }
  return here;
}
