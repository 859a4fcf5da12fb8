/*
 * What this is: one given value against one field: kept, repaired without loss, or reported.
 * Invariant: a value is changed only where nothing is lost and only one reading is possible; otherwise it is an issue.
 * To extend: a new lossless repair is a rule word here and a line in VALIDATION's list of fixes; file fields are in settle-file.ts.
 */
import { isJsonObject, type FormField, type Issue, type Json } from '@countersign/core';
import { coerceScalar } from './coerce-scalar';
import { enumIssue, rangeIssue, textIssue, typeIssue } from './limit-issues';
import { matchOption } from './normalise-enum';
import { unsendable } from './well-formed-value';
import { issueOf } from '../issue';

export type Settled =
  | { kind: 'value'; value: Json; rules: string[] }
  | { kind: 'absent' }
  | { kind: 'issues'; issues: Issue[] };

export const ABSENT: Settled = { kind: 'absent' };
const MAX_JSON_TEXT = 100_000; // characters of a text that is read as JSON
const MAX_JSON_BRACKETS = 1_000; // opening brackets; more is nested beyond use

export function problem(issue: Issue): Settled {
  return { kind: 'issues', issues: [issue] };
}

/** Nothing was given: null where null is no value, blank text where text makes no sense. */
export function isBlank(field: FormField, value: Json): boolean {
  if (value === null) return !field.nullable;
  if (typeof value === 'string' && value.trim() === '') {
    const bareText = field.type === 'string' && !field.enum && (field.role.kind === 'option' || field.role.kind === 'text') && !field.required && !field.effectivelyRequired;
    return !bareText && field.enum?.includes(value) !== true;
  }
  return Array.isArray(value) && value.length === 0 && (field.effectivelyRequired || (field.minItems ?? 0) > 0);
}

/** A value that is not a file, settled against its field. */
export function settleValue(field: FormField, raw: Json): Settled {
  const broken = unsendable(raw);
  if (broken) return problem(typeIssue(field, null, broken));
  if (isBlank(field, raw)) return ABSENT;
  if (raw === null) return { kind: 'value', value: null, rules: [] };
  const single = Array.isArray(raw) && raw.length === 1 && field.type !== 'array' && field.type !== 'any' ? raw[0] as Json : raw;
  const unwrapped = single === raw ? [] : ['list_of_one_to_value'];
  if (field.type === 'array') return settleList(field, raw);
  if (field.type === 'object') return settleObject(field, single, unwrapped);
  const settled = settleScalar(field, single);
  return settled.kind === 'value' ? { ...settled, rules: [...unwrapped, ...settled.rules] } : settled;
}

function settleScalar(field: FormField, value: Json): Settled {
  if (field.enum) return settleOption(field, value, field.enum);
  if (Array.isArray(value) && field.type === 'string') {
    const joined = joinedList(field, value) ?? writtenList(field, value);
    return joined === null ? problem(typeIssue(field, value)) : { kind: 'value', value: joined, rules: ['list_to_text'] };
  }
  const coerced = coerceScalar(value, field.type);
  if (!coerced.ok) return problem(typeIssue(field, value));
  const limit = typeof coerced.value === 'number' ? rangeIssue(field, coerced.value) : typeof coerced.value === 'string' ? textIssue(field, coerced.value) : null;
  return limit ? problem(limit) : { kind: 'value', value: coerced.value, rules: coerced.rule ? [coerced.rule] : [] };
}

const DESCRIPTION_READ = 600; // characters
const SEPARATED = ['separat', 'seperat', 'delimit']; // the second as many authors write it

/** "comma-separated", "separated by comma", "comma delimited". */
function isCommaList(description: string): boolean {
  const words = description.slice(0, DESCRIPTION_READ).toLowerCase().split(/[\s,.;:()-]+/);
  return words.some((word, at) => (word === 'comma' || word === 'commas') && words.slice(Math.max(0, at - 3), at + 2).some((near) => SEPARATED.some((stem) => near.startsWith(stem))));
}

