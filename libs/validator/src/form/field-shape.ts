import type { FieldType, FormField, Json, JsonObject } from '@countersign/core';
import { resolveSchema } from './resolve-schema';

const TYPES: readonly FieldType[] = ['string', 'integer', 'number', 'boolean', 'array', 'object'];
type Shape = Pick<FormField, 'type'> & Partial<FormField>;

function typeOf(schema: JsonObject): FieldType {
  const stated = TYPES.find((type) => type === schema['type']);
  if (stated) return stated;
  const values = schema['enum'];
  if (!Array.isArray(values) || values.length === 0) return 'any';
  if (values.every((value) => typeof value === 'string')) return 'string';
  if (values.every((value) => Number.isInteger(value))) return 'integer';
  if (values.every((value) => typeof value === 'number')) return 'number';
  return 'any';
}

function numberAt(schema: JsonObject, key: string): number | undefined {
  const value = schema[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function enumOf(schema: JsonObject): Json[] | undefined {
  if (schema['const'] !== undefined) return [schema['const']];
  const values = schema['enum'];
  return Array.isArray(values) && values.length > 0 ? values.filter((value) => value !== null) : undefined;
}

/** Draft 4 writes `exclusiveMinimum: true` beside `minimum`; later drafts give the number itself. */
function limits(schema: JsonObject): Partial<FormField> {
  const minimum = numberAt(schema, 'minimum'), maximum = numberAt(schema, 'maximum');
  const low = schema['exclusiveMinimum'] === true ? minimum : numberAt(schema, 'exclusiveMinimum');
  const high = schema['exclusiveMaximum'] === true ? maximum : numberAt(schema, 'exclusiveMaximum');
  return {
    minimum: schema['exclusiveMinimum'] === true ? undefined : minimum,
    maximum: schema['exclusiveMaximum'] === true ? undefined : maximum,
    exclusiveMinimum: low, exclusiveMaximum: high, multipleOf: numberAt(schema, 'multipleOf'),
    minLength: numberAt(schema, 'minLength'), maxLength: numberAt(schema, 'maxLength'),
    minItems: numberAt(schema, 'minItems'), maxItems: numberAt(schema, 'maxItems'),
  };
}

/** What a resolved property says by itself: type, values, limits, default. Absent keywords stay absent. */
export function shapeOf(schema: JsonObject, root: JsonObject): Shape {
  const items = schema['items'] === undefined ? undefined : resolveSchema(schema['items'], root);
  const shape: Shape = {
    type: typeOf(schema),
    ...(items ? { itemType: typeOf(items), itemEnum: enumOf(items) } : {}),
    enum: enumOf(schema),
    ...limits(schema),
    pattern: typeof schema['pattern'] === 'string' ? schema['pattern'] : undefined,
    default: schema['default'] ?? undefined,
  };
  return Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Shape;
}
