/*
 * What this is: the guard between a decision to launch and the launch: sets the money aside, or asks.
 * Invariant: no move that leads to a launch leaves core without this word; whoever adds one sends it through here.
 */
import type { JsonObject } from '../json';
import type { Decision } from '../approval/approval';
import type { RunEvent } from '../run/events';
import type { Preparation, Run } from '../run/run';
import type { BudgetFacts } from './budget';
import { BUDGET, budgetGate, overriding } from './budget-gate';

/** A consent given by policy or by code, with its money; null when the budget asks first. */
export function withMoney<E extends Extract<RunEvent, { type: 'approved' | 'relaunched' }>>(run: Run, event: E, budget: BudgetFacts | null): E | null {
  const answer = budgetGate(estimateOf(event, run), budget);
  if (!answer.fits) return null;
  return answer.booking ? { ...event, booking: answer.booking } : event;
}

/** What a person's consent becomes: it launches when there is money, or when they may pass the cap; else it comes back. */
export function consentWithMoney(run: Run, event: RunEvent, decision: Decision, budget: BudgetFacts | null): RunEvent {
  if (event.type !== 'approved') return event;
  const fitting = withMoney(run, event, budget);
  if (fitting) return fitting;
  if (decision.overridesCap) {
    const booking = overriding(estimateOf(event, run), decision.by);
    return { ...event, overridesCap: true, ...(booking && { booking }) };
  }
  const { preparation, edits } = event;
  return { type: 'returned', by: decision.by, why: reasonAgainst(estimateOf(event, run), budget), ...(preparation && { preparation }), ...(edits && { edits }) };
}

/** What a card says about money: nothing while the next launch fits. */
export function budgetContext(preparation: Preparation | null, budget: BudgetFacts | null): JsonObject {
  const answer = budgetGate(preparation?.estimate ?? null, budget);
  return answer.fits ? {} : { [BUDGET]: answer.context };
}

function reasonAgainst(estimate: Preparation['estimate'], budget: BudgetFacts | null): string {
  const answer = budgetGate(estimate, budget);
  return answer.fits ? '' : answer.reason;
}

function estimateOf(event: { type: string; preparation?: Preparation }, run: Run): Preparation['estimate'] {
  return (event.preparation ?? run.preparation)?.estimate ?? null;
}
