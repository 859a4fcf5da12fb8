import { invalid } from '../answers/problem';

const KEY = /^[\x21-\x7e]{1,255}$/;

/** The header as it came, if it came. @throws ProblemError VALIDATION_FAILED */
export function readIdempotencyKey(key: string | undefined): string | null {
  if (key === undefined) return null;
  if (!KEY.test(key)) throw invalid('Idempotency-Key', 'unusable', 'Idempotency-Key has 1 to 255 printable ASCII characters without spaces');
  return key;
}
