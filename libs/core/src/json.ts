/** Anything that survives JSON.stringify → JSON.parse unchanged. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** An instant as ISO 8601 UTC with milliseconds, e.g. `2026-11-22T14:50:00.000Z`. Sorts as text. */
export type Instant = string;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `at` moved by `ms` milliseconds (negative moves back). */
export function addMs(at: Instant, ms: number): Instant {
  return new Date(Date.parse(at) + ms).toISOString();
}
