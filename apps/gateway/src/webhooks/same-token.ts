import { createHash, timingSafeEqual } from 'node:crypto';

/** Takes the same time however much of the token fits. */
export function isSameToken(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
