import { budgetGate, BudgetStore, Clock, dayOf, type GateAnswer, type JsonObject, type Preparation } from '@countersign/core';
import { Estimates } from '@countersign/providers';
import { Injectable } from '@nestjs/common';

/** The word on money for a run that is not there yet: nothing is set aside. */
@Injectable()
export class WeighCost {
  constructor(private readonly estimates: Estimates, private readonly budgets: BudgetStore, private readonly clock: Clock) {}

  estimated(preparation: Preparation): Promise<Preparation> {
    return this.estimates.with(preparation);
  }

  /** The gate before the launch as it is today. */
  async gate(tenantId: string, userId: string, preparation: Preparation): Promise<GateAnswer & { budget?: JsonObject }> {
    if (preparation.payload === null) return { ask: false, reason: 'there is no payload' };
    const answer = budgetGate(preparation.estimate, await this.budgets.facts(tenantId, userId, dayOf(this.clock.now())));
    return answer.fits ? { ask: false, reason: 'within the budget' } : { ask: true, reason: answer.reason, budget: answer.context };
  }
}
