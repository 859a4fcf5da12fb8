/*
 * What this is: values that stand beside the name of their field: `steps = 30`, `set steps to 30`, `30 steps`, `steps 30`.
 * Invariant: a name that could mean several fields, and a value that does not fit, are asked about, never passed over.
 */
import type { FormField, Json } from '@countersign/core';
import { ASSIGNING_WORDS, CHANGES, COMMANDS, numberOfWord } from './answer-words';
import { LONGEST_NAME, type Scan, type Span } from './scan';

const LONGEST_VALUE = 6; // words of an option's name
const ASSIGNING_MARKS = ['=', ':'];
const OPEN_ASSIGNING = ['=', ':', 'to', 'be'];

export function valueAt(scan: Scan, at: number): Json {
  const token = scan.tokens[at];
  if (!token) return '';
  if (token.kind === 'number') return Number.isSafeInteger(Number(token.text)) || token.text.includes('.') ? Number(token.text) : token.text;
  return numberOfWord(token.lower) ?? token.text;
}

const isOpenText = (field: FormField): boolean => field.type === 'string' && !field.enum && field.role.kind !== 'file';
const isWords = (field: FormField): boolean => isOpenText(field) && (field.role.kind === 'prompt' || field.role.kind === 'text');

/** `NAME = VALUE`, `NAME: VALUE`, `set NAME to VALUE`, `NAME should be VALUE`. */
export function readAssigned(scan: Scan): void {
  for (let at = 1; at < scan.tokens.length - 1; at += 1) {
    const token = scan.tokens[at];
    if (!token || scan.used.has(at)) continue;
    if (!(token.kind === 'mark' ? ASSIGNING_MARKS.includes(token.text) : token.kind === 'word' && ASSIGNING_WORDS.has(token.lower))) continue;
    let end = at;
    const before = (): string => scan.tokens[end - 1]?.lower ?? '';
    if (token.lower === 'be' || token.lower === 'to') while (['should', 'must', 'shall', 'will', 'to', 'has', 'needs'].includes(before()) && end > 1) end -= 1;
    if (token.lower === 'to' && scan.tokens[at - 2]?.lower === 'from') end = at - 2;
    assign(scan, { name: end, sign: at });
  }
}

function assign(scan: Scan, { name: end, sign }: { name: number; sign: number }): void {
  const value = valueAt(scan, sign + 1);
  for (let from = Math.max(0, end - LONGEST_NAME); from < end; from += 1) {
    if (scan.tokens[from]?.clause !== scan.tokens[end - 1]?.clause) continue;
    const match = scan.named({ from, to: end }, value);
    if (match.kind === 'several') return scan.ask({ from, to: sign + 2 }, severalFields(scan.wordsOf({ from, to: end }), match.fields));
    if (match.kind === 'field') return assignTo(scan, match.field, { from, sign });
  }
}

function assignTo(scan: Scan, field: FormField, { from, sign }: { from: number; sign: number }): void {
  const first = scan.tokens[sign + 1], token = scan.tokens[sign];
  if (!first || scan.used.has(sign + 1)) return;
  if (first.kind === 'quote') return scan.take(field, first.text, 'quoted', { from, to: sign + 2 });
  if (isWords(field)) {
    if (!OPEN_ASSIGNING.includes(token?.lower ?? '')) return scan.ask({ from, to: sign + 1 }, quotesPlease(field));
    return takeRestOfLine(scan, field, { from, sign });
  }
  const clauseEnd = endOfClause(scan, sign + 1);
  if (isOpenText(field) || field.type === 'array' || field.type === 'object' || field.type === 'any') {
    if (first.kind === 'url' || first.kind === 'number') return scan.take(field, first.text, 'named', { from, to: sign + 2 });
    return scan.takeOpen(field, scan.wordsOf({ from: sign + 1, to: clauseEnd }), { from, to: clauseEnd });
  }
  for (let to = Math.min(scan.tokens.length, sign + 1 + LONGEST_VALUE); field.enum && to > sign + 1; to -= 1) {
    const span = { from: sign + 1, to };
    if (scan.isFree(span) && scan.settled(field, scan.wordsOf(span)).ok) return scan.take(field, scan.wordsOf(span), 'named', { from, to });
  }
  scan.take(field, field.role.kind === 'file' || field.enum ? first.text : valueAt(scan, sign + 1), 'named', { from, to: sign + 2 });
}

