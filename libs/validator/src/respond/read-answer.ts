/*
 * What this is: a person's free words made into proposed edits, by rule and without a model.
 * Invariants: nothing is guessed: where two readings are possible the answer says so instead; every value goes through the
 * same settling as parameters; the same words always read the same; time grows with the length of the text, which is capped.
 * To extend: words go into answer-words.ts; a new kind of sentence is a reader in READERS, the plainest first.
 */
import type { Form, FormField, Json, JsonObject } from '@countersign/core';
import { COMMANDS, FILLERS, TALK, TURNS } from './answer-words';
import { readCleared } from './read-cleared';
import { quotesPlease, readAssigned, readBeside, valueAt } from './read-named';
import { readAddresses, readOptions, readShapes, readSwitches } from './read-wishes';
import { missingFields, Scan, type AnswerRule } from './scan';

export interface Understood {
  field: string;
  /** The piece of the text that was read. */
  words: string;
  value: Json;
  rule: AnswerRule;
}

export interface ReadAnswer {
  /** field → value; a proposal, still to be validated as a whole. */
  edits: JsonObject;
  /** 0..1: how much of the text was understood, and how plainly it was said. */
  confidence: number;
  understood: Understood[];
  /** Sentences for the person: what could be meant in two ways, or does not fit. */
  ambiguities: string[];
}

const MAX_TEXT = 4_000; // characters of an answer in words; more belongs into a field of the form
const MAX_UNCLEAR = 20; // sentences about what is unclear; more helps nobody
/** Below this a person has to say it more plainly. */
export const CONFIDENCE_THRESHOLD = 0.7;
const UNCLEAR_CONFIDENCE = 0.5; // never enough

const CERTAINTY: Record<AnswerRule, number> = {
  named: 1, quoted: 1, beside_name: 0.95, switch: 0.95, size: 0.95, ratio: 0.95, shape_word: 0.9, option_word: 0.9, cleared: 0.95, address: 0.9, only_missing: 0.9,
};
const READERS = [readCleared, readAssigned, readAddresses, readBeside, readSwitches, readShapes, readOptions] as const;

/** @param shown what the payload holds now */
export function readAnswer(form: Form, shown: JsonObject, text: string): ReadAnswer {
  const nothing = { edits: {}, confidence: 0, understood: [] };
  if (text.trim() === '') return { ...nothing, ambiguities: ['There are no words to read.'] };
  if (text.length > MAX_TEXT) return { ...nothing, ambiguities: [`An answer in words may have ${MAX_TEXT} characters; give longer texts in their own field.`] };
  const scan = new Scan(form, shown, text.trim());
  if (!readOnlyMissing(scan)) {
    for (const read of READERS) read(scan);
    readQuotes(scan);
    askAboutRest(scan);
  }
  return answerOf(scan);
}

/** When exactly one thing is missing, the whole text may be that thing. */
function readOnlyMissing(scan: Scan): boolean {
  const [field, ...others] = missingFields(scan.form, scan.shown);
  if (!field || others.length > 0 || field.secret || field.role.kind === 'file') return false;
  const whole = { from: 0, to: scan.tokens.length };
  if (!isFreeText(field)) {
    const words = scan.tokens.filter(({ kind }) => kind !== 'mark');
    const raw = words.length === 1 && words[0] ? valueAt(scan, scan.tokens.indexOf(words[0])) : scan.text;
    if (!scan.settled(field, raw).ok) return false;
    scan.take(field, raw, 'only_missing', whole);
    return true;
  }
  const [first] = scan.tokens;
  if (scan.tokens.length === 1 && first?.kind === 'quote') {
    scan.take(field, first.text, 'quoted', whole);
    return true;
  }
  const trial = new Scan(scan.form, scan.shown, scan.text);
  for (const read of READERS) read(trial);
  if (trial.readings.length > 0 || trial.unclear.length > 0) {
    const left = leftovers(trial);
    if (left.length > 0 && !trial.readings.some(({ field: read }) => read === field)) scan.ask(whole, quotesPlease(field));
    return scan.unclear.length > 0;
  }
  const content = scan.tokens.filter(({ kind, lower }) => kind !== 'mark' && !FILLERS.has(lower));
  if (content.length === 0) return false;
  const isTalk = first === undefined || TALK.has(first.lower) || COMMANDS.has(first.lower) || asks(scan) || scan.tokens.some(({ kind }) => kind === 'quote');
  if (isTalk) return false;
  scan.take(field, scan.text, 'only_missing', whole);
  return true;
}

