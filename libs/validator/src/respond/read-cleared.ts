/*
 * What this is: fields a person wants emptied: `no negative prompt`, `remove the mask`, `without a seed`, `seed: none`.
 * Invariant: what the model needs is never emptied, a negated wish ("do not remove the mask") is never turned round, and
 * an option that says "none" by itself is taken instead of an empty value.
 */
import type { FormField, Json } from '@countersign/core';
import { ARTICLES, ASSIGNING_WORDS, CLEARING, CLEARING_PAIRS, EMPTY_VALUES, NEGATED } from './answer-words';
import { severalFields } from './read-named';
import { LONGEST_NAME, type Scan, type Span } from './scan';

const ASSIGNING_MARKS = ['=', ':'];

export function readCleared(scan: Scan): void {
  for (let at = 0; at < scan.tokens.length; at += 1) {
    if (scan.used.has(at)) continue;
    const verb = verbAt(scan, at);
    if (verb > 0) clearAfter(scan, { from: at, to: at + verb });
    else if (EMPTY_VALUES.has(scan.tokens[at]?.lower ?? '')) clearBefore(scan, at);
  }
}

const word = (scan: Scan, at: number): string => (scan.tokens[at]?.kind === 'word' ? scan.tokens[at]?.lower ?? '' : '');

/** Words the verb has, 0 where none begins. */
function verbAt(scan: Scan, at: number): number {
  if (CLEARING_PAIRS.has(`${word(scan, at)}_${word(scan, at + 1)}`)) return word(scan, at + 2) === 'of' ? 3 : 2;
  return CLEARING.has(word(scan, at)) && scan.tokens[at]?.kind === 'word' ? 1 : 0;
}

function clearAfter(scan: Scan, verb: Span): void {
  let from = verb.to;
  while (ARTICLES.has(word(scan, from)) || word(scan, from) === 'any') from += 1;
  for (let to = Math.min(scan.wordRun(from, LONGEST_NAME), scan.tokens.length); to > from; to -= 1) {
    if (scan.tokens[to - 1]?.clause !== scan.tokens[verb.from]?.clause) continue;
    const found = scan.named({ from, to }, '');
    if (found.kind === 'several') return scan.ask({ from: verb.from, to }, severalFields(scan.wordsOf({ from, to }), found.fields));
    if (found.kind !== 'field') continue;
    if (found.field.type === 'boolean') return; // a switch: `without watermark`
    const next = word(scan, to);
    if (next === 'to' || next === 'from' || next === 'in') return; // `reset steps to 30`, `remove text from the sign`
    return empty(scan, found.field, { from: verb.from, to });
  }
}

/** `seed: none`, `set the negative prompt to nothing`. */
function clearBefore(scan: Scan, at: number): void {
  const sign = scan.tokens[at - 1];
  if (!sign || !(sign.kind === 'mark' ? ASSIGNING_MARKS.includes(sign.text) : ASSIGNING_WORDS.has(sign.lower))) return;
  const next = scan.tokens[at + 1];
  if (next && next.clause === scan.tokens[at]?.clause && next.kind !== 'mark') return; // `prompt: nothing but water`
  for (let from = Math.max(0, at - 1 - LONGEST_NAME); from < at - 1; from += 1) {
    if (scan.tokens[from]?.clause !== scan.tokens[at]?.clause) continue;
    const found = scan.named({ from, to: at - 1 }, '');
    if (found.kind === 'field' && found.field.type !== 'boolean') return empty(scan, found.field, { from, to: at + 1 });
  }
}

function empty(scan: Scan, field: FormField, span: Span): void {
  const before = [word(scan, span.from - 1), word(scan, span.from - 2)];
  if (before.some((one) => NEGATED.has(one))) return scan.ask(span, `Should “${field.label}” (${field.name}) stay or go?`);
  if (field.effectivelyRequired) return scan.ask(span, `The model needs “${field.label}” (${field.name}): say another value instead.`);
  const none = field.enum?.find((option: Json) => ['none', 'off', 'no'].includes(String(option).toLowerCase()));
  if (none !== undefined) scan.take(field, none, 'cleared', span);
  else scan.clear(field, span);
}