/** A text without quotes goes to the end of its line, unless something in it reads like a further wish. */
function takeRestOfLine(scan: Scan, field: FormField, { from, sign }: { from: number; sign: number }): void {
  let to = sign + 1;
  while (to < scan.tokens.length && scan.tokens[to]?.text !== '\n') to += 1;
  const first = scan.tokens[sign + 1];
  if (to === sign + 1 || !first) return;
  const isUncertain = CHANGES.has(first.lower) || hasFurtherWish(scan, { from: sign + 2, to });
  if (isUncertain) scan.ask({ from, to }, quotesPlease(field));
  else scan.takeOpen(field, scan.wordsOf({ from: sign + 1, to }), { from, to });
}

function hasFurtherWish(scan: Scan, { from, to }: Span): boolean {
  for (let at = from; at < to; at += 1) {
    const token = scan.tokens[at], last = scan.tokens[at - 1];
    const starts = token && last && token.clause !== last.clause;
    const word = token && starts && token.kind !== 'word' ? scan.tokens[at + 1] : starts && ['and', 'but', 'then', 'also', 'plus'].includes(token.lower) ? scan.tokens[at + 1] : token;
    if (starts && word && COMMANDS.has(word.lower)) return true;
    if (token?.kind === 'mark' && ASSIGNING_MARKS.includes(token.text) && scan.named({ from: at - 1, to: at }, '').kind !== 'none') return true;
    if (token?.kind === 'number' && [...besides(scan, at)].length > 0) return true;
  }
  return false;
}

/** `30 steps`, `four images`, `guidance 7.5`, `16:9 aspect ratio`, `png as output format`. */
export function readBeside(scan: Scan): void {
  for (let at = 0; at < scan.tokens.length; at += 1) {
    if (scan.used.has(at) || !isPlainValue(scan, at)) continue;
    const [best] = besides(scan, at);
    if (!best) continue;
    const span = { from: Math.min(at, best.from), to: Math.max(at + 1, best.to) };
    if (best.fields.length > 1) scan.ask(span, severalFields(scan.wordsOf(best), best.fields));
    else if (best.fields[0]) scan.take(best.fields[0], valueAt(scan, at), 'beside_name', span);
    askAboutNeighbour(scan, span);
  }
}

/** `steps 30 images`: the number could belong to either, so neither is taken for granted. */
function askAboutNeighbour(scan: Scan, { from, to }: Span): void {
  const next = { from: to, to: to + 1 };
  if (scan.tokens[to]?.clause !== scan.tokens[to - 1]?.clause || scan.tokens[to - 1]?.kind !== 'number') return;
  if (scan.isFree(next) && scan.tokens[to + 1]?.kind !== 'number' && scan.named(next, 1).kind === 'field') {
    scan.ask({ from, to: to + 1 }, `“${scan.wordsOf({ from, to: to + 1 })}” can be read in two ways: write name = value.`);
  }
}

function isPlainValue(scan: Scan, at: number): boolean {
  const token = scan.tokens[at];
  return token?.kind === 'number' || token?.kind === 'pair' || (token?.kind === 'word' && numberOfWord(token.lower) !== undefined);
}

/** Names directly before or after a value, the longest of the nearer side first; what stands before wins. */
function* besides(scan: Scan, at: number): Generator<Span & { fields: FormField[] }> {
  const value = valueAt(scan, at), clause = scan.tokens[at]?.clause;
  for (let from = Math.max(0, at - LONGEST_NAME); from < at; from += 1) {
    if (scan.tokens[from]?.clause !== clause) continue;
    const match = scan.named({ from, to: at }, value);
    if (match.kind !== 'none') yield { from, to: at, fields: match.kind === 'field' ? [match.field] : match.fields };
  }
  const start = ['as', 'for'].includes(scan.tokens[at + 1]?.lower ?? '') ? at + 2 : at + 1;
  for (let to = scan.wordRun(start, LONGEST_NAME); to > start; to -= 1) {
    if (scan.tokens[to - 1]?.clause !== clause) continue;
    const match = scan.named({ from: start, to }, value);
    if (match.kind !== 'none') yield { from: start, to, fields: match.kind === 'field' ? [match.field] : match.fields };
  }
}

function endOfClause(scan: Scan, from: number): number {
  let to = from + 1;
  while (to < scan.tokens.length && scan.tokens[to]?.clause === scan.tokens[from]?.clause && !scan.used.has(to)) to += 1;
  return to;
}

export function severalFields(words: string, fields: readonly FormField[]): string {
  return `“${words}” could mean ${fields.map(({ name }) => `“${name}”`).join(' or ')}: say which.`;
}

export function quotesPlease(field: FormField): string {
  return `It is not certain where the text for “${field.label}” (${field.name}) begins and ends, or whether it is meant word for word: put it in quotes.`;
}
