/*
 * What this is: the one list of providers. To add one: a folder, a line here; its spec is one call of the contract suite.
 */
import type { AiProvider, CostEstimate, JobMetrics, Payload, Tool } from '@countersign/core';
import { AnthropicProvider } from './anthropic/anthropic.provider';
import { LocalProvider } from './local/local.provider';
import type { OneCallSettings } from './one-call/one-call.provider';
import type { UnitPrice } from './one-call/price-list';
import { OpenAiProvider } from './openai/openai.provider';
import { ownCost, ownEstimate } from './prices/own-price';
import { ReplicateProvider } from './replicate/replicate.provider';
import type { ReplicateSettings } from './replicate/replicate-settings';
import { ScriptedProvider } from './scripted/scripted.provider';

/** What the providers need; an app that only asks pure questions leaves keys out. */
export interface ProviderSettings {
  replicate: ReplicateSettings;
  /** Absent: no key. */
  openai?: Partial<OneCallSettings>;
  anthropic?: Partial<OneCallSettings>;
  /** An operator's own, before the list prices. */
  prices?: readonly UnitPrice[] | null;
}

const OPENAI: OneCallSettings = { apiKey: null, baseUrl: 'https://api.openai.com/v1' };
const ANTHROPIC: OneCallSettings = { apiKey: null, baseUrl: 'https://api.anthropic.com/v1' };

const PROVIDERS: readonly ((settings: ProviderSettings) => AiProvider)[] = [
  ({ replicate }) => new ReplicateProvider(replicate),
  ({ openai, prices }) => new OpenAiProvider({ ...OPENAI, prices: prices ?? [], ...openai }),
  ({ anthropic, prices }) => new AnthropicProvider({ ...ANTHROPIC, prices: prices ?? [], ...anthropic }),
  () => new LocalProvider(),
  () => new ScriptedProvider(),
];

export class ProviderRegistry {
  /** @param prices an operator's own, by model; they come before what providers know */
  constructor(private readonly providers: readonly AiProvider[], private readonly prices: readonly UnitPrice[] = []) {}

  list(): readonly AiProvider[] {
    return this.providers;
  }

  find(name: string): AiProvider | null {
    return this.providers.find((provider) => provider.name === name) ?? null;
  }

  /** What the payload would cost; null when there is no such provider. Pure. */
  estimate(payload: Payload): CostEstimate | null {
    const provider = this.find(payload.provider);
    const price = this.priceOf(payload);
    return provider && ((price && ownEstimate(payload, price)) ?? provider.estimate(payload));
  }

  /** What the job cost, as far as its metrics tell. Pure. */
  cost(payload: Payload, metrics: JobMetrics): CostEstimate | null {
    const provider = this.find(payload.provider);
    const price = this.priceOf(payload);
    return provider && ((price && ownCost(payload, metrics, price)) ?? provider.cost(payload, metrics));
  }

  private priceOf({ model }: Payload): UnitPrice | null {
    return this.prices.find((price) => price.model === model) ?? null;
  }

  forTool(tool: Tool): AiProvider | null {
    return this.providers.find((provider) => provider.tools.includes(tool)) ?? null;
  }

  /** Tools that have a provider. */
  mappedTools(): Tool[] {
    return [...new Set(this.providers.flatMap((provider) => provider.tools))];
  }
}

export function createProviders(settings: ProviderSettings): ProviderRegistry {
  return new ProviderRegistry(PROVIDERS.map((create) => create(settings)), settings.prices ?? []);
}
