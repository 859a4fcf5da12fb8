/*
 * What this is: values said without the name of their field: switches, sizes, ratios, shapes, options, addresses.
 * Invariant: exactly one field and one value can be meant, or it is asked about.
 */
import type { FormField, Json } from '@countersign/core';
import { spellingOf, wordsOf } from '../form/name-words';
import { mainOf } from '../mapping/main-slots';
import { mediaOfUrl } from '../mapping/file-url';
import { mediaFits } from '../rules/media.rules';
import { ARTICLES, EVERYDAY, FILLERS, NEGATED, NEGATIVE_NAME_WORDS, POSITIVE_NAME_WORDS, SWITCH_OFF, SWITCH_ON, YES_OR_NO } from './answer-words';
import { severalFields } from './read-named';
import { LONGEST_NAME, missingFields, type Scan, type Span } from './scan';

/** `without watermark`, `turn on go fast`, `turn the watermark off`, `make it uppercase`. */
export function readSwitches(scan: Scan): void {
  const names = switchNames(scan.form.fields);
  if (names.size === 0) return;
  for (let from = 0; from < scan.tokens.length; from += 1) {
    for (let to = scan.wordRun(from, LONGEST_NAME); to > from; to -= 1) {
      const found = names.get(spellingOf(scan.tokens.slice(from, to).map(({ lower }) => lower).join(' ')));
      if (!found) continue;
      const side = sideOf(scan, { from, to }) ?? namedByVerb(scan, { from, to }, found);
      if (!side || found.length > 1) scan.ask(side?.span ?? { from, to }, found.length > 1 ? severalFields(scan.wordsOf({ from, to }), found.map(({ field }) => field)) : `Should “${scan.wordsOf({ from, to })}” be on or off?`);
      else if (found[0]) scan.take(found[0].field, found[0].isPositive === side.isOn, 'switch', side.span);
      break;
    }
  }
}

interface Switch { field: FormField; isPositive: boolean }

function switchNames(fields: readonly FormField[]): Map<string, Switch[]> {
  const names = new Map<string, Switch[]>();
  const add = (name: string, one: Switch): void => {
    const known = names.get(name) ?? [];
    if (name !== '' && !known.some(({ field }) => field === one.field)) names.set(name, [...known, one]);
  };
  for (const field of fields.filter(({ type }) => type === 'boolean')) {
    const words = wordsOf(field.name), [first = '', ...rest] = words;
    add(spellingOf(field.name), { field, isPositive: true });
    add(spellingOf(field.label), { field, isPositive: true });
    if (rest.length > 0 && (POSITIVE_NAME_WORDS.has(first) || NEGATIVE_NAME_WORDS.has(first))) add(rest.join(''), { field, isPositive: !NEGATIVE_NAME_WORDS.has(first) });
  }
  return names;
}

/** What the words round a switch's name do to it; null when they do not say. */
function sideOf(scan: Scan, { from, to }: Span): { isOn: boolean; span: Span } | null {
  const word = (at: number): string => (scan.used.has(at) || scan.tokens[at]?.clause !== scan.tokens[from]?.clause ? '' : scan.tokens[at]?.lower ?? '');
  let start = from - 1;
  while (ARTICLES.has(word(start)) && start > 0) start -= 1;
  const verb = word(start), after = word(to) === 'mode' ? word(to + 1) : word(to), end = word(to) === 'mode' ? to + 2 : to + 1;
  const turns = (word(start) === 'turn' || word(start) === 'switch' || word(start) === 'keep' || word(start) === 'leave');
  if (after === 'on' || after === 'off') return { isOn: after === 'on', span: { from: turns ? start : from, to: end } };
  if ((verb === 'on' || verb === 'off') && ['turn', 'switch'].includes(word(start - 1))) return { isOn: verb === 'on', span: { from: start - 1, to } };
  if (SWITCH_OFF.has(verb)) return { isOn: false, span: { from: start, to } };
  const makes = verb === 'it' && word(start - 1) === 'make' ? start - 1 : SWITCH_ON.has(verb) || verb === 'make' || scan.tokens[from - 1]?.lower === 'it' && scan.tokens[from - 2]?.lower === 'make' ? start : -1;
  if (makes < 0) return null;
  if (NEGATED.has(word(makes - 1))) return { isOn: false, span: { from: word(makes - 2) === 'do' ? makes - 2 : makes - 1, to } };
  return { isOn: true, span: { from: Math.max(0, makes), to } };
}

