/*
 * What this is: the error answers of OpenAI and Anthropic, read into the port's refusals. Bodies as documented:
 * `{error: {message, type, param, code}}` and `{type: "error", error: {type, message}, request_id}`, whose message begins
 * with the field: `temperature: Input should be less than or equal to 1`.
 * Invariant: `message` of a refusal holds no account detail; the provider's own words are for operators.
 */
import { isJsonObject, type Json, type JsonObject, type Refusal, type RefusalReason, type RefusedField } from '@countersign/core';
import { looksModerated } from '../declared/error-words';
import { parseBody, refusal } from '../http/refusal';
import { retryDelayMs } from '../http/retry-delay';
import type { OneCallModel } from './one-call-model';

const MAX_MESSAGE = 500; // characters of one complaint
const NO_MONEY = /insufficient_quota|billing|credit balance|exceeded your current quota/i;
const MODERATED_CODES = ['content_policy_violation', 'moderation_blocked', 'content_filter'];

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  body: string;
}

/** @param nowMs for a `Retry-After` that names a date. */
export function refusalFrom(answer: ErrorAnswer, model: Pick<OneCallModel, 'form' | 'fieldByParam'>, nowMs: number): Refusal {
  const body = parseBody(answer.body);
  const error = errorOf(body);
  const fields = complaintsOf(error, model);
  const reason = reasonFor(answer.status, error, fields);
  return {
    ...refusal(reason, `HTTP ${answer.status} ${wordsOf(body)}${requestId(answer.headers)}`.trim()),
    retryAfterMs: reason === 'throttled' ? retryDelayMs(answer.headers, { detail: wordsOf(body) }, nowMs) : null,
    fields: reason === 'invalid_input' ? fields : [],
  };
}

/** Anthropic's own word for "did not begin": unlike other 5xx answers it proves that nothing was made. */
export function isOverloaded(status: number, body: string): boolean {
  return status === 529 && errorOf(parseBody(body))['type'] === 'overloaded_error';
}

/** The provider's own words, and its number for support to ask about. */
export function wordsOf(body: Json): string {
  const { type, code, message } = errorOf(body);
  const words = [code ?? type, message].filter((each) => typeof each === 'string');
  return words.length > 0 ? words.join(': ') : typeof body === 'string' ? body.trim() : '';
}

export function requestId(headers: Record<string, string | undefined>): string {
  const id = headers['x-request-id'] ?? headers['request-id'];
  return id === undefined ? '' : ` (request ${id})`;
}

function errorOf(body: Json): JsonObject {
  const error = isJsonObject(body) ? body['error'] : null;
  return isJsonObject(error ?? null) ? (error as JsonObject) : {};
}

function reasonFor(status: number, error: JsonObject, fields: RefusedField[]): RefusalReason {
  const text = [error['code'], error['type'], error['message']].filter((each) => typeof each === 'string').join(' ');
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 402 || NO_MONEY.test(text)) return 'payment_required';
  if (status === 404) return 'model_not_found';
  if (status === 429 || status === 529) return 'throttled';
  if (MODERATED_CODES.includes(String(error['code'])) || looksModerated(text)) return 'moderated';
  return fields.length > 0 || status === 413 || /invalid_request/.test(text) ? 'invalid_input' : 'other';
}

function complaintsOf(error: JsonObject, { form, fieldByParam }: Pick<OneCallModel, 'form' | 'fieldByParam'>): RefusedField[] {
  const message = typeof error['message'] === 'string' ? error['message'] : '';
  const param = typeof error['param'] === 'string' ? error['param'] : (/^([A-Za-z_]+)(?:[.[][^:\s]*)?:\s/.exec(message)?.[1] ?? null);
  const root = param?.split(/[.[]/)[0];
  if (root === undefined || root === '') return [];
  const field = fieldByParam[root] ?? root;
  if (!form.fields.some(({ name }) => name === field)) return [];
  const allowed = allowedValues(message);
  const code = typeof error['code'] === 'string' && error['code'] !== '' ? error['code'] : 'invalid';
  return [{ field, code, message: message.slice(0, MAX_MESSAGE), ...(allowed.length > 0 ? { allowed } : {}) }];
}

/** `Supported values are: 'low', 'medium', and 'high'.` → the words. */
function allowedValues(message: string): string[] {
  const list = /(?:supported values are|must be one of|expected one of|should be)\s*:?\s*((?:['"][^'"]{1,80}['"](?:,?\s*(?:and|or)?\s*)?)+)/i.exec(message.slice(0, 2_000))?.[1];
  return [...(list ?? '').matchAll(/['"]([^'"]{1,80})['"]/g)].map((match) => match[1] ?? '');
}
