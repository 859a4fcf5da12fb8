/*
 * What this is: finds the one field a parameter's name means.
 * Invariant: exact name, then spelling, then alias; an alias counts only when exactly one field can be meant.
 * To extend: add the name to its group in rules/aliases.rules.ts.
 */
import type { FormField, Json } from '@countersign/core';
import type { FileSlot, FormIndex } from '../form/form-index';
import { numberOf, spellingOf, wordsOf } from '../form/name-words';
import { ALIAS_GROUPS, COUNTING_WORDS, FILE_ALIAS_WORDS, OTHER_THAN_HEAD, SECOND_OF_KIND, type AliasGroup } from '../rules/aliases.rules';
import { USE_WORDS } from '../rules/file-use.rules';
import { mediaOfWord } from '../rules/media.rules';
import { LOOSE_PROMPT_NAMES, PROMPT_NAMES } from '../rules/prompt.rules';
import { settleValue } from '../fixes/settle-value';
import { isFileUrl } from './file-url';
import { areAlike, isSpecial, mainOf } from './main-slots';
import { isToldOtherwise, told } from './told-meaning';

export type NameMatch =
  | { kind: 'field'; field: FormField; rule?: 'rename_spelling' | 'rename_alias' }
  | { kind: 'several'; fields: FormField[] }
  | { kind: 'none' };

const NONE: NameMatch = { kind: 'none' };
const PROMPT_SPELLINGS = new Set(PROMPT_NAMES);

/** @param taken fields that another parameter already names outright */
export function resolveName(name: string, value: Json, index: FormIndex, taken: ReadonlySet<string>): NameMatch {
  const exact = index.byName.get(name);
  if (exact) return { kind: 'field', field: exact };
  const spelling = spellingOf(name);
  const spelled = index.bySpelling.get(spelling)?.filter((field) => !taken.has(field.name)) ?? [];
  if (spelled.length === 1 && spelled[0] && spelling !== '') return { kind: 'field', field: spelled[0], rule: 'rename_spelling' };
  if (spelled.length > 1) return { kind: 'several', fields: [...spelled] };
  for (const find of [byGroup, byCount, byPrompt, byFile, byLink, byOption]) {
    const match = find({ name, spelling, value, index, taken });
    if (match.kind !== 'none') return match;
  }
  return NONE;
}

interface Asked { name: string; spelling: string; value: Json; index: FormIndex; taken: ReadonlySet<string> }
type Finder = (asked: Asked) => NameMatch;

const byGroup: Finder = ({ name, spelling, value, index, taken }) => {
  for (const group of ALIAS_GROUPS) {
    const certain = group.names.includes(spelling);
    if (!certain && !group.weak?.includes(spelling)) continue;
    const members = [...new Set([...group.names, ...(group.weak ?? [])].flatMap((other) => index.bySpelling.get(other) ?? []))];
    const named = members.filter((field) => group.names.includes(spellingOf(field.name)) && !isToldOtherwise(field, group));
    const strong = named.length > 0 ? named : told(group, index) ?? headed(group, index);
    const weak = members.filter((field) => !strong.includes(field) && !isToldOtherwise(field, group) && fits(field, value));
    const wanted = strong.length > 0 ? strong : weak;
    const free = wanted.filter((field) => !taken.has(field.name));
    const chosen = free.length > 1 ? closest(name, free) : free[0];
    if (certain && free.length < wanted.length) {
      const [only] = wanted; // the meaning is given by its own name as well: the caller settles who is right
      return wanted.length === 1 && only ? { kind: 'field', field: only, rule: 'rename_alias' } : { kind: 'several', fields: wanted };
    }
    if (chosen && (certain || fits(chosen, value)) && sameNature(chosen, value)) return { kind: 'field', field: chosen, rule: 'rename_alias' };
    if (free.length > 1 && !chosen && certain) return { kind: 'several', fields: free };
  }
  return NONE;
};

const counted = (name: string): string => wordsOf(name).filter((word) => !COUNTING_WORDS.has(word)).map((word) => (word.endsWith('s') ? word.slice(0, -1) : word)).join(' ');

/** `page` for `page_number`: the same words, but for those that only say it is a number. */
const byCount: Finder = ({ name, index, taken }) => {
  const asked = counted(name);
  if (asked === '') return NONE;
  const found = index.form.fields.filter((field) => (field.type === 'integer' || field.type === 'number') && !taken.has(field.name) && counted(field.name) === asked);
  const [only] = found;
  return found.length === 1 && only ? { kind: 'field', field: only, rule: 'rename_alias' } : NONE;
};

/** Fields that end in the meaning's own word, where none carries one of its names: `max_steps` for steps. */
function headed({ head, notAfter = [] }: AliasGroup, { form }: FormIndex): FormField[] {
  if (head === undefined) return [];
  const tail = head.split(' ');
  return form.fields.filter((field) => {
    const words = wordsOf(field.name);
    return field.role.kind === 'option' && words.slice(-tail.length).join(' ') === head && !words.some((word) => OTHER_THAN_HEAD.has(word) || notAfter.includes(word));
  });
}

/** Among several fields of one meaning, the only one whose name holds every word of the given name; an `extra_…` only when called so. */
function closest(name: string, fields: readonly FormField[]): FormField | undefined {
  const words = wordsOf(name);
  const second = words.some((word) => SECOND_OF_KIND.has(word));
  const holding = fields.filter((field) => wordsOf(field.name).some((word) => SECOND_OF_KIND.has(word)) === second && words.every((word) => wordsOf(field.name).includes(word)));
  return holding.length === 1 ? holding[0] : undefined;
}

