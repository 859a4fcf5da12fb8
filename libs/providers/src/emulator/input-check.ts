/*
 * What this is: validation as Replicate does it: unknown top-level keys are refused, the known members of `input` are
 * checked against the model's schema, and unknown keys inside `input` are silently left out.
 */
import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import type { InvalidField } from './error-bodies';
import type { EmulatedModel } from './model-catalogue';

const TOP_LEVEL = ['input', 'webhook', 'webhook_events_filter', 'stream'];
const EVENTS = ['start', 'output', 'logs', 'completed'];

/** @param withVersion whether this endpoint takes `version`. */
export function checkRequest(body: JsonObject, withVersion: boolean): InvalidField[] {
  const wrong: InvalidField[] = [];
  const known = withVersion ? [...TOP_LEVEL, 'version'] : TOP_LEVEL;
  for (const key of Object.keys(body)) {
    if (!known.includes(key)) wrong.push({ type: 'additional_property_not_allowed', field: '', description: `Additional property ${key} is not allowed` });
  }
  if (withVersion && typeof body['version'] !== 'string') wrong.push({ type: 'required', field: '', description: 'version is required' });
  if (body['input'] === undefined) wrong.push({ type: 'required', field: '', description: 'input is required' });
  else if (!isJsonObject(body['input'])) wrong.push({ type: 'invalid_type', field: 'input', description: 'Invalid type. Expected: object' });
  const { webhook, webhook_events_filter: filter } = body;
  if (webhook !== undefined && !(typeof webhook === 'string' && /^https?:\/\//.test(webhook))) {
    wrong.push({ type: 'format', field: 'webhook', description: "Does not match format 'uri'" });
  }
  if (filter !== undefined && !(Array.isArray(filter) && filter.every((each) => typeof each === 'string' && EVENTS.includes(each)))) {
    wrong.push({ type: 'enum', field: 'webhook_events_filter', description: `webhook_events_filter must be one of the following: ${EVENTS.map((each) => `"${each}"`).join(', ')}` });
  }
  return wrong;
}

export function checkInput(model: EmulatedModel, input: JsonObject): InvalidField[] {
  const wrong: InvalidField[] = [];
  for (const name of model.input.required ?? []) {
    if (input[name] === undefined) wrong.push({ type: 'required', field: 'input', description: `${name} is required` });
  }
  for (const [name, schema] of Object.entries(model.input.properties)) {
    const value = input[name];
    if (value === undefined || (value === null && schema['nullable'] === true)) continue;
    const complaint = complaintAbout(name, value, resolve(schema, model));
    if (complaint) wrong.push({ ...complaint, field: `input.${name}` });
  }
  return wrong;
}

/** What the model's runner is given: known keys only. */
export function knownInput(model: EmulatedModel, input: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(input).filter(([key]) => Object.hasOwn(model.input.properties, key)));
}

function resolve(schema: JsonObject, model: EmulatedModel): JsonObject {
  const [first] = Array.isArray(schema['allOf']) ? schema['allOf'] : [];
  const reference = isJsonObject(first) ? first['$ref'] : undefined;
  const named = typeof reference === 'string' ? model.schemas?.[reference.split('/').pop() ?? ''] : undefined;
  return { ...schema, ...named };
}

function complaintAbout(name: string, value: Json, schema: JsonObject): { type: string; description: string } | null {
  const { type, format, minimum, maximum } = schema;
  const allowed = schema['enum'];
  if (!isOfType(value, type)) return { type: 'invalid_type', description: `Invalid type. Expected: ${String(type)}, given: ${typeName(value)}` };
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    return { type: 'enum', description: `${name} must be one of the following: ${allowed.map((each) => JSON.stringify(each)).join(', ')}` };
  }
  if (format === 'uri' && typeof value === 'string' && !/^(https?|data):/.test(value)) return { type: 'format', description: "Does not match format 'uri'" };
  if (typeof value === 'number' && typeof minimum === 'number' && value < minimum) return { type: 'number_gte', description: `Must be greater than or equal to ${minimum}` };
  if (typeof value === 'number' && typeof maximum === 'number' && value > maximum) return { type: 'number_lte', description: `Must be less than or equal to ${maximum}` };
  return null;
}

function isOfType(value: Json, type: Json | undefined): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'number' || type === 'string' || type === 'boolean') return typeof value === type;
  if (type === 'array') return Array.isArray(value);
  return type === 'object' ? isJsonObject(value) : true;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}
