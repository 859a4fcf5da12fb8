import { addMs, type Decision, type Json, type JsonObject, type Payload, type Preparation, type Run } from '@countersign/core';
import { testId } from '@countersign/core/testing';
import type { ConsentedCase, Pick } from './consented-case';

type Mutation = (one: ConsentedCase, pick: Pick) => void;

/** One thing that is changed between the approval and the launch. Each takes a copy of its own. */
export const MUTATIONS: Record<string, Mutation> = {
  'a byte of a parameter': ({ run }, pick) => onPayload(run, (payload) => { payload.input = anotherLeaf(payload.input, pick); }),
  'a parameter more': ({ run }, pick) => onPayload(run, (payload) => { payload.input[`extra_${pick(100)}`] = pick(2) === 0 ? null : ''; }),
  'a parameter less': ({ run }, pick) => onPayload(run, (payload) => { payload.input = without(payload.input, pick); }),
  'the version': ({ run }, pick) => onPayload(run, (payload) => { payload.version = another(payload.version, pick); }),
  'the provider': ({ run }, pick) => onPayload(run, (payload) => { payload.provider = another(payload.provider, pick); }),
  'the model': ({ run }, pick) => onPayload(run, (payload) => { payload.model = another(payload.model, pick); }),
  'the run\'s provider': ({ run }, pick) => { run.provider = another(run.provider, pick); },
  'the run\'s model': ({ run }, pick) => { run.model = another(run.model, pick); },
  'the newest version': ({ world }, pick) => { world.newest = another(world.newest, pick); },
  'the price': ({ world }, pick) => { world.estimate = { ...world.estimate, amount: pick(4) === 0 ? null : (world.estimate.amount ?? 0) * 2 }; },
  'the file behind an address': ({ world }, pick) => { world.files = Object.fromEntries(Object.entries(world.files).map(([url, content]) => [url, pick(4) === 0 ? null : another(content ?? '', pick)])); },
  'the time': ({ world, run }, pick) => { world.now = pick(2) === 0 ? addMs(run.consent?.at ?? '', 901_000 + pick(1_000_000)) : addMs(run.consent?.at ?? '', -61_000 - pick(1_000_000)); },
  'the edits of the run': ({ run }, pick) => { run.edits = Object.keys(run.edits).length > 0 && pick(2) === 0 ? anotherLeaf(run.edits, pick) : { ...run.edits, extra: pick(100) }; },
  'no consent': ({ run }) => { run.consent = null; },
  'the consent\'s hash': ({ run }, pick) => { onConsent(run, (consent) => { consent.payloadHash = another(consent.payloadHash, pick); }); },
  'the consent\'s person': ({ run }, pick) => { onConsent(run, (consent) => { consent.by = pick(2) === 0 ? 'policy:auto' : another(consent.by, pick); }); },
  'the consent\'s approval': ({ run }, pick) => { onConsent(run, (consent) => { consent.approvalId = pick(2) === 0 ? null : testId(); }); },
  'the consent\'s time': ({ run }, pick) => { onConsent(run, (consent) => { consent.at = addMs(consent.at, 1 + pick(600_000)); }); },
  'the consent\'s edits': ({ run }, pick) => { onConsent(run, (consent) => { consent.edits = { ...consent.edits, extra: pick(100) }; }); },
  'a consent of a policy': ({ run }) => { onConsent(run, (consent) => { Object.assign(consent, { by: 'policy:require_human', approvalId: null }); }); },
  'the files that were looked at': ({ run }, pick) => { onPreparation(run, (preparation) => { preparation.files = pick(2) === 0 ? [] : (preparation.files ?? []).map((file) => ({ ...file, sha256: another(file.sha256 ?? '', pick) })); }); },
  'the answer': ({ approval }, pick) => { onAnswer(approval, (decision) => { decision.action = pick(2) === 0 ? 'reject' : 'respond'; }); },
  'who answered': ({ approval }, pick) => { onAnswer(approval, (decision) => { decision.by = another(decision.by, pick); }); },
  'when it was answered': ({ approval }, pick) => { onAnswer(approval, (decision) => { decision.at = addMs(decision.at, 1 + pick(600_000)); }); },
  'how the approval stands': ({ approval }, pick) => { Object.assign(approval, { status: ['rejected', 'responded', 'pending', 'cancelled', 'expired'][pick(5)] }); },
  'no answer': ({ approval }) => { Object.assign(approval, { decision: null }); },
  'what the answer was for': ({ approval }, pick) => {
    const edited = approval.decision?.preparation;
    if (edited) edited.payloadHash = another(edited.payloadHash ?? '', pick);
    else approval.payloadHash = another(approval.payloadHash ?? '', pick);
  },
  'what the answer edited': ({ approval, run }, pick) => {
    if (approval.decision?.preparation) onAnswer(approval, (decision) => { decision.edits = anotherLeaf(decision.edits, pick); });
    else run.edits = { extra: true };
  },
  'the files on the card': ({ approval, run }, pick) => {
    if (approval.decision?.preparation) approval.decision.preparation.files = [];
    else if (pick(2) === 0) approval.context = {};
    else onPreparation(run, (preparation) => { preparation.files = []; });
  },
};

function onPreparation(run: Run, change: (preparation: Preparation) => void): void {
  if (run.preparation) change(run.preparation);
}

function onPayload(run: Run, change: (payload: Payload) => void): void {
  if (run.preparation?.payload) change(run.preparation.payload);
}

function onConsent(run: Run, change: (consent: NonNullable<Run['consent']>) => void): void {
  if (run.consent) change(run.consent);
}

function onAnswer({ decision }: ConsentedCase['approval'], change: (decision: Decision) => void): void {
  if (decision) change(decision);
}

/** One character other than before; a letter more where there is none. */
function another(text: string, pick: Pick): string {
  if (text === '') return 'x';
  const at = pick(text.length);
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'.replace(text[at] ?? '', '');
  return text.slice(0, at) + (letters[pick(letters.length)] ?? 'x') + text.slice(at + 1);
}

function anotherLeaf(object: JsonObject, pick: Pick): JsonObject {
  const keys = Object.keys(object);
  const key = keys[pick(keys.length)] ?? 'x';
  return { ...object, [key]: anotherValue(object[key] ?? null, pick) };
}

function anotherValue(value: Json, pick: Pick): Json {
  if (typeof value === 'string') return another(value, pick);
  if (typeof value === 'number') return pick(2) === 0 ? value + 1 : String(value);
  return typeof value === 'boolean' ? !value : 'x';
}

function without(object: JsonObject, pick: Pick): JsonObject {
  const keys = Object.keys(object);
  const gone = keys[pick(keys.length)];
  return Object.fromEntries(Object.entries(object).filter(([key]) => key !== gone));
}
