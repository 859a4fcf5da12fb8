import { budgetGate, BudgetStore, Clock, dayOf, type BudgetFacts, type GateAnswer, type JsonObject, type Preparation } from '@countersign/core';
import { Estimates } from '@countersign/providers';
import { Injectable } from '@nestjs/common';

export type MoneyGate = GateAnswer & { budget?: JsonObject };

/** The word on money for a run that is not there yet: nothing is set aside. */
@Injectable()
export class WeighCost {
  constructor(private readonly estimates: Estimates, private readonly budgets: BudgetStore, private readonly clock: Clock) {}

  estimated(preparation: Preparation): Promise<Preparation> {
    return this.estimates.with(preparation);
  }

  /** Caps that a run of this user would be under today. */
  facts(tenantId: string, userId: string): Promise<BudgetFacts | null> {
    return this.budgets.facts(tenantId, userId, dayOf(this.clock.now()));
  }

  /** The gate before the launch. */
  gate(preparation: Preparation, facts: BudgetFacts | null): MoneyGate {
    if (preparation.payload === null) return { ask: false, reason: 'there is no payload' };
    const answer = budgetGate(preparation.estimate, facts);
    return answer.fits ? { ask: false, reason: 'within the budget' } : { ask: true, reason: answer.reason, budget: answer.context };
  }
}
