/*
 * What this is: the gate for edits that a language model proposes for a person's words.
 * Invariants: a model never decides (9): what passes here is a proposal still, shown before and after; only fields of the
 * form, values that fit them, and words and addresses that the person wrote. One thing that is not so, and nothing counts.
 */
import { isJsonObject, type Form, type FormField, type Json, type JsonObject } from '@countersign/core';
import { settleFile } from '../fixes/settle-file';
import { settleValue } from '../fixes/settle-value';
import { hideAddresses, showAddresses } from './hide-addresses';
import { CONFIDENCE_THRESHOLD } from './read-answer';

export interface ProposedEdit {
  field: string;
  value: Json;
  /** 0..1, as the model says. */
  confidence: number;
  /** The piece of the person's text that it was read from. */
  words: string;
}

export interface ReadByModel {
  edits: JsonObject;
  understood: { field: string; words: string; value: Json; rule: 'model'; confidence: number; is_certain: boolean }[];
}

const MAX_EDITS = 30; // fields changed by one answer; more was not said in 4 000 characters
const MAX_DEPTH = 8; // levels of lists and objects looked into; forms of models have two or three
/** Below this the model itself does not think that it was said. */
const HARDLY_SAID = 0.3;
const NO_FACTS = (): object => ({});

/** @returns null when it is not what the words say, as far as can be told without guessing */
export function settleProposed(form: Form, text: string, proposed: readonly ProposedEdit[]): ReadByModel | null {
  if (proposed.length === 0 || proposed.length > MAX_EDITS) return null;
  const said = hideAddresses(text);
  const spoken = plain(said.text);
  const read: ReadByModel = { edits: {}, understood: [] };
  for (const { field: name, value: raw, confidence, words } of proposed) {
    const field = form.fields.find((one) => one.name === name);
    if (!field || field.secret || Object.hasOwn(read.edits, name) || !(confidence >= HARDLY_SAID && confidence <= 1)) return null;
    if (plain(words) === '' || !spoken.includes(plain(words))) return null;
    const value = settled(field, raw, said.addresses);
    if (value === undefined) return null;
    read.edits[name] = value;
    const piece = showAddresses(words, said.addresses) ?? words;
    read.understood.push({ field: name, words: piece, value, rule: 'model', confidence, is_certain: confidence >= CONFIDENCE_THRESHOLD });
  }
  return read;
}

function settled(field: FormField, raw: Json, addresses: readonly string[]): Json | undefined {
  const value = withAddresses(raw, addresses, MAX_DEPTH);
  if (value === undefined) return undefined;
  const isFile = field.role.kind === 'file';
  if (isFile && !(Array.isArray(value) ? value : [value]).every((one) => typeof one === 'string' && addresses.includes(one))) return undefined;
  const answer = isFile ? settleFile(field, value, NO_FACTS) : settleValue(field, value);
  return answer.kind === 'value' ? answer.value : undefined;
}

/** The value with the person's addresses in their places; undefined when it holds any other. */
function withAddresses(raw: Json, addresses: readonly string[], depth: number): Json | undefined {
  if (depth === 0) return undefined;
  if (typeof raw === 'string') {
    if (hideAddresses(raw).addresses.length > 0) return undefined;
    return showAddresses(raw, addresses) ?? undefined;
  }
  if (Array.isArray(raw)) {
    const items = raw.map((item) => withAddresses(item, addresses, depth - 1));
    return items.some((item) => item === undefined) ? undefined : (items as Json[]);
  }
  if (!isJsonObject(raw)) return raw;
  if (Object.keys(raw).some((name) => hideAddresses(name).addresses.length > 0)) return undefined;
  const members = Object.entries(raw).map(([name, item]) => [name, withAddresses(item, addresses, depth - 1)] as const);
  return members.some(([, item]) => item === undefined) ? undefined : (Object.fromEntries(members) as JsonObject);
}

/** Letters and digits and what stands between them once, so that quotes and spaces make no difference. */
const plain = (text: string): string => text.toLowerCase().replace(/[\s"'“”„«»‘’`]+/g, ' ').trim();
