import type { JsonObject } from '@countersign/core';
import { z } from 'zod';

/** JSON Schema as both providers take it: they refuse limits of length and number, so those are checked on the answer. */
export function plainSchema(form: z.ZodType): JsonObject {
  const { $schema: _, ...schema } = z.toJSONSchema(form);
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}
