import type { Instant } from '../json';
import type { Micros } from './money';

/** A calendar day in UTC, `2026-11-22`: the period that caps are for. */
export type Day = string;

export function dayOf(at: Instant): Day {
  return at.slice(0, 10);
}

/** What a cap does about a launch whose cost nobody can estimate. */
export const ON_UNKNOWN = ['ask', 'allow'] as const;
export type OnUnknown = (typeof ON_UNKNOWN)[number];

/** Most that a tenant, or one of its users, may spend a day without a person who says so. */
export interface Cap {
  tenantId: string;
  /** Null = the whole tenant. */
  userId: string | null;
  micros: Micros;
  onUnknown: OnUnknown;
  /** `human:<user>` */
  setBy: string;
  setAt: Instant;
}

/** What was spent and set aside by a tenant (`userId` null) or a user on one day. */
export interface Spending {
  userId: string | null;
  /** What launches that ended cost, or were booked with where nobody told. */
  usedMicros: Micros;
  /** Set aside for what waits or runs. */
  reservedMicros: Micros;
}

/** One cap that a run is under, as it stands today. */
export type BudgetLine = Spending & Pick<Cap, 'micros' | 'onUnknown'>;

/** What is on record about a run's money, as of one instant. */
export interface BudgetFacts {
  day: Day;
  /** Caps that the run is under; empty = none. */
  lines: BudgetLine[];
  /** What is set aside for the run's next launch. */
  held: { day: Day; micros: Micros } | null;
}

/** Money to set aside for the next launch, together with the move that asks for it or starts it. */
export interface Booking {
  micros: Micros;
  /** Who let it pass a cap, `human:<user>`; null = it must fit under every cap, or the move does not happen. */
  overriddenBy: string | null;
}

/**
 * How a reservation stands. `reserved` counts as set aside; `settled` counts as used, with what the launch cost or, where
 * nobody told, with what was set aside; `released` counts as nothing.
 */
export type ReservationState = 'reserved' | 'settled' | 'released';
