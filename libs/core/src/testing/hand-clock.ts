import { addMs, type Instant } from '../json';
import { Clock } from '../ports/clock';
import { NOON } from './factories';

/** Time that passes when a test says so. */
export class HandClock extends Clock {
  constructor(private at: Instant = NOON) {
    super();
  }

  now(): Instant {
    return this.at;
  }

  skip(ms: number): void {
    this.at = addMs(this.at, ms);
  }
}
