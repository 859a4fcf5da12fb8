/*
 * What this is: the one list of providers. To add one: a folder, a line here; its spec is one call of the contract suite.
 */
import type { AiProvider, Tool } from '@countersign/core';
import { LocalProvider } from './local/local.provider';
import { ReplicateProvider } from './replicate/replicate.provider';
import type { ReplicateSettings } from './replicate/replicate-settings';
import { ScriptedProvider } from './scripted/scripted.provider';

/** What the providers need; an app that only asks pure questions leaves keys out. */
export interface ProviderSettings {
  replicate: ReplicateSettings;
}

const PROVIDERS: readonly ((settings: ProviderSettings) => AiProvider)[] = [
  ({ replicate }) => new ReplicateProvider(replicate),
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
