import {
  addMs, payloadHash, type Approval, type Consent, type CostEstimate, type Instant, type Json, type JsonObject, type Payload, type Preparation, type ReviewedFile, type Run,
} from '@countersign/core';
import { aConfig, aDecision, anApproval, aPayload, aPreparation, aRun, NOON } from '@countersign/core/testing';
import { sha256Hex } from '@countersign/service-kit';

/** Whole numbers below `limit`, the same ones for the same seed. */
export type Pick = (limit: number) => number;

/** An approved run, the answer behind it, and the world as it was when the person looked. */
export interface ConsentedCase {
  run: Run;
  approval: Approval;
  world: { now: Instant; newest: string; estimate: CostEstimate; files: Record<string, string | null> };
}

/** mulberry32: small, and good enough to choose with. */
export function pickerOf(seed: number): Pick {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** Launches as it stands: a test has to see that. `base`: where the files lie. */
export function consentedCase(pick: Pick, base = 'https://files.example'): ConsentedCase {
  const url = `${base}/${pick(1_000)}.png`;
  const isEdited = pick(2) === 0;
  const edits: JsonObject = isEdited ? { prompt: `a grey fox ${pick(100)}`, uppercase: pick(2) === 0 } : {};
  const input = { prompt: `a red fox ${pick(100)}`, repeat: 1 + pick(9), quality: pick(100) / 100, reference: url, ...edits };
  const content = `picture ${pick(1_000)}`;
  const files: ReviewedFile[] = [{ field: 'reference', url, sha256: sha256Hex(content) }];
  const estimate: CostEstimate = { amount: (1 + pick(100)) / 100, currency: 'USD', basis: 'price list' };
  const prepared = (payload: Payload): Preparation => aPreparation({ payload, payloadHash: payloadHash(payload, sha256Hex), files, estimate });
  const shown = prepared(aPayload({ input: { ...input, prompt: 'as it was shown' } }));
  const preparation = prepared(aPayload({ input }));
  const at = addMs(NOON, pick(1_000) * 1_000);
  const approval = anApproval({
    status: isEdited ? 'edited' : 'approved', payload: (isEdited ? shown : preparation).payload, payloadHash: (isEdited ? shown : preparation).payloadHash,
    context: { files: files as unknown as JsonObject[] },
    decision: aDecision({ action: isEdited ? 'edit' : 'approve', edits, at, preparation: isEdited ? preparation : null }),
  } as Partial<Approval>);
  const consent: Consent = { payloadHash: preparation.payloadHash ?? '', by: 'human:ann', approvalId: approval.approvalId, at, edits };
  const run = aRun('running', { runId: approval.runId, step: 'api_call', attempt: 1, preparation, consent, edits, config: aConfig({ policy: 'require_human' }) });
  return { run, approval, world: { now: addMs(at, pick(899) * 1_000), newest: '1', estimate, files: { [url]: content } } };
}

/** The same values, their keys in another order. */
export function reordered(value: Json, pick: Pick): Json {
  if (Array.isArray(value)) return value.map((item) => reordered(item, pick));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, reordered(item, pick), pick(1_000)] as const);
  return Object.fromEntries([...entries].sort((one, other) => one[2] - other[2]).map(([key, item]) => [key, item]));
}
