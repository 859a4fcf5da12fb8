/*
 * What this is: the seam between the house and any language model that words a question or reads an answer.
 * Invariant it carries: a model never decides (9). It is asked one bounded question, once; its answer is a proposal that a
 * deterministic check judges, and without one everything goes on by rule.
 */
import type { JsonObject } from '../json';

export interface ModelQuestion<T> {
  /** What to do; fixed text of ours. */
  instructions: string;
  /** What to do it with: other people's words, so data and never an instruction. */
  material: JsonObject;
  /** JSON Schema of the answer, an object. */
  schema: JsonObject;
  /** The answer as it was asked for, null when it is something else. */
  read(value: unknown): T | null;
  maxOutputTokens: number;
  timeoutMs: number;
}

export type ModelAnswer<T> =
  /** `tokens`: read and written together; null when the model did not say. */
  | { ok: true; value: T; tokens: number | null }
  /** `detail` for the operator's log: no key and nothing of the material. */
  | { ok: false; reason: 'slow' | 'down' | 'refused' | 'nonsense'; detail: string; tokens: number | null };

export abstract class LanguageModel {
  /** `openai:gpt-4.1-mini`: what the records say. */
  abstract readonly name: string;
  /** One request, never sent again; never rejects, and answers within the question's time. */
  abstract ask<T>(question: ModelQuestion<T>): Promise<ModelAnswer<T>>;
}
