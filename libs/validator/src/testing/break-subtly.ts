import type { Attachment, FileObservation, Form, FormField, IssueCode, Json, JsonObject, MediaKind } from '@countersign/core';
import { spellingOf } from '../form/name-words';
import { isToldOtherwise } from '../mapping/told-meaning';
import { ALIAS_GROUPS } from '../rules/aliases.rules';
import { pick, urlOf, type Random } from './random-payload';

/** A request that looks right and is not, or the other way round; `right` is the only input that may be called ready. */
export interface SubtleBreakage {
  way: string;
  parameters: JsonObject;
  attachments?: Attachment[];
  observations?: FileObservation[];
  right: JsonObject;
  /** Codes one of which must be told when the request is not ready. */
  codes: readonly IssueCode[];
  /** Only a question is right: nothing may be called ready. */
  mustAsk?: boolean;
}
type Break = (form: Form, payload: JsonObject, random: Random) => SubtleBreakage | null;

const MISSING_OR_UNKNOWN: readonly IssueCode[] = ['unknown_field', 'missing_required'];

function one(form: Form, payload: JsonObject, random: Random, wanted: (field: FormField, value: Json) => boolean): FormField | null {
  const fields = form.fields.filter((field) => Object.hasOwn(payload, field.name) && wanted(field, payload[field.name] as Json));
  return fields.length > 0 ? pick(random, fields) : null;
}
const without = (payload: JsonObject, ...names: string[]): JsonObject => Object.fromEntries(Object.entries(payload).filter(([key]) => !names.includes(key)));
const isFileField = (field: FormField): boolean => field.role.kind === 'file' && field.role.shape === 'url';
const mediaOf = (field: FormField): MediaKind => (field.role.kind === 'file' ? field.role.media : 'any');
const strict = (field: FormField): boolean => isFileField(field) && ['image', 'audio', 'video'].includes(mediaOf(field)) && !(field.role.kind === 'file' && field.role.also);
const foreign = (kind: MediaKind): MediaKind => (kind === 'image' ? 'audio' : 'image');
const MIME: Record<string, string> = { image: 'image/png', audio: 'audio/mpeg', video: 'video/mp4' };

/** Two files handed over in the wrong order, each named as its field: the names decide. */
const swapped: Break = (form, payload, random) => {
  const fields = form.fields.filter((field) => Object.hasOwn(payload, field.name) && strict(field) && mediaOf(field) === 'image');
  if (fields.length < 2) return null;
  const first = pick(random, fields), others = fields.filter((field) => field !== first), second = pick(random, others);
  const file = (field: FormField): Attachment => ({ url: `https://files.example.org/${field.name}.png`, name: `${field.name}.png`, mime: 'image/png' });
  const right = { ...payload, [first.name]: file(first).url, [second.name]: file(second).url };
  return { way: 'files: two in the other order', parameters: without(payload, first.name, second.name), attachments: [file(second), file(first)], right, codes: ['ambiguous_attachment', 'missing_required', 'too_many_files'] };
};

/** Two files without telling names for two places of one kind. */
const nameless: Break = (form, payload, random) => {
  const fields = form.fields.filter((field) => strict(field) && mediaOf(field) === 'image' && field.effectivelyRequired && Object.hasOwn(payload, field.name));
  if (fields.length < 2) return null;
  const [a, b] = fields as [FormField, FormField];
  const file = (): Attachment => { const url = urlOf(random, 'image'); return { url, mime: 'image/png' }; };
  return { way: 'files: two without names', parameters: without(payload, a.name, b.name), attachments: [file(), file()], right: payload, codes: ['ambiguous_attachment'], mustAsk: true };
};