const isFreeText = (field: FormField): boolean => field.type === 'string' && !field.enum;

const asks = (scan: Scan): boolean => scan.tokens.some(({ kind, text }) => kind === 'mark' && text === '?');

/** A quote that nothing else took goes to the one field for text, where there is one. */
function readQuotes(scan: Scan): void {
  const texts = scan.form.fields.filter((field) => isFreeText(field) && (field.role.kind === 'prompt' || field.role.kind === 'text'));
  const missing = missingFields(scan.form, scan.shown).filter((field) => texts.includes(field));
  const meant = missing.length === 1 ? missing : texts;
  scan.tokens.forEach(({ kind, text }, at) => {
    if (kind !== 'quote' || scan.used.has(at)) return;
    const span = { from: at, to: at + 1 };
    if (meant.length === 1 && meant[0]) scan.take(meant[0], text, 'quoted', span);
    else scan.ask(span, `Say which field the text in quotes is for${meant.length > 0 ? `: ${meant.map(({ name }) => name).join(' or ')}` : ''}.`);
  });
}

/** Words with a meaning of their own that nothing was made of. */
function leftovers(scan: Scan): number[] {
  return scan.tokens.flatMap(({ kind, lower }, at) => (kind === 'mark' || scan.used.has(at) || FILLERS.has(lower) ? [] : [at]));
}

function askAboutRest(scan: Scan): void {
  const left = leftovers(scan);
  const said = (at: number): string => scan.tokens[at]?.text ?? '';
  for (const at of left.filter((one) => scan.tokens[one]?.kind === 'number')) scan.unclear.push(`Say which field ${said(at)} is for.`);
  const turns = left.filter((one) => TURNS.has(scan.tokens[one]?.lower ?? '')).map((at) => `“${said(at)}”`);
  if (turns.length > 0) scan.unclear.push(`${turns.join(', ')} ${turns.length > 1 ? 'leave' : 'leaves'} open which value is meant: say the value itself.`);
  const [first] = scan.tokens;
  if (asks(scan) && !(first && ['can', 'could', 'would', 'will', 'please'].includes(first.lower))) scan.unclear.push('A question changes nothing: say what should be set.');
  for (const reading of scan.readings) if (reading.isOpenEnded && left.length > 0) scan.unclear.push(quotesPlease(reading.field));
}

function answerOf(scan: Scan): ReadAnswer {
  const edits: JsonObject = {};
  for (const { field, value } of scan.readings) {
    if (Object.hasOwn(edits, field.name) && JSON.stringify(edits[field.name]) !== JSON.stringify(value)) {
      scan.unclear.push(`“${field.name}” is given twice, with different values: say one.`);
    }
    edits[field.name] = value;
  }
  const understood = scan.readings.map(({ field, words, value, rule }) => ({ field: field.name, words, value, rule }));
  const left = leftovers(scan);
  if (understood.length === 0 && scan.unclear.length === 0) scan.unclear.push('Nothing in it names a field of the model or one of its values.');
  else if (left.length > 0) scan.unclear.push(...notUnderstood(scan, left));
  const ambiguities = [...new Set(scan.unclear)].slice(0, MAX_UNCLEAR);
  return { edits, understood, ambiguities, confidence: confidenceOf(scan, left.length, ambiguities.length > 0) };
}

/** A few words left over are told; many of them count by lowering the confidence. */
function notUnderstood(scan: Scan, left: readonly number[]): string[] {
  const read = scan.used.size;
  const words = left.filter((at) => scan.tokens[at]?.kind !== 'number' && !TURNS.has(scan.tokens[at]?.lower ?? ''));
  if (words.length === 0 || read / (read + left.length) >= CONFIDENCE_THRESHOLD) return [];
  return [`Not understood: ${words.slice(0, 12).map((at) => `“${scan.tokens[at]?.text ?? ''}”`).join(', ')}.`];
}

function confidenceOf(scan: Scan, left: number, isUnclear: boolean): number {
  if (scan.readings.length === 0) return 0;
  const plainness = Math.min(...scan.readings.map(({ rule }) => CERTAINTY[rule]));
  const share = scan.used.size / (scan.used.size + left);
  const score = Math.round(plainness * share * 100) / 100;
  return isUnclear ? Math.min(UNCLEAR_CONFIDENCE, score) : score;
}
