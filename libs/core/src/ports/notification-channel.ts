import type { Approval } from '../approval/approval';
import type { StepEvent } from '../run/events';
import type { Run } from '../run/run';

/** One thing people are told: a step event with what a channel needs to put it into words. */
export interface Notice {
  event: StepEvent;
  /** The run's history up to and including `event`. */
  history: StepEvent[];
  /** The run as it stands now (it may be further on than `event`). */
  run: Run;
  /** The approval the event speaks of, as it stands now. */
  approval: Approval | null;
  /** The approval the run waits for now. */
  waitingFor: Approval | null;
  /** Other approvals that were cancelled because the run ended with `event`. */
  ended: Approval[];
}

/** A notice could not be delivered; trying again may help. `message` holds no secret. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** @param isOutage nobody can be reached through this channel now, so other notices need not be tried. */
  constructor(message: string, readonly isOutage: boolean, readonly retryAfterMs?: number) {
    super(message);
  }
}

/** A way to reach people. Notices of one run arrive in order, each at least once. */
export abstract class NotificationChannel {
  /** Key of its place in the history: never reuse a name. */
  abstract readonly name: string;
  /** Bounded in time. Rejects with a DeliveryError when the notice could not be delivered. */
  abstract deliver(notice: Notice): Promise<void>;
}
