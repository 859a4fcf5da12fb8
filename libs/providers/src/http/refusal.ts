import type { Json, Refusal, RefusalReason } from '@countersign/core';

const MESSAGES: Record<RefusalReason, string> = {
  invalid_input: 'The model did not accept these values.',
  unauthorized: 'The model provider did not accept the access of this installation. Please tell its operator.',
  payment_required: 'The model provider will not run this now because of the account. Please tell the operator of this installation.',
  model_not_found: 'The model provider does not know this model or this version of it.',
  throttled: 'The model provider is taking no more requests just now.',
  moderated: 'The model provider refused this content.',
  unreachable: 'The model provider cannot be reached.',
  other: 'The model provider refused the request.',
};

/** @param detail for operators; `message` is the same for every provider and holds no account detail. */
export function refusal(reason: RefusalReason, detail: string): Refusal {
  return { reason, message: MESSAGES[reason], detail, retryAfterMs: null, fields: [] };
}

/** The JSON of an answer, or its text when it is no JSON. */
export function parseBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
