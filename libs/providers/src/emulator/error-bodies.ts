import type { JsonObject } from '@countersign/core';

export interface InvalidField {
  type: string;
  field: string;
  description: string;
}

/** Error bodies as seen from the real API. For faults on demand and for the emulator's own refusals. */
export const ERROR_BODIES = {
  unauthenticated: { title: 'Unauthenticated', detail: 'You did not pass a valid authentication token', status: 401 },
  insufficientCredit: {
    title: 'Insufficient credit', status: 402,
    detail: 'You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. Once you purchase credit, please wait a few minutes before trying again.',
  },
  notFound: { detail: 'The requested resource could not be found.', status: 404 },
  invalidVersion: {
    title: 'Invalid version or not permitted', status: 422,
    detail: "The specified version does not exist (or perhaps you don't have permission to use it?)",
  },
  throttled: { detail: 'Request was throttled. Your rate limit resets in ~30s.', status: 429 },
  moderated: { title: 'Bad request', detail: 'The input was flagged as sensitive. Please try again with different inputs. (E005)', status: 400 },
  badGateway: { detail: 'Bad gateway', status: 502 },
} satisfies Record<string, JsonObject>;

/** 422 as the API words it: one line per complaint, and the list. */
export function invalidInput(fields: InvalidField[]): JsonObject {
  return {
    title: 'Input validation failed',
    detail: `${fields.map((each) => `- ${each.field === '' ? '' : `${each.field}: `}${each.description}`).join('\n')}\n`,
    status: 422,
    invalid_fields: fields.map((each) => ({ ...each })),
  };
}
