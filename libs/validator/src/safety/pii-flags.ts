import { isJsonObject, type Form, type Json, type JsonObject, type SafetyFlag } from '@countersign/core';
import { findPii, type PiiFinding } from './find-pii';
import type { PiiKind } from './pii.rules';

const MAX_FLAGS = 20; // shown on one card: who sees twenty need not see more
const MAX_TEXTS = 1_000; // strings looked at in one value
const MAX_DEPTH = 16; // levels of lists and objects looked into

/** One of it, and the word when there are more. */
const WORDS: Record<PiiKind, [one: string, many: string]> = {
  email: ['an e-mail address', 'e-mail addresses'], phone: ['a phone number', 'phone numbers'], iban: ['a bank account number', 'bank account numbers'],
  card: ['a payment card number', 'payment card numbers'], ssn: ['a social security number', 'social security numbers'],
  ip: ['an IP address', 'IP addresses'], national_id: ['a national identity number', 'national identity numbers'], address: ['a street address', 'street addresses'],
};

/** Personal data in what would be sent: every text but the addresses of files and fixed choices. */
export function payloadFlags(form: Form, input: JsonObject): SafetyFlag[] {
  return form.fields.flatMap((field) => {
    const value = input[field.name];
    if (value === undefined || field.role.kind === 'file' || field.enum) return [];
    return piiFlags(value, field.name);
  }).slice(0, MAX_FLAGS);
}

/** Personal data in any value. `where` names the holder in words: `prompt`, `the answer`. */
export function piiFlags(value: Json, where: string): SafetyFlag[] {
  return findPii(textsIn(value).join('\n\n')).map((finding) => ({ flag: 'pii', score: finding.score, why: `${where} holds ${inWords(finding)}` })).slice(0, MAX_FLAGS);
}

function inWords({ kind, count, masked }: PiiFinding): string {
  const [one, many] = WORDS[kind];
  return count === 1 ? `${one} (${masked})` : `${count} ${many} (${masked} and others)`;
}

function textsIn(value: Json, depth = 0): string[] {
  if (typeof value === 'string') return [value];
  if (depth >= MAX_DEPTH || value === null || typeof value !== 'object') return [];
  const members = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return members.slice(0, MAX_TEXTS).flatMap((member) => textsIn(member, depth + 1)).slice(0, MAX_TEXTS);
}
