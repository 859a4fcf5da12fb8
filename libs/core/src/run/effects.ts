import type { Instant } from '../json';
import type { Approval, Wording } from '../approval/approval';
import type { Observation } from '../memory/observation';
import type { Booking } from '../budget/budget';

/** What must happen because a run moved: data, committed together with the move (invariant 4). */
export type Effect =
  /** Keep going: the run can be advanced further without waiting for anybody. */
  | { kind: 'advance' }
  | { kind: 'open_approval'; approval: Approval }
  /** A pending approval says its question in other words. */
  | { kind: 'reword'; approvalId: string; wording: Wording }
  /** Every approval of the run that is still pending ends as cancelled. */
  | { kind: 'cancel_approvals' }
  | { kind: 'arm_timer'; approvalId: string; at: Instant }
  | { kind: 'launch'; attempt: number; notBefore: Instant | null }
  /** Look at the job of a launch whose answer was lost. */
  | { kind: 'follow'; attempt: number; jobId: string }
  /** Stop the provider's job where it can be stopped. */
  | { kind: 'stop_job'; attempt: number }
  /** Remember what a reviewer did with the payload. */
  | { kind: 'observe'; observation: Observation }
  /** Set money aside for this attempt: the move happens only if it fits, or if somebody lets it pass. */
  | { kind: 'reserve'; attempt: number; booking: Booking }
  /** Give back what is set aside for launches that will not happen. */
  | { kind: 'release' }
  /** Tell people: channels render the step event with this `seq`. */
  | { kind: 'tell'; seq: number };
