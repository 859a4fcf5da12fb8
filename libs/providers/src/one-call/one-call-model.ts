import type { Form, JobUsage, Json, JsonObject, ProviderOutput } from '@countersign/core';

/** A whole 2xx answer. */
export interface WholeAnswer {
  headers: Record<string, string | undefined>;
  /** Parsed; text when it is no JSON. */
  json: Json;
  bytes: Uint8Array;
}

export type AnswerReading =
  | { ok: true; output: ProviderOutput; usage: JobUsage | null }
  /** Not the answer this model gives: it ran, but what came of it cannot be told. */
  | { ok: false; why: string };

/** One model that is asked by one POST and answers in the same breath. */
export interface OneCallModel {
  form: Form;
  /** Below the base URL, e.g. `/chat/completions`. */
  path: string;
  /** Form field by the API's own name, where the two differ: complaints of the API name theirs. */
  fieldByParam: Readonly<Record<string, string>>;
  /** Most tokens that can come out for this input; null = not known. Pure. */
  mostTokensOut(input: JsonObject): number | null;
  /** The request's body; file fields already hold addresses the API can read. @throws FieldTrouble */
  body(input: JsonObject): JsonObject;
  read(answer: WholeAnswer): AnswerReading;
}

/** A value the form allows and the API cannot take. `message` may be shown to the requester. */
export class FieldTrouble extends Error {
  constructor(readonly field: string, readonly code: string, message: string) {
    super(message);
  }
}

/** `openai/gpt-4o` → `gpt-4o`. */
export function wireName(form: Pick<Form, 'model'>): string {
  return form.model.slice(form.model.indexOf('/') + 1);
}

export function count(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
