/*
 * What this is: what of each row goes, as a hash, into the history, so that a change of the row is noticed later.
 * Invariant: a seal is the SHA-256 of the RFC 8785 text of the listed facts; bodies stay out of the history.
 * To extend: never change a list, old seals were made with it; a new list gets a new name.
 */
import type { Approval, Wording } from '../approval/approval';
import type { Launch } from '../launch/launch';
import { canonicalJson } from '../payload/canonical-json';
import type { Sha256 } from '../payload/payload';
import { isJsonObject, type Json } from '../json';
import type { Run } from '../run/run';

/** SHA-256 of `facts` as JSON keeps them: what is undefined counts as absent. */
export function sealHash(facts: object, sha256: Sha256): string {
  return sha256(canonicalJson(JSON.parse(JSON.stringify(facts)) as Json));
}

/** What was asked for and by whom; never changes. */
export function requestFacts(run: Run): object {
  const { runId, tenantId, userId, sessionId, parentRunId, provider, model, modelVersion, tool, config, originalInput, times } = run;
  return { runId, tenantId, userId, sessionId, parentRunId, provider, model, modelVersion, tool, config, originalInput, createdAt: times.createdAt };
}

/** How a run stands after a move. Its output has a seal of its own, its payload the consent hash. */
export function standingFacts({ version, status, step, attempt, edits, consent, cost, standing }: Run): object {
  return { version, status, step, attempt, edits, consent, cost, standing };
}

/** The question as it was put; whom it is open to and until when may change while it is pending, and a wording has its own seal. */
export function questionFacts(approval: Approval): object {
  const { approvalId, runId, tenantId, checkpoint, title, schema, allowedActions, payload, payloadHash } = approval;
  const { message, context } = beforeWording(approval);
  const { requestedAt, onTimeout, timeoutSeconds, sessionId, requestId } = approval;
  return {
    approvalId, runId, tenantId, checkpoint, title, message, context, schema, allowedActions, payload, payloadHash,
    requestedAt, onTimeout, timeoutSeconds, sessionId, requestId,
  };
}

function beforeWording({ message, context }: Approval): Pick<Approval, 'message' | 'context'> {
  const { wording, ...rest } = context;
  const isWorded = wording !== undefined && isJsonObject(wording) && typeof wording.rule_message === 'string';
  return isWorded ? { message: String(wording.rule_message), context: rest } : { message, context };
}

/** Words of a language model that took the place of the question's own; null when there are none. */
export function wordingFacts({ approvalId, message, context: { wording } }: Approval): object | null {
  if (wording === undefined || !isJsonObject(wording)) return null;
  return wordingSeal(approvalId, { message, by: String(wording.by), callId: String(wording.call_id) });
}

export function wordingSeal(approvalId: string, { message, by, callId }: Wording): object {
  return { approvalId, message, by, callId };
}

/** The answer, whole, with the status it led to. */
export function decisionFacts({ status, decision }: Approval): object {
  return { status, decision };
}

/** A paid call that came to its end, with everything it brought. */
export function launchFacts(launch: Launch): object {
  const { launchId, attempt, provider, model, modelVersion, payloadHash, status, jobId, submittedAt, launchedAt, finishedAt, outcome } = launch;
  // Absent where it was not kept, so that older seals still fit.
  const version = modelVersion === null ? {} : { modelVersion };
  return { launchId, attempt, provider, model, ...version, payloadHash, status, jobId, submittedAt, launchedAt, finishedAt, outcome };
}