function fits(field: FormField, value: Json): boolean {
  return field.role.kind !== 'file' && settleValue(field, value).kind === 'value';
}

/** A file never goes to an option, and a list of addresses never to a count. */
function sameNature(field: FormField, value: Json): boolean {
  return field.role.kind === 'file' ? isFileLike(value) : true;
}

/** "input" and "content" may hold an address as well as words: an address is no prompt where the model takes files. */
const byPrompt: Finder = ({ spelling, value, index, taken }) => {
  const { prompt } = index;
  const namesake = LOOSE_PROMPT_NAMES.has(spelling) ? index.form.fields.find((field) => field !== prompt && field.role.kind !== 'file' && field.type === 'string' && wordsOf(field.name).includes(spelling)) : undefined;
  if (prompt && namesake && typeof value === 'string') return { kind: 'several', fields: [namesake, prompt] };
  return prompt && typeof value === 'string' && !(index.slots.length > 0 && isFileUrl(value)) && PROMPT_SPELLINGS.has(spelling) && !taken.has(prompt.name) ? { kind: 'field', field: prompt, rule: 'rename_alias' } : NONE;
};

const LINKS: ReadonlySet<string> = new Set(['url', 'link', 'uri', 'href', 'address', 'weburl', 'webpage', 'website', 'pageurl', 'sourceurl']);

/** `url` for the one link of a page that the model takes: `youtube_url`. */
const byLink: Finder = ({ spelling, value, index, taken }) => {
  if (!LINKS.has(spelling) || typeof value !== 'string') return NONE;
  const links = index.form.fields.filter((field) => field.type === 'string' && !field.enum && !field.secret && field.role.kind !== 'file' && !taken.has(field.name)
    && wordsOf(field.name).some((word) => LINKS.has(word)) && !wordsOf(field.name).some((word) => word === 'webhook' || word === 'callback'));
  const [only] = links;
  return links.length === 1 && only ? { kind: 'field', field: only, rule: 'rename_alias' } : NONE;
};

const TELLING = 4; // letters; shorter words stand in too many names

/** `language` for `language_boost`: the only list of options whose name holds the given one, and the value is one of them. */
const byOption: Finder = ({ name, value, index, taken }) => {
  const words = wordsOf(name);
  if (!words.some((word) => word.length >= TELLING)) return NONE;
  const holding = index.form.fields.filter((field) => !taken.has(field.name) && field.role.kind === 'option' && words.every((word) => wordsOf(field.name).includes(word)));
  const [only] = holding;
  return holding.length === 1 && only?.enum && fits(only, value) ? { kind: 'field', field: only, rule: 'rename_alias' } : NONE;
};

function isFileLike(value: Json): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'));
}

const byFile: Finder = ({ name, value, index, taken }) => {
  if (!isFileLike(value)) return NONE;
  const words = wordsOf(name);
  const number = numberOf(words);
  const named = words.filter((word) => Number.isNaN(Number(word)));
  const media = named.map(mediaOfWord).filter((kind) => kind !== undefined).at(-1);
  const use = USE_WORDS.find(([, list]) => named.some((word) => list.includes(word)))?.[0];
  const known = named.filter((word) => mediaOfWord(word) !== undefined || FILE_ALIAS_WORDS.has(word) || USE_WORDS.some(([, list]) => list.includes(word)));
  const onlyUse = media === undefined && !named.some((word) => FILE_ALIAS_WORDS.has(word)); // `target`, `source`: a use and nothing else
  if (named.length === 0 || known.length !== named.length || (onlyUse && !(typeof value === 'string' && isFileUrl(value)))) return NONE;
  const all = index.slots.filter((slot) => (media === undefined ? slot.role.media !== 'archive' : slot.role.media === media || slot.role.also?.includes(media) === true || slot.role.media === 'any'));
  const free = all.filter((slot) => !taken.has(slot.field.name) && (number === null || slot.number === null || slot.number === number));
  if (number !== null && number > 1 && !free.some((slot) => slot.number === number)) return NONE;
  const slots = number === null || !free.some((slot) => slot.number === number) ? free : free.filter((slot) => slot.number === number);
  const sameUse = use ? slots.filter((slot) => slot.role.use === use) : [];
  const chosen = sameUse.length > 0 ? sameUse : use === 'mask' || use === 'end_frame' || onlyUse ? [] : use ? slots.filter((slot) => all.length === 1 || slot.role.use === undefined || !isSpecial(slot)) : mainOf(slots);
  const narrowed = chosen.length > 1 ? mainOf(chosen) : chosen;
  const same = narrowed.length > 1 ? oneOfAlike(words, narrowed, index) : undefined;
  if (same) return { kind: 'field', field: same, rule: 'rename_alias' };
  if (narrowed.length === 1 && narrowed[0]) return { kind: 'field', field: narrowed[0].field, rule: 'rename_alias' };
  return narrowed.length > 1 ? { kind: 'several', fields: narrowed.map((slot) => slot.field) } : NONE;
};

/** Several ways to hand over one file (file, file_url): the way whose words the name shares, else the first. */
function oneOfAlike(words: readonly string[], slots: readonly FileSlot[], { form }: FormIndex): FormField | undefined {
  const together = form.rules.some((rule) => 'fields' in rule && rule.kind !== 'at_most_one' && slots.every((slot) => rule.fields.includes(slot.field.name)));
  const [first] = slots;
  if (!together || !first || !slots.every((slot) => areAlike(slot, first))) return undefined;
  const shared = (slot: FileSlot): number => slot.words.filter((word) => words.includes(word)).length;
  return [...slots].sort((a, b) => shared(b) - shared(a) || a.words.length - b.words.length)[0]?.field;
}