/** A list for a text that is described as comma-separated, when no item holds a comma itself. */
function joinedList(field: FormField, items: readonly Json[]): string | null {
  if (!isCommaList(field.description) || !items.every((item) => (typeof item === 'string' && !item.includes(',')) || typeof item === 'number')) return null;
  return items.map(String).join(',');
}

/** A list for a text that is described as a JSON list of texts: the same list, written down. */
function writtenList(field: FormField, items: readonly Json[]): string | null {
  const words = field.description.slice(0, DESCRIPTION_READ).toLowerCase().split(/[^a-z]+/);
  const isJsonList = words.includes('json') && words.some((word) => ['list', 'array'].includes(word)) && words.some((word) => ['string', 'strings', 'texts', 'sentences'].includes(word));
  return isJsonList && items.every((item) => typeof item === 'string') ? JSON.stringify(items) : null;
}

function settleOption(field: FormField, value: Json, options: readonly Json[]): Settled {
  const match = matchOption(value, options);
  if (match.kind === 'same') return { kind: 'value', value, rules: [] };
  if (match.kind === 'one') return { kind: 'value', value: match.value, rules: [typeof match.value === typeof value ? 'enum_spelling' : 'enum_type'] };
  if (Array.isArray(value) || isJsonObject(value)) return problem(typeIssue(field, value));
  return problem(enumIssue(field, value, options, match.kind === 'several' ? match.values : undefined));
}

function parsedJson(text: string): Json | undefined {
  if (text.length > MAX_JSON_TEXT || (text.match(/[[{]/g) ?? []).length > MAX_JSON_BRACKETS) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function settleObject(field: FormField, value: Json, rules: string[]): Settled {
  if (isJsonObject(value)) return { kind: 'value', value, rules };
  const parsed = typeof value === 'string' ? parsedJson(value) : undefined;
  return isJsonObject(parsed) && unsendable(parsed) === null ? { kind: 'value', value: parsed, rules: [...rules, 'parse_json'] } : problem(typeIssue(field, value));
}

function settleList(field: FormField, raw: Json): Settled {
  const parsed = typeof raw === 'string' && raw.trim().startsWith('[') ? parsedJson(raw) : undefined;
  const list = Array.isArray(parsed) ? parsed : Array.isArray(raw) ? raw : [raw];
  const rules = Array.isArray(parsed) ? ['parse_json'] : Array.isArray(raw) ? [] : ['value_to_list'];
  if (isJsonObject(raw) && field.itemType !== 'object' && field.itemType !== 'any' && field.itemType !== undefined) return problem(typeIssue(field, raw));
  const item: FormField = { ...field, type: field.itemType ?? 'any', enum: field.itemEnum, nullable: false, pattern: undefined };
  const items: Json[] = [];
  for (const one of list) {
    if (item.type === 'array' || item.type === 'object' || item.type === 'any') { items.push(one); continue; }
    const settled = settleScalar(item, one);
    if (settled.kind === 'issues') return { kind: 'issues', issues: settled.issues.map((issue) => issue.code === 'wrong_type' ? typeIssue(field, one) : issue) };
    if (settled.kind === 'value') { items.push(settled.value); rules.push(...settled.rules); }
  }
  const count = countIssue(field, items.length);
  return count ? problem(count) : { kind: 'value', value: items, rules: [...new Set(rules)] };
}

export function countIssue(field: FormField, count: number): Issue | null {
  const file = field.role.kind === 'file';
  if (field.maxItems !== undefined && count > field.maxItems) {
    return issueOf(file ? 'too_many_files' : 'out_of_range', field.name, {
      issue: 'too many', message: `“${field.label}” (${field.name}) takes at most ${field.maxItems}, ${count} were given.`,
      fix: `Keep at most ${field.maxItems}.`, details: { given: count, max: field.maxItems },
    });
  }
  if (field.minItems === undefined || count >= field.minItems) return null;
  return issueOf(file ? 'missing_required' : 'out_of_range', field.name, {
    issue: 'too few', message: `“${field.label}” (${field.name}) needs at least ${field.minItems}, ${count} were given.`,
    fix: `Give at least ${field.minItems}.`, details: { given: count, min: field.minItems },
  });
}
