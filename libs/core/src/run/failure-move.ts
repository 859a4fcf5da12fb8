/*
 * What this is: what a launch that brought no result means for its run: try again, ask a person, or end.
 * Invariant: only a launch that certainly created nothing is repeated by code; what is unclear is asked about (7).
 * To extend: a new outcome is a case here, and the compiler asks for it; a new reason to refuse is a line of CODES.
 */
import { addMs, type Instant, type JsonObject } from '../json';
import type { LaunchOutcome } from '../launch/launch';
import type { Refusal } from '../ports/ai-provider';
import type { Move } from './next-move';
import { failureGate } from './policy';
import type { Run, RunError } from './run';
import { staleConsent } from './stale-consent';

/** Launches in a row that code repeats when nothing was created: enough for a rate limit, too few to hide an outage. */
export const MAX_AUTO_RETRIES = 5;
/** First pause between them when the provider names none; doubles each time. */
export const AUTO_RETRY_FIRST_MS = 1_000;
/** Longest pause between them: a provider that asks for more gets a person instead. */
export const AUTO_RETRY_LONGEST_MS = 120_000;

/** What a launch that brought no result means for its run. */
export function failureMove(run: Run, outcome: Exclude<LaunchOutcome, { kind: 'succeeded' }>, now: Instant): Move {
  switch (outcome.kind) {
    case 'refused': return refusedMove(run, outcome.refusal, now);
    case 'unknown': return {
      kind: 'ask', checkpoint: 'execution_unknown', reason: outcome.detail, preparation: run.preparation,
      context: { candidate_job_ids: outcome.jobIds },
    };
    case 'consent_mismatch':
      return failed({ code: 'CONSENT_MISMATCH', message: 'What was about to run is not what was approved; nothing was sent.', detail: outcome.detail });
    case 'consent_stale':
      if (!run.consent) return { kind: 'wait' };
      return { kind: 'event', event: { type: 'outdated', stale: staleConsent(run.consent, run.preparation, outcome.changes) } };
    case 'failed':
      return endOrAsk(run, { code: outcome.reason.toUpperCase(), message: outcome.message, detail: outcome.detail }, {});
    case 'stopped':
      return endOrAsk(run, {
        code: 'STOPPED_BY_PROVIDER',
        message: outcome.billed ? 'The provider stopped the run; the time it ran may be billed.' : 'The provider ended the run before it began.',
        detail: outcome.detail,
      }, {});
  }
}

function refusedMove(run: Run, refusal: Refusal, now: Instant): Move {
  if (refusal.reason === 'throttled' || refusal.reason === 'unreachable') {
    const pauseMs = refusal.retryAfterMs ?? AUTO_RETRY_FIRST_MS * 2 ** run.autoRetries;
    if (run.autoRetries < MAX_AUTO_RETRIES && pauseMs <= AUTO_RETRY_LONGEST_MS) {
      return { kind: 'event', event: { type: 'relaunched', notBefore: addMs(now, pauseMs), why: refusal.message } };
    }
  }
  const error: RunError = { code: CODES[refusal.reason], message: refusal.message, detail: refusal.detail };
  const context: JsonObject = {
    refused_fields: refusal.fields.map((field) => ({ ...field, allowed: field.allowed ?? null })),
  };
  // A refused input is a blocking problem: whoever asked can mend it, under every policy.
  if (refusal.reason === 'invalid_input') return askRecovery(run, error, context);
  return endOrAsk(run, error, context);
}

const CODES: Record<Refusal['reason'], string> = {
  invalid_input: 'INPUT_REFUSED',
  unauthorized: 'PROVIDER_UNAUTHORIZED',
  payment_required: 'PROVIDER_PAYMENT_REQUIRED',
  model_not_found: 'MODEL_NOT_FOUND',
  throttled: 'PROVIDER_THROTTLED',
  moderated: 'MODERATED',
  unreachable: 'PROVIDER_UNREACHABLE',
  other: 'PROVIDER_REFUSED',
};

function endOrAsk(run: Run, error: RunError, context: JsonObject): Move {
  return failureGate(run.config).ask ? askRecovery(run, error, context) : failed(error);
}

function askRecovery(run: Run, error: RunError, context: JsonObject): Move {
  return {
    kind: 'ask', checkpoint: 'error_recovery', reason: error.message, preparation: run.preparation,
    context: { ...context, error: { code: error.code, message: error.message } },
  };
}

function failed(error: RunError): Move {
  return { kind: 'event', event: { type: 'failed', error } };
}
