import type { Json, JsonObject } from '@countersign/core';

export type Control = 'text' | 'long_text' | 'secret' | 'number' | 'boolean' | 'choice' | 'choices' | 'file' | 'files' | 'list' | 'json';

/** Characters that a field of a question's own takes at most to be one line: the id of a job. */
const ONE_LINE = 200;

/** One field of a form, as the page draws it. */
export interface Field {
  name: string;
  label: string;
  description: string;
  control: Control;
  required: boolean;
  /** What stands there now; undefined = nothing is sent. */
  current: Json | undefined;
  /** What the model takes when nothing is sent; only known while nothing stands. */
  fallback: Json | undefined;
  options: Json[];
  minimum?: number;
  maximum?: number;
  step?: number;
  maxLength?: number;
  /** `image`, `audio`, `video` … for files. */
  media: string | null;
  /** An input of the model; else it belongs to the question itself, as the text of a result does. */
  isModelInput: boolean;
  /** Receives the user's own words. */
  isPrompt: boolean;
  itemIsNumber: boolean;
}

/** Texts at least this long get more than one line. */
const LONG_TEXT = 90;

/** JSON Schema (2020-12) of the editable fields, with the values that stand now → the fields in their order, the question's own (without an order) first. */
export function readFields(schema: JsonObject, input: JsonObject): Field[] {
  const properties = objectOf(schema.properties);
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(properties)
    .map(([name, raw], index, all) => ({ field: readField(name, objectOf(raw), { input, required }), order: orderOf(raw, index - all.length) }))
    .sort((a, b) => a.order - b.order)
    .map(({ field }) => field);
}

function readField(name: string, raw: JsonObject, { input, required }: { input: JsonObject; required: Json[] }): Field {
  const property = flatten(raw);
  const items = flatten(objectOf(property.items));
  const role = roleOf(property);
  // A field that is no input of the model (the text of a result) stands at its default.
  const isModelInput = role !== null || 'x-order' in property;
  const fallback = property.default ?? undefined;
  const current = input[name] ?? (isModelInput ? undefined : fallback);
  // Null says "nothing", which every field can say.
  const options = listOf(property.enum ?? items.enum).filter((option) => option !== null);
  return {
    name,
    label: textOf(property.title) || words(name),
    description: textOf(property.description),
    control: controlOf(property, { items, role, sample: current ?? fallback }),
    required: property['x-required'] === true || required.includes(name),
    current,
    fallback: isModelInput && current === undefined ? fallback : undefined,
    options,
    ...limits(property),
    media: mediaOf(property, items),
    isModelInput,
    isPrompt: role === 'prompt',
    itemIsNumber: ['number', 'integer'].includes(typeOf(items)),
  };
}

function controlOf(property: JsonObject, { items, role, sample }: { items: JsonObject; role: string | null; sample: Json | undefined }): Control {
  const type = typeOf(property);
  const isFile = role === 'file' || property.format === 'uri' || mediaOf(property, items) !== null;
  if (type === 'array') {
    if (Array.isArray(items.enum)) return 'choices';
    if (isFile || items.format === 'uri') return 'files';
    return ['string', 'number', 'integer'].includes(typeOf(items)) ? 'list' : 'json';
  }
  if (Array.isArray(property.enum)) return 'choice';
  if (property.writeOnly === true || property.format === 'password') return 'secret';
  if (type === 'boolean') return 'boolean';
  if (type === 'integer' || type === 'number') return 'number';
  if (type !== 'string') return 'json';
  if (isFile && !['comma_list', 'line_list'].includes(shapeOf(property))) return 'file';
  const isLong = role === 'prompt' || role === 'text' || (!('x-order' in property) && Number(property.maxLength ?? Infinity) > ONE_LINE) || (typeof sample === 'string' && (sample.length > LONG_TEXT || sample.includes('\n')));
  return isLong || Number(property.maxLength ?? 0) > LONG_TEXT * 10 ? 'long_text' : 'text';
}

function limits(property: JsonObject): Pick<Field, 'minimum' | 'maximum' | 'step' | 'maxLength'> {
  const number = (value: Json | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
  const minimum = number(property.minimum) ?? number(property.exclusiveMinimum);
  const maximum = number(property.maximum) ?? number(property.exclusiveMaximum);
  const step = number(property.multipleOf) ?? (typeOf(property) === 'integer' ? 1 : undefined);
  const maxLength = number(property.maxLength);
  return {
    ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }),
    ...(step !== undefined && { step }), ...(maxLength !== undefined && { maxLength }),
  };
}

/** `allOf` of one and `anyOf` with null are how real model schemas write enums and nullable fields. */
function flatten(property: JsonObject): JsonObject {
  const parts = [...listOf(property.allOf), ...listOf(property.anyOf), ...listOf(property.oneOf)].map(objectOf).filter((part) => part.type !== 'null');
  const [only] = parts;
  return parts.length === 1 && only ? { ...flatten(only), ...property } : property;
}

function typeOf(property: JsonObject): string {
  const { type } = property;
  if (Array.isArray(type)) return String(type.find((one) => one !== 'null') ?? 'any');
  if (typeof type === 'string') return type;
  const [first] = listOf(property.enum);
  return first === undefined ? 'any' : typeof first;
}

/** `x-role` is a word, or an object with `kind`, `media` and `shape`. */
function roleOf(property: JsonObject): string | null {
  const role = property['x-role'];
  if (typeof role === 'string') return role;
  return textOf(objectOf(role).kind) || null;
}

function shapeOf(property: JsonObject): string {
  return textOf(property['x-shape']) || textOf(objectOf(property['x-role']).shape);
}

function mediaOf(property: JsonObject, items: JsonObject): string | null {
  return textOf(property['x-media']) || textOf(objectOf(property['x-role']).media) || textOf(items['x-media']) || null;
}

function orderOf(raw: Json, otherwise: number): number {
  const order = objectOf(raw)['x-order'];
  return typeof order === 'number' ? order : otherwise;
}

function words(name: string): string {
  const text = name.replace(/[_-]+/g, ' ').trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

export function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
