/*
 * What this is: what is remembered about a model, held against one request: rules that a person switched on are applied, habits
 * are offered.
 * Invariants: nothing changes without a rule of a person (9); a rule changes only a field that the requester left to the model,
 * and only when the payload stays as valid as it was; each change is listed as a fix that names the rule and its person.
 */
import {
  habitEvidence, memoryState, sameValue, type Fix, type Form, type FormField, type HabitOffer, type Json, type JsonObject, type MemoryEntry,
  type ValidationReport, type ValidationRequest,
} from '@countersign/core';
import { validate } from '../validate';

/** Offers on one card: more than a person weighs at once. */
const MAX_OFFERS = 10;
/** Entries tried on one request, each a check of the whole request; those with a ruling come first. */
const MAX_TRIED = 50;

/** Why a rule was not applied. */
const GIVEN = 'this value was given, so it is not changed without you';
const EMPTIED = 'emptying a field is left to you';
const UNFIT = 'it does not fit the other values';

export interface MemoryUse {
  report: ValidationReport;
  fixes: Fix[];
  habits: HabitOffer[];
}

/** @param report what the request is without memory */
export function applyMemory(form: Form, request: ValidationRequest, report: ValidationReport, entries: readonly MemoryEntry[]): MemoryUse {
  const use: MemoryUse = { report, fixes: [], habits: [] };
  const parameters: JsonObject = { ...request.parameters };
  const isTried = (entry: MemoryEntry): boolean => ['always', 'proposed'].includes(memoryState(entry));
  for (const entry of entries.filter(isTried).sort(inOrder).slice(0, MAX_TRIED)) {
    const field = form.fields.find(({ name }) => name === entry.field);
    if (!field || use.fixes.some((fix) => fix.field === entry.field) || !sameValue(valueOf(field, use.report.input), entry.before)) continue;
    const isRule = entry.ruling?.state === 'always';
    const isExplicit = wasSaid(field.name, request, report);
    const isOwn = isRule && !isExplicit && entry.after !== null;
    const tried = validate(form, isOwn
      ? { ...request, parameters: { ...parameters, [field.name]: entry.after } }
      : { ...request, parameters, edits: { ...request.edits, [field.name]: entry.after } });
    const fits = isAsValid(tried, use.report) && sameValue(tried.input[field.name] ?? null, entry.after);
    if (isOwn && fits) {
      parameters[field.name] = entry.after;
      use.report = tried;
      use.fixes.push(fixOf(entry));
    } else if (use.habits.length < MAX_OFFERS && (fits || isRule)) {
      const why = isExplicit ? GIVEN : fits ? EMPTIED : UNFIT;
      use.habits.push(offerOf(entry, isRule ? why : null));
    }
  }
  return use;
}

/** Rules first, then what was seen most; the same every time, since a key takes the first of a card. */
function inOrder(a: MemoryEntry, b: MemoryEntry): number {
  const byRuling = Number(b.ruling !== null) - Number(a.ruling !== null);
  if (byRuling !== 0) return byRuling;
  const bySeen = habitEvidence(b).alike - habitEvidence(a).alike;
  if (bySeen !== 0) return bySeen;
  return a.field < b.field ? -1 : Number(a.field > b.field);
}

function valueOf(field: FormField, input: JsonObject): Json {
  if (Object.hasOwn(input, field.name)) return input[field.name] ?? null;
  return field.defaultIsSample ? null : field.default ?? null;
}

/** Given, taken away, or given wrong: in each case the requester or a reviewer spoke about this field. */
function wasSaid(field: string, request: ValidationRequest, report: ValidationReport): boolean {
  return Object.hasOwn(report.input, field) || Object.hasOwn(request.edits, field) || Object.hasOwn(request.parameters, field)
    || report.summary.checkpoints.some(({ issues }) => issues.some((issue) => issue.field === field));
}

function isAsValid(tried: ValidationReport, now: ValidationReport): boolean {
  return tried.summary.blocking_issues <= now.summary.blocking_issues && tried.summary.total_issues <= now.summary.total_issues;
}

function fixOf({ memoryId, field, before, after, ruling }: MemoryEntry): Fix {
  return { field, before, after, rule: `memory ${memoryId}, switched on by ${ruling?.by ?? 'somebody'}`, memory_id: memoryId };
}

function offerOf(entry: MemoryEntry, notApplied: string | null): HabitOffer {
  const { alike, of, words } = habitEvidence(entry);
  return {
    memory_id: entry.memoryId, field: entry.field, before: entry.before, after: entry.after, alike, of, evidence: words,
    state: entry.ruling?.state === 'always' ? 'always' : 'proposed', not_applied: notApplied,
  };
}
