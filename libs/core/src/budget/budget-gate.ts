/*
 * What this is: the word on money before a launch, pure: does it fit under every cap, and if not, what is said about it.
 * Invariant: a cap that is reached asks a person; it fails nothing, and no clock and no policy passes it.
 * The store repeats the check in the commit itself: what is said here may be late, what is committed never is.
 */
import type { JsonObject } from '../json';
import type { CostEstimate } from '../ports/ai-provider';
import type { Booking, BudgetFacts, BudgetLine } from './budget';
import { microsOfEstimate, sayMoney, usdOf, type Micros } from './money';

export type BudgetAnswer =
  /** `booking` null: nothing has to be set aside. */
  | { fits: true; booking: Booking | null }
  | { fits: false; reason: string; context: JsonObject };

/** Reasons start with this word, for lists and filters. */
export const BUDGET = 'budget';

export function budgetGate(estimate: CostEstimate | null, budget: BudgetFacts | null): BudgetAnswer {
  const micros = microsOfEstimate(estimate);
  const lines = budget?.lines ?? [];
  if (micros === null) {
    const strict = lines.filter(({ onUnknown }) => onUnknown === 'ask');
    if (strict.length === 0) return { fits: true, booking: null };
    return refusal('the cost is not known and a cap is set', strict, { estimate, micros });
  }
  if (micros === 0) return { fits: true, booking: null };
  const more = micros - (budget?.held?.day === budget?.day ? budget?.held?.micros ?? 0 : 0);
  const passed = lines.filter((line) => more > 0 && line.usedMicros + line.reservedMicros + more > line.micros);
  if (passed.length === 0) return { fits: true, booking: { micros, overriddenBy: null } };
  return refusal(passed.map((line) => wordsOf(line, micros)).join('; '), passed, { estimate, micros });
}

/** Money that a person set aside over a cap, knowingly; null when nothing can be set aside. */
export function overriding(estimate: CostEstimate | null, by: string): Booking | null {
  const micros = microsOfEstimate(estimate);
  return micros === null || micros === 0 ? null : { micros, overriddenBy: by };
}

function wordsOf(line: BudgetLine, micros: Micros): string {
  return `${whose(line)} daily cap of ${sayMoney(line.micros)} is reached: ${sayMoney(line.usedMicros)} used, ${sayMoney(line.reservedMicros)} set aside, ${sayMoney(micros)} for this`;
}

function whose({ userId }: BudgetLine): string {
  return userId === null ? 'the' : `${userId}'s`;
}

function refusal(why: string, lines: BudgetLine[], { estimate, micros }: { estimate: CostEstimate | null; micros: Micros | null }): BudgetAnswer {
  return {
    fits: false,
    reason: `${BUDGET}: ${why}`,
    context: {
      why,
      estimate_usd: micros === null ? null : usdOf(micros),
      estimate_basis: estimate?.basis ?? 'nobody can tell what it costs',
      caps: lines.map((line) => ({
        scope: line.userId === null ? 'tenant' : 'user', user_id: line.userId,
        cap_usd: usdOf(line.micros), used_usd: usdOf(line.usedMicros), reserved_usd: usdOf(line.reservedMicros),
      })),
    },
  };
}

/** Whether a card asks to pass a cap. */
export function asksForMoney(context: JsonObject): boolean {
  return (context[BUDGET] ?? null) !== null;
}
