import { isJsonObject, type Form, type FormField, type Json, type JsonObject } from '@countersign/core';
import { isFileUrl } from '../mapping/file-url';
import { familyOf } from '../rules/family-of';
import { formFromOpenApi } from './form-from-open-api';
import { wordsOf } from './name-words';
import { isWellFormed } from './well-formed';

const MAX_FIELDS = 200; // keys of an example that become fields

/** A model of which nothing but an example is known. */
export interface InferSource { provider: string; model: string; version: string; digest: string; title?: string; description?: string | null }

function looksLikeFile(name: string, value: string): boolean {
  return isFileUrl(value) || (value === '' && wordsOf(name).some((word) => ['image', 'img', 'audio', 'video', 'file', 'photo', 'mask'].includes(word)));
}

/** A property schema as an example suggests it. A whole number in an example says nothing about halves: any number fits. */
function guess(name: string, value: Json): JsonObject {
  if (typeof value === 'boolean') return { type: 'boolean' };
  if (typeof value === 'number') return { type: 'number' };
  if (typeof value === 'string') return looksLikeFile(name, value) ? { type: 'string', format: 'uri' } : { type: 'string' };
  if (Array.isArray(value)) {
    const [first] = value;
    return { type: 'array', ...(first === undefined ? {} : { items: guess(name, first as Json) }) };
  }
  return isJsonObject(value) ? { type: 'object' } : {};
}

/**
 * A form guessed from an example input, for a model whose schema cannot be had. The example's values describe the
 * fields and are forgotten: they are nobody's answer and no default.
 */
export function inferForm(example: JsonObject, source: InferSource): Form {
  const names = Object.keys(example).filter((name) => name !== '__proto__' && name !== '' && name.length <= 128 && isWellFormed(name)).slice(0, MAX_FIELDS);
  const properties = Object.fromEntries(names.map((name, order) => [name, { ...guess(name, example[name] ?? null), 'x-order': order }]));
  const form = formFromOpenApi({ ...source, inputSchema: { type: 'object', properties } });
  return { ...form, fields: form.fields.map((field) => needed(field, form)), origin: 'inferred' };
}

/** An example with a picture and no rule about it: a model that shows a file probably needs one, when there is only one. */
function needed(field: FormField, form: Form): FormField {
  const files = form.fields.filter((other) => other.role.kind === 'file');
  const sole = field.role.kind === 'file' && files.length === 1 && !form.fields.some((other) => other.role.kind === 'prompt');
  return sole && !familyOf(form) ? { ...field, effectivelyRequired: true } : field;
}
