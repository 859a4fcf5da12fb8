import type { Form, Json, JsonObject } from '@countersign/core';

export interface DefaultDiff { field: string; default: Json; value: Json }

/** What of the input differs from the model's own defaults; `default` is null where the model has none. Secrets are hidden. */
export function diffFromDefaults(form: Form, input: JsonObject): DefaultDiff[] {
  return form.fields.flatMap((field) => {
    if (!Object.hasOwn(input, field.name)) return [];
    const value = input[field.name] ?? null, usual = field.default ?? null;
    if (sameJson(value, usual)) return [];
    return [{ field: field.name, default: usual, value: field.secret ? 'hidden' : value }];
  });
}

function sameJson(a: Json, b: Json): boolean {
  return a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