const misnamed: Break = (form, payload, random) => {
  const field = one(form, payload, random, strict);
  if (!field) return null;
  const url = `https://files.example.org/${Math.floor(random() * 1e6)}.${foreign(mediaOf(field)) === 'audio' ? 'mp3' : 'png'}?type=.${mediaOf(field) === 'image' ? 'png' : 'mp4'}#x.png`;
  return { way: 'file: ending of another kind', parameters: { ...payload, [field.name]: url }, right: payload, codes: ['wrong_media_type'], mustAsk: true };
};

const disguised: Break = (form, payload, random) => {
  const field = one(form, payload, random, strict);
  if (!field) return null;
  const url = String(payload[field.name]);
  return { way: 'file: content of another kind', parameters: payload, observations: [{ url, outcome: 'ok', mime: MIME[foreign(mediaOf(field))] as string, bytes: 9 }], right: without(payload, field.name), codes: ['wrong_media_type'], mustAsk: true };
};

const inlineData: Break = (form, payload, random) => {
  const field = one(form, payload, random, strict);
  return field && { way: 'file: data of another kind', parameters: { ...payload, [field.name]: `data:${MIME[foreign(mediaOf(field))]};base64,AAAA` }, right: payload, codes: ['wrong_media_type'], mustAsk: true };
};

const spaced: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other, value) => typeof value === 'string' && (isFileField(other) || other.enum !== undefined));
  return field && { way: 'value: blanks around it', parameters: { ...payload, [field.name]: ` ${String(payload[field.name])}\n` }, right: payload, codes: ['not_in_enum', 'not_a_url'] };
};

const borrowedOption: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => other.enum !== undefined);
  const lenders = form.fields.filter((other) => other !== field && other.enum?.some((option) => !field?.enum?.some((own) => String(own).toLowerCase() === String(option).toLowerCase())));
  if (!field || lenders.length === 0) return null;
  const option = pick(random, lenders).enum?.find((one) => !field.enum?.some((own) => spellingOf(String(own)) === spellingOf(String(one)) || Number(own) === Number(one))) ?? null;
  return option === null || /^\d/.test(String(option)) ? null : { way: 'option: of another field', parameters: { ...payload, [field.name]: option }, right: payload, codes: ['not_in_enum', 'wrong_type'], mustAsk: true };
};

const numberWord: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => !other.enum && (other.type === 'integer' || other.type === 'number'));
  return field && { way: 'number: in words', parameters: { ...payload, [field.name]: pick(random, ['four', 'a dozen', '4 or 5', '1,5', '0x10', 'NaN', '1/2', '٤']) }, right: payload, codes: ['wrong_type'], mustAsk: true };
};

const rounded: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => !other.enum && other.type === 'integer');
  return field && { way: 'number: a fraction for a whole one', parameters: { ...payload, [field.name]: `${Number(payload[field.name])}.5` }, right: payload, codes: ['wrong_type'], mustAsk: true };
};

/** The same meaning by its own name and by another, with another value. */
const contradicted: Break = (form, payload, random) => {
  const pairs = form.fields.filter((field) => Object.hasOwn(payload, field.name) && field.type === 'number' && !field.enum).flatMap((field) => ALIAS_GROUPS.filter((group) => group.names.includes(spellingOf(field.name)) && !isToldOtherwise(field, group))
    .flatMap((group) => group.names.filter((name) => !form.fields.some((other) => spellingOf(other.name) === name)).map((name) => ({ field, name }))));
  if (pairs.length === 0) return null;
  const { field, name } = pick(random, pairs);
  const [near] = [field.minimum, field.maximum, 0].filter((value) => value !== undefined && value !== payload[field.name]);
  return near === undefined ? null : { way: 'name: twice, with two values', parameters: { ...payload, [name]: near }, right: payload, codes: ['unknown_field', 'out_of_range'], mustAsk: true };
};

