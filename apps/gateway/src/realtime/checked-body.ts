import { checkedInput } from '../http/input/checked-input';
import { ProblemError } from '../http/answers/problem';

export type BodyClass<T extends object> = new () => T;

/**
 * What came in by a socket, checked as a REST body would be.
 * @throws ProblemError VALIDATION_FAILED, BODY_TOO_LARGE
 */
export function checkedBody<T extends object>(body: unknown, as: BodyClass<T>, limitBytes: number): T {
  const text = JSON.stringify(body ?? {}) as string | undefined;
  if (text === undefined) throw new ProblemError('VALIDATION_FAILED', 'send a JSON object');
  if (Buffer.byteLength(text) > limitBytes) throw new ProblemError('BODY_TOO_LARGE', `a body may have ${limitBytes} bytes`);
  // Through text and back: binary attachments and other things that are not JSON get no further.
  return checkedInput(as, JSON.parse(text) as unknown);
}
