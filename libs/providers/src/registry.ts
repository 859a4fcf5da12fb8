/*
 * What this is: the one list of providers. To add one: a folder, a line here; its spec is one call of the contract suite.
 */
import type { AiProvider, Tool } from '@countersign/core';
import { AnthropicProvider } from './anthropic/anthropic.provider';
import { LocalProvider } from './local/local.provider';
import type { OneCallSettings } from './one-call/one-call.provider';
import type { UnitPrice } from './one-call/price-list';
import { OpenAiProvider } from './openai/openai.provider';
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
  constructor(private readonly providers: readonly AiProvider[]) {}

  list(): readonly AiProvider[] {
    return this.providers;
  }

  find(name: string): AiProvider | null {
    return this.providers.find((provider) => provider.name === name) ?? null;
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
  return new ProviderRegistry(PROVIDERS.map((create) => create(settings)));
}
