import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import { invalid, type ProblemError } from '../http/answers/problem';

/** A card with more fields is a form, not a question. */
const FIELDS_MOST = 50;
const NAME = /^[A-Za-z_][\w.-]{0,63}$/;
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'];
/** Words of a field's description, and the JSON Schema words that they mean. */
const WORDS: Record<string, string> = {
  type: 'type', title: 'title', label: 'title', description: 'description', default: 'default', format: 'format',
  enum: 'enum', options: 'enum', min: 'minimum', minimum: 'minimum', max: 'maximum', maximum: 'maximum',
};

/** What a browser agent's action is made of, when the agent does not say. */
const USUAL: Record<string, JsonObject> = {
  action_description: { type: 'string', title: 'Action', minLength: 1 },
  selector: { type: 'string', title: 'Selector' },
  text: { type: 'string', title: 'Text' },
  url: { type: 'string', title: 'Address' },
  wait_time: { type: 'number', title: 'Wait, seconds', default: 1, minimum: 0, maximum: 300 },
  screenshot: { type: 'boolean', title: 'Take a screenshot', default: true },
};

/**
 * The JSON Schema of what may be edited; edits of anything else are refused. Defaults are what the agent is about to do.
 * @param known values by name, from the action and the browser's context
 * @throws ProblemError VALIDATION_FAILED
 */
export function editableSchema(wanted: Json | undefined, known: JsonObject): JsonObject {
  const fields = fieldsOf(wanted ?? Object.keys(USUAL), known);
  if (fields.length > FIELDS_MOST) throw refuse(`at most ${FIELDS_MOST} fields`);
  const properties = Object.fromEntries(fields.map(([name, schema]) => [name, withDefault(schema, known[name])]));
  return { type: 'object', properties, required: 'action_description' in properties ? ['action_description'] : [], additionalProperties: false };
}

function fieldsOf(wanted: Json, known: JsonObject): [string, JsonObject][] {
  if (Array.isArray(wanted)) {
    return [...new Set(wanted)].map((name) => {
      if (typeof name !== 'string') throw refuse('names are text');
      return [checkedName(name), USUAL[name] ?? { type: typeOf(known[name]) }];
    });
  }
  if (!isJsonObject(wanted)) throw refuse('is a list of names, or name → description');
  return Object.entries(wanted).map(([name, described]) => [checkedName(name), fieldOf(name, described, known[name])]);
}

function fieldOf(name: string, described: Json, value: Json | undefined): JsonObject {
  const words = typeof described === 'string' ? { type: described } : described;
  if (!isJsonObject(words)) throw refuse(`${name}: is a type, or {type, title, description, default, options, min, max}`);
  const schema: JsonObject = {};
  for (const [word, meant] of Object.entries(words)) {
    if (word === 'range') Object.assign(schema, rangeOf(name, meant));
    else if (!Object.hasOwn(WORDS, word)) throw refuse(`${name}: does not know ${JSON.stringify(word)}`);
    else schema[WORDS[word] ?? word] = meant;
  }
  schema.type ??= typeOf(schema.default ?? value);
  if (!TYPES.includes(String(schema.type))) throw refuse(`${name}: type is one of ${TYPES.join(', ')}`);
  if (schema.enum !== undefined && (!Array.isArray(schema.enum) || schema.enum.length === 0)) throw refuse(`${name}: options are a list`);
  for (const word of ['minimum', 'maximum']) if (schema[word] !== undefined && typeof schema[word] !== 'number') throw refuse(`${name}: ${word} is a number`);
  for (const word of ['title', 'description', 'format']) if (schema[word] !== undefined && typeof schema[word] !== 'string') throw refuse(`${name}: ${word} is text`);
  return schema;
}

function rangeOf(name: string, range: Json): JsonObject {
  const [minimum, maximum] = Array.isArray(range) ? range : [];
  if (typeof minimum !== 'number' || typeof maximum !== 'number') throw refuse(`${name}: range is [min, max]`);
  return { minimum, maximum };
}

function checkedName(name: string): string {
  if (!NAME.test(name) || name in Object.prototype) throw refuse(`${JSON.stringify(name.slice(0, FIELDS_MOST))} is no name of a field`);
  return name;
}

function typeOf(value: Json | undefined): string {
  if (Array.isArray(value)) return 'array';
  if (value === null || value === undefined) return 'string';
  return typeof value;
}

function withDefault(schema: JsonObject, value: Json | undefined): JsonObject {
  const fits = value !== undefined && value !== null && (typeOf(value) === schema.type || (schema.type === 'integer' && Number.isInteger(value)));
  return fits ? { ...schema, default: value } : schema;
}

function refuse(why: string): ProblemError {
  return invalid('editable_fields', 'editable_fields', `editable_fields: ${why}`);
}
