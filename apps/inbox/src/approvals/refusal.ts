import type { CountersignError } from '@countersign/client';
import type { FieldError } from '../form/schema-form';
import { clock, person, plain } from '../text/wording';

/** What a refused decision means to the person who took it. */
export interface Refusal {
  title: string;
  detail: string;
  /** To be shown at their fields; `reason` and `message` belong to the question itself. */
  fields: FieldError[];
  /** The card on the screen is not what stands now. */
  isStale: boolean;
}

export function explainRefusal(error: CountersignError): Refusal {
  const fields = error.errors.map(({ field, message }) => ({ field: field.replace(/^(edits|input)[./]/, '').replace(/[./[].*$/, ''), message }));
  const say = (title: string, isStale = false, detail = error.message): Refusal => ({ title, detail, fields, isStale });
  switch (error.code) {
    case 'APPROVAL_ALREADY_DECIDED': {
      const { decided } = error;
      const who = decided ? `${person(decided.decided_by)} was first: ${plain(decided.action ?? decided.status)}${decided.decided_at ? ` at ${clock(decided.decided_at)}` : ''}.` : error.message;
      return say('Somebody has already answered', true, who);
    }
    case 'APPROVAL_EXPIRED': return say('Too late: this approval has expired', true);
    case 'STALE_PAYLOAD': return say('This is not what is pending now', true, 'The payload changed while you were looking. Nothing was sent. Load it again and look once more.');
    case 'VALIDATION_FAILED': return say(fields.length > 0 ? 'Some values are not right yet' : 'This was not accepted');
    case 'APPROVAL_NOT_FOUND':
    case 'RUN_NOT_FOUND': return say('Not found', true, 'It does not exist, or it is not yours to see.');
    case 'FORBIDDEN': return say('You may not decide this');
    case 'UNAUTHENTICATED': return say('Your key was not accepted', false, 'Set your API key at the top right.');
    case 'RATE_LIMITED': return say('Too many requests', false, `Try again ${error.retryAfterMs ? `in ${Math.ceil(error.retryAfterMs / 1000)} s` : 'in a moment'}.`);
    case 'ILLEGAL_STATE': return say('This can not be done now', true);
    case 'UNREACHABLE': return say('The server cannot be reached', false, 'Nothing is known to have been recorded. It is safe to try again: an approval is answered only once.');
    case 'TIMEOUT': return say('No answer in time', true, 'It may or may not have been recorded. It is safe to try again: an approval is answered only once.');
    default: return say(error.title);
  }
}
