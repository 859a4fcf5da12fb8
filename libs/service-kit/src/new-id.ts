import { v7 } from 'uuid';

/** A fresh UUIDv7 (RFC 9562): sorts by the time it was made, also within one millisecond of one process. */
export function newId(): string {
  return v7();
}
