import type { Json, JsonObject } from '@countersign/core';

/** A property in short; with `ref` its options go to components, as Cog writes them. */
export type Property = JsonObject & { ref?: string };

export function uri(description: string): Property {
  return { type: 'string', format: 'uri', description };
}

/** An OpenAPI document of a model, as small as the real ones are in the parts that matter. */
export function openApi(properties: Record<string, Property>, required: string[], output: JsonObject = { type: 'string', format: 'uri' }): JsonObject {
  const schemas: JsonObject = { Output: { title: 'Output', ...output } };
  const fields: JsonObject = {};
  Object.entries(properties).forEach(([name, { ref, ...property }], order) => {
    if (ref === undefined) { fields[name] = { title: name, 'x-order': order, ...property }; return; }
    const { enum: options, type, ...beside } = property;
    schemas[ref] = { title: ref, enum: options as Json, type: type as Json, description: 'An enumeration.' };
    fields[name] = { allOf: [{ $ref: `#/components/schemas/${ref}` }], 'x-order': order, ...beside };
  });
  schemas['Input'] = { type: 'object', title: 'Input', properties: fields, ...(required.length > 0 ? { required } : {}) };
  return { openapi: '3.0.2', components: { schemas } };
}
