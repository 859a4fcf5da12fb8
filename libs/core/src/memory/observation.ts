/*
 * What this is: what a reviewer did at one payload card, field by field, so that a change made again and again can be proposed.
 * Invariant: only values that cannot hold anybody's words, files or secrets are kept: numbers, switches and choices from the
 * model's own closed lists. Fields a person left alone are kept too: without them nobody could say "4 of the last 5".
 * To extend: what may be remembered is `mayRemember` alone.
 */
import type { Approval, Decision } from '../approval/approval';
import { isJsonObject, type Instant, type Json, type JsonObject } from '../json';
import { canonicalJson } from '../payload/canonical-json';
import type { Run } from '../run/run';

/** One field on one card: what it held (given, else the model's default, else null) and what the reviewer made of it. */
export interface Sighting {
  field: string;
  before: Json;
  after: Json;
}

/** One decision about a payload. */
export interface Observation {
  approvalId: string;
  tenantId: string;
  /** For whom the run is. */
  userId: string;
  provider: string;
  model: string;
  version: string;
  /** Anything was changed, also what is not remembered. */
  changed: boolean;
  fields: Sighting[];
  /** `human:<user>` */
  by: string;
  at: Instant;
}

/** Fields of a form that are remembered; the largest real form has some sixty. */
export const MAX_REMEMBERED_FIELDS = 100;
/** Longest choice that is remembered, characters of its JSON: names of options, not texts. */
const MAX_VALUE_LENGTH = 200;

/** Null when the decision says nothing about parameters: a rejection, an answer of the clock, no payload. */
export function observationOf(run: Run, approval: Approval, decision: Decision): Observation | null {
  const { payload } = approval;
  const shown = approval.schema.properties;
  if (!payload || !isJsonObject(shown) || decision.action === 'reject' || !decision.by.startsWith('human:')) return null;
  const after = afterDecision(payload.input, decision);
  const fields = Object.entries(shown).flatMap(([field, property]) => (isJsonObject(property) ? sighting(field, property, { before: payload.input, after }) : []));
  return {
    approvalId: approval.approvalId, tenantId: run.tenantId, userId: run.userId,
    provider: payload.provider, model: payload.model, version: payload.version,
    changed: canonicalJson(payload.input) !== canonicalJson(after),
    fields: fields.slice(0, MAX_REMEMBERED_FIELDS), by: decision.by, at: decision.at,
  };
}

/** Words change the payload on a further card; what they were read as is known already. */
function afterDecision(before: JsonObject, { action, edits, preparation }: Decision): JsonObject {
  if (action !== 'respond') return preparation?.payload?.input ?? before;
  const kept = Object.entries({ ...before, ...edits }).filter(([field]) => !Object.hasOwn(edits, field) || edits[field] !== null);
  return Object.fromEntries(kept);
}

function sighting(field: string, property: JsonObject, { before, after }: { before: JsonObject; after: JsonObject }): Sighting[] {
  const was = Object.hasOwn(before, field) ? before[field] ?? null : property.default ?? null;
  const emptied = Object.hasOwn(before, field) ? null : was;
  const is = Object.hasOwn(after, field) ? after[field] ?? null : emptied;
  return mayRemember(property, was) && mayRemember(property, is) ? [{ field, before: was, after: is }] : [];
}

/** @param property the field on the card, as validator's `jsonSchemaOf` describes it */
function mayRemember(property: JsonObject, value: Json): boolean {
  if (property['x-role'] !== 'option' || property.writeOnly === true) return false;
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return true;
  const choices = Array.isArray(property.enum) ? property.enum : [];
  return typeof value === 'string' && choices.includes(value) && JSON.stringify(value).length <= MAX_VALUE_LENGTH;
}
