import type { Action, Json, JsonObject } from '@countersign/core';
import type { Field } from './fields';

/** What a person typed: only touched fields are in it. `value` undefined = the field was emptied. */
export type Draft = Readonly<Record<string, Entry>>;

export interface Entry {
  value: Json | undefined;
  /** Why this can not be sent yet, e.g. half-typed JSON. */
  problem: string | null;
}

export interface Change {
  field: Field;
  before: Json | undefined;
  after: Json | undefined;
}

/** Touched fields that now say something else than what stands. */
export function changes(fields: readonly Field[], draft: Draft): Change[] {
  return fields.flatMap((field) => {
    const entry = draft[field.name];
    if (!entry || same(entry.value, field.current)) return [];
    return [{ field, before: field.current, after: entry.value }];
  });
}

/**
 * Which of the changes an answer takes along. Running again takes inputs of the model; an edit takes the question's own
 * fields where it has any (the text of a result), else the inputs.
 */
export function changesFor(action: Action, fields: readonly Field[], changed: readonly Change[]): Change[] {
  if (action === 'retry') return changed.filter(({ field }) => field.isModelInput);
  if (action !== 'edit') return [];
  const hasOwn = fields.some((field) => !field.isModelInput);
  return changed.filter(({ field }) => !hasOwn || !field.isModelInput);
}

/** field → value, as a decision sends it; an emptied input is null, an emptied text of the question's own is empty text. */
export function edits(changed: readonly Change[]): JsonObject {
  return Object.fromEntries(changed.map(({ field, after }) => [field.name, after ?? (!field.isModelInput && field.control === 'long_text' ? '' : null)]));
}

export function problems(draft: Draft): string[] {
  return Object.entries(draft).flatMap(([name, entry]) => (entry.problem ? [`${name}: ${entry.problem}`] : []));
}

/** What the form shows for a field. */
export function shownValue(field: Field, draft: Draft): Json | undefined {
  const entry = draft[field.name];
  return entry ? entry.value : field.current;
}

export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return isNothing(a) && isNothing(b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => same((a as JsonObject)[key], (b as JsonObject)[key]));
}

function isNothing(value: Json | undefined): boolean {
  return value === undefined || value === null || value === '';
}
