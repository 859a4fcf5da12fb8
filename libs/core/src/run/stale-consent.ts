/*
 * What this is: consent that is no longer good, because time passed or what was approved is another thing now, and the
 * words in which a person is asked again. Pure; the executor's launch gate collects the facts.
 * Invariant: what was approved is what runs (6), and only as long as the approval is good.
 * To extend: a new fact to compare is a word in `ChangedThing`, a function that finds it and a case in `inWords`.
 */
import type { Instant, Json, JsonObject } from '../json';
import { canonicalJson } from '../payload/canonical-json';
import type { CostEstimate } from '../ports/ai-provider';
import { EXECUTE_WITHIN_DEFAULT_SECONDS, type HitlConfig } from './config';
import type { Consent, Preparation, Run } from './run';

/** A price that moved by less than this share of what was shown is the same price: rounding, not news. */
export const PRICE_TOLERANCE = 0.1;
/** Below what anybody bills; keeps sums of floats from counting as news. */
const LEAST_USD = 1e-9;
/** Clocks of two machines differ by less; an approval further in the future was given under another clock, ms. */
const CLOCK_SKEW_MS = 60_000;

export type ChangedThing = 'time' | 'version' | 'price' | 'file' | 'parameter';

/**
 * One thing that is not as it was approved. `time`: seconds the approval was good for, and its age. `price`: US dollars,
 * null = unknown. `file`: SHA-256, null = cannot be read.
 */
export interface ConsentChange {
  what: ChangedThing;
  field?: string;
  before: Json;
  after: Json;
}

/** A file at an address outside the house, or one of our own, as it was when a person looked at it. */
export interface ReviewedFile {
  field: string;
  url: string;
  /** Hex; null when its content could not be kept in mind, then `why` says so. */
  sha256: string | null;
  why?: string;
}

/** The files as a card showed them; older cards showed none. */
export function reviewedFiles(context: JsonObject): ReviewedFile[] {
  return Array.isArray(context.files) ? (context.files as unknown as ReviewedFile[]) : [];
}

/** Consent that was taken back, with what it was given for. Kept until the next consent. */
export interface StaleConsent {
  by: string;
  at: Instant;
  changes: ConsentChange[];
  before: { version: string | null; input: JsonObject; estimate: CostEstimate | null };
}

export function staleConsent(consent: Consent, preparation: Preparation | null, changes: ConsentChange[]): StaleConsent {
  const { payload = null, estimate = null } = preparation ?? {};
  return { by: consent.by, at: consent.at, changes, before: { version: payload?.version ?? null, input: payload?.input ?? {}, estimate } };
}

/** Null while the approval is good. A policy's consent has no approval behind it and does not age. */
export function timeChange(config: HitlConfig, consent: Consent, now: Instant): ConsentChange | null {
  if (consent.approvalId === null) return null;
  const goodForSeconds = config.executeWithinSeconds ?? EXECUTE_WITHIN_DEFAULT_SECONDS;
  const ageMs = Date.parse(now) - Date.parse(consent.at);
  if (ageMs <= goodForSeconds * 1000 && ageMs >= -CLOCK_SKEW_MS) return null;
  return { what: 'time', before: goodForSeconds, after: Math.round(ageMs / 1000) };
}

export function versionChange(before: string | null, after: string | null): ConsentChange | null {
  return before === null || after === null || before === after ? null : { what: 'version', before, after };
}

/**
 * A price that became known or unknown changed too. `after` is the price list's word: where that lacks only the seconds,
 * what was shown was reckoned from runs of before, which change all the time and are no news.
 */
export function priceChange(before: CostEstimate | null, after: CostEstimate | null): ConsentChange | null {
  const [was, is] = [before?.amount ?? null, after?.amount ?? null];
  if (is === null && after?.usdPerSecond !== undefined) return null;
  if (was === is) return null;
  if (was !== null && is !== null && Math.abs(is - was) <= was * PRICE_TOLERANCE + LEAST_USD) return null;
  return { what: 'price', before: was, after: is };
}

/** What could not be kept in mind at the review was said on the card, and is not compared. */
export function fileChanges(reviewed: readonly ReviewedFile[], now: readonly ReviewedFile[]): ConsentChange[] {
  return reviewed.flatMap(({ field, url, sha256 }): ConsentChange[] => {
    const after = now.find((file) => file.field === field && file.url === url)?.sha256 ?? null;
    return sha256 === null || sha256 === after ? [] : [{ what: 'file', field, before: sha256, after }];
  });
}

/** For the card: why it asks again, and only what changed. `preparation` is what would run now, null when nothing could. */
export function askedAgain(run: Pick<Run, 'stale'>, preparation: Preparation | null): JsonObject | null {
  if (!run.stale) return null;
  const { by, at } = run.stale;
  const changes = changesOf(run.stale, preparation).map((change) => ({ ...change, message: inWords(change) }));
  return { why: changes.map(({ message }) => message).join(' '), approved_by: by, approved_at: at, changes };
}

/** Time and files as the gate saw them; the rest as it is after the request was checked again. */
function changesOf({ changes, before }: StaleConsent, preparation: Preparation | null): ConsentChange[] {
  const payload = preparation?.payload;
  if (!payload) return changes;
  const found = [versionChange(before.version, payload.version), priceChange(before.estimate, preparation.estimate), ...parameterChanges(before.input, payload.input)];
  const now = [...changes.filter(({ what }) => what === 'time' || what === 'file'), ...found.filter((change) => change !== null)];
  return now.length > 0 ? now : changes;
}

export function parameterChanges(before: JsonObject, after: JsonObject): ConsentChange[] {
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return fields.filter((field) => canonicalJson(before[field] ?? null) !== canonicalJson(after[field] ?? null))
    .map((field) => ({ what: 'parameter', field, before: before[field] ?? null, after: after[field] ?? null }));
}

function inWords({ what, field = '', before, after }: ConsentChange): string {
  switch (what) {
    case 'time': return typeof after === 'number' && after < 0
      ? 'The clock was set back since the approval, so its age is not known.'
      : `The approval was good for ${duration(before)} and is ${duration(after)} old.`;
    case 'version': return `The newest version of the model is another one now: ${shortened(after)} instead of ${shortened(before)}.`;
    case 'price': return `The estimated price changed from ${price(before)} to ${price(after)}.`;
    case 'file': return after === null ? `The file for “${field}” cannot be read any more.` : `The file for “${field}” is another one now, at the same address.`;
    case 'parameter': return `“${field}” is another value now.`;
  }
}

const UNITS: [seconds: number, word: string][] = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute'], [1, 'second']];

function duration(value: Json): string {
  const seconds = Number(value);
  const [size, word] = UNITS.find(([unit]) => seconds >= unit) ?? [1, 'second'];
  const count = Math.floor(seconds / size);
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const price = (value: Json): string => (typeof value === 'number' ? `$${value}` : 'unknown');
/** Version ids are long hashes; their first characters tell them apart. */
const VERSION_SHOWN = 12;
const shortened = (value: Json): string => String(value).slice(0, VERSION_SHOWN);
