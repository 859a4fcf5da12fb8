import type { Instant, JsonObject } from '../json';
import { DEFAULT_CONFIG, type HitlConfig } from './config';
import type { RunIn } from './run';
import type { Tool } from './words';

export interface NewRun {
  runId: string;
  tenantId: string;
  userId: string;
  sessionId: string | null;
  parentRunId: string | null;
  provider: string;
  model: string;
  modelVersion: string | null;
  tool: Tool | null;
  config: HitlConfig;
  originalInput: JsonObject;
  /** Values that people gave before the run began: a fork takes them over. */
  edits?: JsonObject;
}

declare const viaNewRun: unique symbol;

/** A run before anything happened to it. Stores insert nothing else, and nothing else can make one. */
export type FreshRun = RunIn<'queued'> & { readonly [viaNewRun]: true };

/** A run's first state: version 1, queued. */
export function newRun(facts: NewRun, now: Instant): FreshRun {
  const run: RunIn<'queued'> = {
    ...facts,
    config: { ...DEFAULT_CONFIG, ...facts.config },
    version: 1, step: 'created', status: 'queued', standing: {},
    edits: facts.edits ?? {}, preparation: null, proposal: null, consent: null, stale: null, attempt: 0, autoRetries: 0, output: null, cost: null,
    times: { createdAt: now, updatedAt: now, expiresAt: null, waitingSince: null, launchNotBefore: null, humanReviewMs: 0, providerMs: 0 },
    eventHash: '',
  };
  return run as FreshRun;
}
