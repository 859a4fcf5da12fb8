import { withObservedTime, type BudgetStore, type CostEstimate, type ObservedTime, type Payload, type Preparation } from '@countersign/core';
import type { ProviderRegistry } from '../registry';

/** How long an observed time is good for, ms: a median of fifty runs hardly moves in a minute. */
const FRESH_MS = 60_000;
/** Model versions whose time is remembered. */
const REMEMBERED = 1_000;

/** What a payload would cost: by price list, else by the price of a second and the time such runs took, else unknown. */
export class Estimates {
  private readonly times = new Map<string, { observed: ObservedTime | null; readAtMs: number }>();

  constructor(private readonly providers: ProviderRegistry, private readonly budgets: Pick<BudgetStore, 'observedTime'>) {}

  async of(payload: Payload): Promise<CostEstimate | null> {
    const estimate = this.providers.estimate(payload);
    // Only an estimate that lacks nothing but the time is worth a look at what was observed.
    if (estimate === null || estimate.amount !== null || estimate.usdPerSecond === undefined) return estimate;
    return withObservedTime(estimate, await this.observed(payload));
  }

  /** What was prepared, with the estimate as good as it gets. */
  async with(preparation: Preparation): Promise<Preparation> {
    const { payload } = preparation;
    return { ...preparation, estimate: payload && (await this.of(payload)) };
  }

  private async observed({ provider, model, version }: Payload): Promise<ObservedTime | null> {
    const key = `${provider}/${model}@${version}`;
    const known = this.times.get(key);
    if (known && Date.now() - known.readAtMs < FRESH_MS) return known.observed;
    const observed = await this.budgets.observedTime({ provider, model, version });
    if (this.times.size >= REMEMBERED) this.times.delete(this.times.keys().next().value ?? '');
    this.times.set(key, { observed, readAtMs: Date.now() });
    return observed;
  }
}