/** A name that is a wish by itself: `disable safety checker`. */
function namedByVerb(scan: Scan, { from, to }: Span, found: readonly Switch[]): { isOn: boolean; span: Span } | null {
  const [only] = found, first = scan.tokens[from]?.lower ?? '';
  if (!only || to - from < 2 || spellingOf(only.field.name) !== spellingOf(scan.wordsOf({ from, to })) || !(POSITIVE_NAME_WORDS.has(first) || NEGATIVE_NAME_WORDS.has(first))) return null;
  const isNegated = from > 0 && NEGATED.has(scan.tokens[from - 1]?.lower ?? '');
  return { isOn: !isNegated, span: { from: isNegated ? from - 1 : from, to } };
}

const SHAPE_WORDS: Readonly<Record<string, (width: number, height: number) => boolean>> = {
  square: (width, height) => width === height,
  widescreen: (width, height) => width * 9 === height * 16,
  portrait: (width, height) => width < height,
  vertical: (width, height) => width < height,
  landscape: (width, height) => width > height,
  horizontal: (width, height) => width > height,
};
const PAIR = /^(\d{1,5}(?:\.\d{1,3})?)(?: ?([x×*:/]) ?| by )(\d{1,5}(?:\.\d{1,3})?)$/iu;

/** `16:9`, `1024 by 768`, `square`, `portrait`. */
export function readShapes(scan: Scan): void {
  scan.tokens.forEach((token, at) => {
    if (scan.used.has(at)) return;
    const span = { from: at, to: at + 1 };
    if (token.kind === 'pair') readPair(scan, span);
    else if (token.kind === 'word' && Object.hasOwn(SHAPE_WORDS, token.lower)) readShapeWord(scan, span);
  });
}

const isRatio = (option: Json): boolean => typeof option === 'string' && /^\d{1,3}(?:\.\d{1,3})?[:x/]\d{1,3}(?:\.\d{1,3})?$/.test(option);
const ratioFields = ({ form }: Scan): FormField[] => form.fields.filter((field) => field.type === 'string'
  && (field.enum ? field.enum.some(isRatio) : field.role.kind === 'option' && /(?:^|_)(?:aspect_)?ratio$/.test(field.name)));

function readPair(scan: Scan, span: Span): void {
  const words = scan.wordsOf(span);
  const [, first = '', sign, second = ''] = PAIR.exec(words) ?? [];
  const asRatio = ratioFields(scan).flatMap((field) => (scan.settled(field, `${first}:${second}`).ok ? [{ rule: 'ratio' as const, values: [[field, `${first}:${second}`]] as [FormField, Json][] }] : []));
  const asOption = scan.form.fields.filter((field) => field.enum && !ratioFields(scan).includes(field) && scan.settled(field, `${first}x${second}`).ok)
    .map((field) => ({ rule: 'size' as const, values: [[field, `${first}x${second}`]] as [FormField, Json][] }));
  const [width, height] = ['width', 'height'].map((name) => scan.index.byName.get(name));
  const asSize = sign !== ':' && width && height && scan.settled(width, Number(first)).ok && scan.settled(height, Number(second)).ok
    ? [{ rule: 'size' as const, values: [[width, Number(first)], [height, Number(second)]] as [FormField, Json][] }] : [];
  const meant = [...asRatio, ...asOption, ...asSize];
  const [only] = meant;
  if (!only) return scan.ask(span, `“${words}” fits no field of the model${sizeLimits(width, height)}.`);
  if (meant.length > 1) return scan.ask(span, severalFields(words, meant.flatMap(({ values }) => values.map(([field]) => field))));
  for (const [field, value] of only.values) scan.take(field, value, only.rule, span);
}

const sizeLimits = (width?: FormField, height?: FormField): string => (width && height ? `: width goes from ${width.minimum ?? 'any'} to ${width.maximum ?? 'any'}, height from ${height.minimum ?? 'any'} to ${height.maximum ?? 'any'}` : '');

function readShapeWord(scan: Scan, span: Span): void {
  const word = scan.wordsOf(span).toLowerCase();
  const byName = scan.form.fields.filter((field) => field.enum?.some((option) => spellingOf(String(option)) === word));
  if (byName.length > 0) return; // an option of that very name: options are read later
  const fits = SHAPE_WORDS[word];
  const fields = ratioFields(scan);
  const [field] = fields;
  if (!field?.enum || !fits) {
    if (scan.index.byName.has('width') || field) scan.ask(span, `“${word}” does not say how large: give a size such as 512x512.`);
    return;
  }
  if (fields.length > 1) return scan.ask(span, severalFields(word, fields));
  const options = field.enum.filter(isRatio).filter((option) => {
    const [width = 0, height = 0] = String(option).split(/[:x/]/).map(Number);
    return fits(width, height);
  });
  if (options.length === 1 && options[0] !== undefined) scan.take(field, options[0], 'shape_word', span);
  else scan.ask(span, options.length > 1 ? `“${word}” could mean ${options.join(' or ')} for “${field.name}”: say which.` : `“${field.name}” has no option that is ${word}.`);
}

