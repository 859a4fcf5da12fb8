import type { Instant } from '../json';

export abstract class Clock {
  abstract now(): Instant;
}

/** Time-ordered ids (UUIDv7). */
export abstract class Ids {
  abstract next(): string;
}
