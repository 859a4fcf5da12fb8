import { addMs, Clock, type Instant } from '@countersign/core';

/** Time that passes when a test says so; it starts now. */
export class HandClock extends Clock {
  private at: Instant = new Date().toISOString();

  now(): Instant {
    return this.at;
  }

  skip(ms: number): void {
    this.at = addMs(this.at, ms);
  }
}
