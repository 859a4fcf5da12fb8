/*
 * What this is: finds the one option a value means.
 * Invariant: exactly one option or none. Each step forgives a little more; the first step with a match decides, and two
 * matches at that step are no answer. A leading minus is never stripped: -5 is not 5.
 * To extend: add a step to STEPS, the more forgiving the later.
 */
import type { Json } from '@countersign/core';
import { numberFromText } from './number-text';

const MAX_VALUE = 200; // characters; longer values are no option of any model
const UNITS = ['seconds', 'second', 'secs', 'sec', 's', 'p', 'px', 'pixels', 'x', 'k', 'mp', 'megapixels', 'megapixel', 'fps', 'hz', 'khz', 'kbps', 'mb', 'db', 'images', 'image', 'steps', 'frames', 'min', 'minutes', 'ms', '%', 'percent'];

/** Case, blanks, hyphens and underscores gone; a minus before a number stays. */
function plain(text: string): string {
  const trimmed = text.trim().toLowerCase();
  const minus = /^-\s?[0-9.]/.test(trimmed);
  return (minus ? '-' : '') + trimmed.replace(/[\s_‐-―-]+/g, '');
}

/** `16x9`, `16/9`, `16×9` and `16:9` are one ratio; jpeg is jpg. */
function ratio(text: string): string {
  const same = plain(text).replace(/([0-9])[x×*/]([0-9])/g, '$1:$2');
  return same === 'jpeg' || same === '.jpeg' || same === '.jpg' ? 'jpg' : same.replace(/^\.(?=[a-z])/, '');
}

/** `10s`, `720p`, `4x`, `10 seconds` → the number. */
function unitless(text: string): string {
  const base = ratio(text);
  for (const unit of UNITS) {
    if (!base.endsWith(unit)) continue;
    const number = numberFromText(base.slice(0, -unit.length));
    if (number !== undefined) return String(number);
  }
  const number = numberFromText(base);
  return number === undefined ? base : String(number);
}

/** `a man` → man, `the fox` → fox. */
function bare(text: string): string {
  const lower = text.trim().toLowerCase();
  const article = ['a ', 'an ', 'the '].find((word) => lower.startsWith(word));
  return ratio(article ? lower.slice(article.length) : lower);
}

const STEPS: readonly ((text: string) => string)[] = [plain, ratio, unitless, bare];

export type EnumMatch = { kind: 'same' } | { kind: 'one'; value: Json } | { kind: 'none' } | { kind: 'several'; values: Json[] };

/** Which of the options the value means. */
export function matchOption(value: Json, options: readonly Json[]): EnumMatch {
  if (options.some((option) => option === value)) return { kind: 'same' };
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return { kind: 'none' };
  const given = String(value);
  if (given.length > MAX_VALUE || given.trim() === '') return { kind: 'none' };
  for (const asText of ALL_STEPS) {
    const found = tableOf(options, asText).get(asText(given)) ?? [];
    if (found.length === 1) return { kind: 'one', value: found[0] as Json };
    if (found.length > 1) return { kind: 'several', values: found };
  }
  return { kind: 'none' };
}

type Step = (text: string) => string;
const ALL_STEPS: readonly Step[] = [(text) => text, numeric, ...STEPS];
const tables = new WeakMap<readonly Json[], Map<Step, Map<string, Json[]>>>();

/** The options by what a step makes of them; made once per list of options. */
function tableOf(options: readonly Json[], step: Step): Map<string, Json[]> {
  const known = tables.get(options) ?? new Map<Step, Map<string, Json[]>>();
  tables.set(options, known);
  const hit = known.get(step);
  if (hit) return hit;
  const made = new Map<string, Json[]>();
  for (const option of options) {
    const key = step(String(option));
    made.set(key, [...(made.get(key) ?? []), option]);
  }
  known.set(step, made);
  return made;
}

/** `5` and `5.0` and `"5"` are one number. */
function numeric(text: string): string {
  const number = numberFromText(text);
  return number === undefined ? text : String(number);
}
