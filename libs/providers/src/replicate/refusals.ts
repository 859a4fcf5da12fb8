/*
 * What this is: Replicate's 4xx answers, read into the port's refusals. Bodies as seen on the wire: RFC 7807-like
 * `{title, detail, status, invalid_fields: [{type, field, description}]}`; many lack some of it.
 * Invariant: `message` holds no account detail (the 402 body names the billing page); `detail` is for operators.
 */
import { isJsonObject, type Json, type Refusal, type RefusalReason, type RefusedField } from '@countersign/core';
import { looksModerated } from '../declared/error-words';
import { parseBody, refusal } from '../http/refusal';
import { retryDelayMs } from '../http/retry-delay';

const MAX_FIELDS = 100; // more complaints than any form has fields
const MAX_MESSAGE = 500; // characters of one complaint

export interface ErrorAnswer {
  status: number;
  headers: Record<string, string | undefined>;
  /** As received; JSON or not. */
  body: string;
}

/** @param nowMs for a `Retry-After` that names a date. */
export function refusalFrom(answer: ErrorAnswer, nowMs: number): Refusal {
  const body = parseBody(answer.body);
  const fields = refusedFields(body);
  const reason = reasonFor(answer.status, body, fields);
  return {
    ...refusal(reason, `HTTP ${answer.status} ${problemText(body)}`.trim()),
    retryAfterMs: reason === 'throttled' ? retryDelayMs(answer.headers, body, nowMs) : null,
    fields: reason === 'invalid_input' ? fields : [],
  };
}

function reasonFor(status: number, body: Json, fields: RefusedField[]): RefusalReason {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 402) return 'payment_required';
  if (status === 404) return 'model_not_found';
  if (status === 429) return 'throttled';
  const text = problemText(body);
  if (/invalid version|version does not exist/i.test(text)) return 'model_not_found';
  if (looksModerated(text)) return 'moderated';
  return fields.length > 0 || status === 413 ? 'invalid_input' : 'other';
}

/** The provider's own words: title and detail, or whatever text there is. */
export function problemText(body: Json): string {
  if (!isJsonObject(body)) return typeof body === 'string' ? body.trim() : '';
  const words = [body['title'], body['detail'], body['error'], body['message']].filter((each) => typeof each === 'string');
  return words.map((each) => each.trim()).join(': ');
}

/** Complaints about members of `input`, by form field; those about the request itself are not the user's. */
function refusedFields(body: Json): RefusedField[] {
  if (!isJsonObject(body)) return [];
  const listed = body['invalid_fields'];
  const complaints = Array.isArray(listed) ? listed.filter(isJsonObject).map(fromEntry) : fromDetail(body['detail']);
  const wanted = complaints.filter((each): each is RefusedField => each !== null);
  return wanted.slice(0, MAX_FIELDS);
}

function fromEntry(entry: { [key: string]: Json }): RefusedField | null {
  const description = typeof entry['description'] === 'string' ? entry['description'] : '';
  const path = typeof entry['field'] === 'string' ? entry['field'] : '';
  const code = typeof entry['type'] === 'string' && entry['type'] !== '' ? entry['type'] : 'invalid';
  return complaint(path, code, description);
}

/** `detail` alone: lines such as `- input.steps: Must be less than or equal to 4`. */
function fromDetail(detail: Json | undefined): (RefusedField | null)[] {
  if (typeof detail !== 'string') return [];
  return detail.split('\n').map((line) => {
    const match = /^\s*-\s*(input(?:\.[^:\s]+)?):\s*(.+)$/.exec(line);
    return match?.[1] && match[2] ? complaint(match[1], 'invalid', match[2]) : null;
  });
}

function complaint(path: string, code: string, description: string): RefusedField | null {
  const field = fieldName(path, description);
  if (field === null) return null;
  const message = description.slice(0, MAX_MESSAGE);
  const allowed = allowedValues(description);
  return allowed === null ? { field, code, message } : { field, code, message, allowed };
}

/** `input.images.0` is the form field `images`. For a missing field the path is its parent: the name is in the words. */
function fieldName(path: string, description: string): string | null {
  const [root, name] = path.split('.');
  if (root !== 'input') return null;
  if (name) return name;
  const named = /^["'`]?([A-Za-z_][\w-]*)["'`]? is required/.exec(description) ?? /property ["'`]?([A-Za-z_][\w-]*)["'`]? is not allowed/i.exec(description);
  return named?.[1] ?? null;
}

/** `must be one of the following: "jpg", "png"` → the values, with their JSON types. */
function allowedValues(description: string): Json[] | null {
  const list = /must be one of(?: the following)?:?\s*(.+?)\.?\s*$/is.exec(description)?.[1];
  if (!list) return null;
  const parsed = parseBody(list.startsWith('[') ? list : `[${list}]`);
  if (Array.isArray(parsed)) return parsed;
  return list.replace(/^\[|\]$/g, '').split(',').map((each) => each.trim().replace(/^['"]|['"]$/g, ''));
}
