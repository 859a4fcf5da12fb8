import type { Form, FormField, IssueCode, Json, JsonObject } from '@countersign/core';
import { isToldOtherwise } from '../mapping/told-meaning';
import { ALIAS_GROUPS } from '../rules/aliases.rules';
import { spellingOf } from '../form/name-words';
import { pick, urlOf, type Random } from './random-payload';

/** A payload broken in one way, and what an honest gate may answer. */
export interface Breakage { way: string; payload: JsonObject; field: string; codes: readonly IssueCode[] }

type Break = (form: Form, payload: JsonObject, random: Random) => Breakage | null;

function fieldsIn(form: Form, payload: JsonObject, wanted: (field: FormField) => boolean): FormField[] {
  return form.fields.filter((field) => Object.hasOwn(payload, field.name) && wanted(field));
}

function renamed(payload: JsonObject, from: string, to: string): JsonObject {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key === from ? to : key, value]));
}

const byAlias: Break = (form, payload, random) => {
  const pairs = fieldsIn(form, payload, () => true).flatMap((field) => ALIAS_GROUPS.filter((group) => group.names.includes(spellingOf(field.name)) && !isToldOtherwise(field, group))
    .flatMap((group) => group.names.map((name) => ({ field, name }))))
    .filter(({ name }) => !form.fields.some((other) => spellingOf(other.name) === name));
  if (pairs.length === 0) return null;
  const { field, name } = pick(random, pairs);
  return { way: 'name: alias', payload: renamed(payload, field.name, name), field: field.name, codes: ['unknown_field', 'missing_required'] };
};

const byCase: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.name.includes('_'));
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  const camel = field.name.toLowerCase().replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());
  return Object.hasOwn(payload, camel) ? null : { way: 'name: camel case', payload: renamed(payload, field.name, camel), field: field.name, codes: ['unknown_field', 'missing_required'] };
};

const byTypo: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.name.length > 5);
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  const at = 1 + Math.floor(random() * (field.name.length - 2));
  const name = field.name.slice(0, at) + field.name.slice(at + 1);
  return form.fields.some((other) => spellingOf(other.name) === spellingOf(name)) ? null
    : { way: 'name: typo', payload: renamed(payload, field.name, name), field: field.name, codes: ['unknown_field', 'missing_required'] };
};

const asText: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => typeof payload[field.name] === 'number' || typeof payload[field.name] === 'boolean');
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'type: text for number or switch', payload: { ...payload, [field.name]: String(payload[field.name]) }, field: field.name, codes: ['wrong_type'] };
};

const nonsense: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => !field.enum && ['integer', 'number', 'boolean'].includes(field.type));
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'type: nonsense', payload: { ...payload, [field.name]: 'plenty' }, field: field.name, codes: ['wrong_type'] };
};

const caseOfOption: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.enum !== undefined && typeof payload[field.name] === 'string' && String(payload[field.name]).toUpperCase() !== payload[field.name]);
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'case: option', payload: { ...payload, [field.name]: String(payload[field.name]).toUpperCase() }, field: field.name, codes: ['not_in_enum'] };
};

const foreignOption: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.enum !== undefined);
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'enum: foreign option', payload: { ...payload, [field.name]: 'zzyzx_931' }, field: field.name, codes: ['not_in_enum'] };
};

const outOfRange: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => !field.enum && (field.maximum !== undefined || field.minimum !== undefined) && typeof payload[field.name] === 'number');
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  const value = field.maximum !== undefined ? field.maximum + 1 : (field.minimum ?? 0) - 1;
  return { way: 'range', payload: { ...payload, [field.name]: value }, field: field.name, codes: ['out_of_range'] };
};

const missing: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.effectivelyRequired);
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'missing', payload: Object.fromEntries(Object.entries(payload).filter(([key]) => key !== field.name)), field: field.name, codes: ['missing_required'] };
};

const extra: Break = (_form, payload) => ({ way: 'extra', payload: { ...payload, moonlight_ratio: 0.25 }, field: 'moonlight_ratio', codes: ['unknown_field'] });

const wrongMedia: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.role.kind === 'file' && field.role.media === 'image' && !field.role.also && typeof payload[field.name] === 'string');
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'wrong media', payload: { ...payload, [field.name]: urlOf(random, 'audio') as Json }, field: field.name, codes: ['wrong_media_type'] };
};

const notAUrl: Break = (form, payload, random) => {
  const fields = fieldsIn(form, payload, (field) => field.role.kind === 'file' && typeof payload[field.name] === 'string');
  if (fields.length === 0) return null;
  const field = pick(random, fields);
  return { way: 'not a url', payload: { ...payload, [field.name]: '/home/me/pictures/cat.png' }, field: field.name, codes: ['not_a_url'] };
};

export const BREAKS: readonly Break[] = [byAlias, byCase, byTypo, asText, nonsense, caseOfOption, foreignOption, outOfRange, missing, extra, wrongMedia, notAUrl];