const repeated: Break = (form, payload, random) => {
  const pairs = form.fields.filter((field) => Object.hasOwn(payload, field.name) && typeof payload[field.name] === 'number').flatMap((field) => ALIAS_GROUPS.filter((group) => group.names.includes(spellingOf(field.name)) && !isToldOtherwise(field, group))
    .flatMap((group) => group.names.filter((name) => !form.fields.some((other) => spellingOf(other.name) === name)).map((name) => ({ field, name }))));
  if (pairs.length === 0) return null;
  const { field, name } = pick(random, pairs);
  return { way: 'name: twice, alike', parameters: { ...payload, [name]: String(payload[field.name]) }, right: payload, codes: ['unknown_field'] };
};

const LOOK_ALIKES: Record<string, string> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', i: 'і', x: 'х' };
const lookAlike: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => other.name.length > 3 && [...other.name].some((letter) => LOOK_ALIKES[letter]));
  if (!field) return null;
  const name = [...field.name].map((letter) => LOOK_ALIKES[letter] ?? letter).join('');
  return { way: 'name: letters that look alike', parameters: { ...without(payload, field.name), [name]: payload[field.name] as Json }, right: payload, codes: MISSING_OR_UNKNOWN };
};

const wideName: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => /^[a-z_]{3,}$/.test(other.name));
  if (!field) return null;
  const name = [...field.name].map((letter) => (letter === '_' ? letter : String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0))).join('');
  return { way: 'name: wide letters', parameters: { ...without(payload, field.name), [name]: payload[field.name] as Json }, right: payload, codes: MISSING_OR_UNKNOWN };
};

const paddedName: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => form.fields.filter((same) => spellingOf(same.name) === spellingOf(other.name)).length === 1);
  return field && { way: 'name: blanks and marks around it', parameters: { ...without(payload, field.name), [pick(random, [` ${field.name}`, `${field.name} `, `${field.name}\u200b`, `\ufeff${field.name}`, `--${field.name}`])]: payload[field.name] as Json }, right: payload, codes: MISSING_OR_UNKNOWN };
};

const listForOne: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other, value) => other.type !== 'array' && other.type !== 'any' && other.type !== 'object' && value !== null && (other.role.kind !== 'file' || isFileField(other)) && !/comma|separat|seperat|delimit|json/i.test(other.description));
  if (!field) return null;
  const value = payload[field.name] as Json;
  return random() < 0.5 ? { way: 'list: of one for a value', parameters: { ...payload, [field.name]: [value] }, right: payload, codes: ['wrong_type'] }
    : { way: 'list: of two for a value', parameters: { ...payload, [field.name]: [value, isFileField(field) ? urlOf(random, mediaOf(field)) : value] }, right: payload, codes: ['wrong_type', 'too_many_files'], mustAsk: true };
};

const valueForList: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other, value) => other.type === 'array' && Array.isArray(value) && value.length === 1 && typeof value[0] !== 'object');
  return field && { way: 'list: a value for it', parameters: { ...payload, [field.name]: (payload[field.name] as Json[])[0] as Json }, right: payload, codes: ['wrong_type'] };
};

const notSwitch: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => other.type === 'boolean');
  return field && { way: 'switch: neither on nor off', parameters: { ...payload, [field.name]: pick<Json>(random, [2, 'maybe', '', 'y e s', 'null', 'falsey', -1]) || 'maybe' }, right: payload, codes: ['wrong_type'], mustAsk: true };
};

const blankText: Break = (form, payload, random) => {
  const field = one(form, payload, random, (other) => other.effectivelyRequired && other.type === 'string' && !other.enum);
  return field && { way: 'text: nothing but blanks', parameters: { ...payload, [field.name]: pick(random, ['   ', '\n\t', '\u00a0']) }, right: without(payload, field.name), codes: ['missing_required'], mustAsk: true };
};

export const SUBTLE_BREAKS: readonly Break[] = [swapped, nameless, misnamed, disguised, inlineData, spaced, borrowedOption, numberWord, rounded, contradicted, repeated, lookAlike, wideName, paddedName, listForOne, valueForList, notSwitch, blankText];
