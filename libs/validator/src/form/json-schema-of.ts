import type { Form, FormField, Json, JsonObject } from '@countersign/core';

function valueSchema(field: FormField): JsonObject {
  const types = (type: string): Json => (field.nullable ? [type, 'null'] : type);
  const schema: JsonObject = field.type === 'any' ? {} : { type: types(field.type) };
  if (field.type === 'array') {
    schema['items'] = { ...(field.itemType && field.itemType !== 'any' ? { type: field.itemType } : {}), ...(field.itemEnum ? { enum: field.itemEnum } : {}), ...(field.role.kind === 'file' ? { format: 'uri' } : {}) };
  }
  if (field.enum) schema['enum'] = field.nullable ? [...field.enum, null] : field.enum;
  const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'pattern', 'minItems', 'maxItems'] as const;
  for (const key of limits) if (field[key] !== undefined) schema[key] = field[key];
  if (field.role.kind === 'file' && field.role.shape === 'url') schema['format'] = 'uri';
  return schema;
}

function card(field: FormField, value: Json | undefined): JsonObject {
  const start = value !== undefined ? value : field.defaultIsSample ? undefined : field.default;
  const file = field.role.kind === 'file' ? field.role : null;
  return {
    ...valueSchema(field), title: field.label, ...(field.description !== '' ? { description: field.description } : {}),
    ...(start !== undefined && !field.secret ? { default: start } : {}),
    'x-order': field.order, 'x-role': field.role.kind, 'x-required': field.effectivelyRequired,
    ...(file ? { 'x-media': file.media, 'x-shape': file.shape, ...(file.use ? { 'x-use': file.use } : {}) } : {}),
    ...(field.secret ? { writeOnly: true } : {}),
  };
}

/**
 * JSON Schema (draft 2020-12) of the fields a person may edit, enough to draw a card: title, description, type, options,
 * limits, and in `default` the value to start from (the given one, else the model's own; never the author's sample).
 * @param values what the fields hold now  @param only names of the fields to show; all when absent
 */
export function jsonSchemaOf(form: Form, values: JsonObject, only?: readonly string[]): JsonObject {
  const fields = form.fields.filter((field) => !only || only.includes(field.name));
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', title: form.title, additionalProperties: false,
    properties: Object.fromEntries(fields.map((field) => [field.name, card(field, Object.hasOwn(values, field.name) ? values[field.name] : undefined)])),
    required: fields.filter((field) => field.effectivelyRequired).map((field) => field.name),
  };
}