const LONGEST_OPTION = 5; // words of an option's name
const SHORTEST_OPTION = 3; // letters; a shorter option ("it", "no") is an everyday word

/** Options of the model that stand in the text by name: `make it warm`. */
export function readOptions(scan: Scan): void {
  const options = new Map<string, { field: FormField; option: Json }[]>();
  for (const field of scan.form.fields) {
    for (const option of field.enum ?? []) {
      const name = spellingOf(String(option));
      if (typeof option === 'string' && /\p{L}/u.test(name)) options.set(name, [...(options.get(name) ?? []), { field, option }]);
    }
  }
  for (let from = 0; from < scan.tokens.length; from += 1) {
    for (let to = scan.wordRun(from, LONGEST_OPTION); to > from; to -= 1) {
      const name = spellingOf(scan.tokens.slice(from, to).map(({ lower }) => lower).join(' '));
      const found = options.get(name);
      if (!found) continue;
      const isEveryday = name.length < SHORTEST_OPTION || EVERYDAY.has(name) || YES_OR_NO.has(name);
      if (isEveryday && (YES_OR_NO.has(name) || !standsAlone(scan, { from, to })) && !standsBesideName(scan, { from, to }, found)) continue;
      takeOption(scan, found, { from, to });
      break;
    }
  }
}

const nearOf = ({ from, to }: Span): Span[] => [{ from: from - 1, to: from }, { from: to, to: to + 1 }];

function standsBesideName(scan: Scan, span: Span, found: readonly { field: FormField }[]): boolean {
  return found.some(({ field }) => nearOf(span).some((near) => matches(scan, near, field)));
}

function takeOption(scan: Scan, found: readonly { field: FormField; option: Json }[], span: Span): void {
  const beside = found.filter((one) => standsBesideName(scan, span, [one]));
  const meant = beside.length === 1 ? beside : found;
  const [only] = meant;
  if (only && meant.length === 1) {
    const before = matches(scan, { from: span.from - 1, to: span.from }, only.field) ? 1 : 0, after = matches(scan, { from: span.to, to: span.to + 1 }, only.field) ? 1 : 0;
    scan.take(only.field, only.option, 'option_word', { from: span.from - before, to: span.to + after });
  } else scan.ask(span, severalFields(scan.wordsOf(span), meant.map(({ field }) => field)));
}

function matches(scan: Scan, near: Span, field: FormField): boolean {
  const match = scan.isFree(near) && scan.tokens[near.from]?.kind === 'word' ? scan.named(near, '') : null;
  return match?.kind === 'field' && match.field === field;
}

function standsAlone(scan: Scan, { from, to }: Span): boolean {
  return scan.tokens.every(({ kind, lower }, at) => (at >= from && at < to) || kind === 'mark' || FILLERS.has(lower));
}

/** An address goes to the field that is named beside it, else to the one file field that takes it: a missing one first. */
export function readAddresses(scan: Scan): void {
  scan.tokens.forEach((token, at) => {
    if (token.kind !== 'url' || scan.used.has(at)) return;
    const named = namedAfter(scan, at);
    if (named) return scan.take(named.field, token.text, 'named', { from: at, to: named.to });
    const media = mediaOfUrl(token.text, {});
    const slots = scan.index.slots.filter(({ role }) => mediaFits(media, role.media, role.also));
    const missing = missingFields(scan.form, scan.shown);
    const wanted = slots.filter(({ field }) => missing.includes(field));
    const meant = wanted.length > 0 ? wanted : slots.length > 1 ? mainOf(slots) : slots;
    const [only] = meant;
    const span = { from: at, to: at + 1 };
    if (!only) scan.ask(span, 'The model has no field for the file at that address.');
    else if (meant.length > 1) scan.ask(span, severalFields('the file at that address', meant.map(({ field }) => field)));
    else scan.take(only.field, token.text, 'address', span);
  });
}

function namedAfter(scan: Scan, at: number): { field: FormField; to: number } | null {
  if (!['as', 'for'].includes(scan.tokens[at + 1]?.lower ?? '')) return null;
  for (let to = scan.wordRun(at + 2, LONGEST_NAME); to > at + 2; to -= 1) {
    const match = scan.named({ from: at + 2, to }, scan.tokens[at]?.text ?? '');
    if (match.kind === 'field' && match.field.role.kind === 'file') return { field: match.field, to };
  }
  return null;
}
