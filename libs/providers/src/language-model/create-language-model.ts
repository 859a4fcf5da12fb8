import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import type { LanguageModel } from '@countersign/core';
import { boundedFetch } from './bounded-fetch';
import { SdkLanguageModel } from './sdk-language-model';

export interface LanguageModelSettings {
  openai: { apiKey: string | null; baseUrl: string };
  anthropic: { apiKey: string | null; baseUrl: string };
  /** Which of the two when both have a key; null = the first that has one; `none` = neither. */
  provider: 'openai' | 'anthropic' | 'none' | null;
  /** Null = that provider's default below. */
  model: string | null;
}

/** Small and quick ones: a sentence is worded, or a short answer read. */
const DEFAULT_MODELS = { openai: 'gpt-4.1-mini', anthropic: 'claude-haiku-4-5' } as const;

/** Null without a key, or where none is wanted: then no language model is ever asked. */
export function createLanguageModel(settings: LanguageModelSettings): LanguageModel | null {
  if (settings.provider === 'none') return null;
  const provider = settings.provider ?? (settings.openai.apiKey ? 'openai' : 'anthropic');
  const { apiKey, baseUrl } = settings[provider];
  if (!apiKey) return null;
  const baseURL = withVersion(baseUrl);
  globalThis.AI_SDK_LOG_WARNINGS = false; // they would go to the console, around our log
  const id = settings.model ?? DEFAULT_MODELS[provider];
  // Chat Completions: every server that is compatible with OpenAI has it, and it keeps nothing unless told to.
  const model = provider === 'openai'
    ? createOpenAI({ apiKey, baseURL, fetch: boundedFetch }).chat(id)
    : createAnthropic({ apiKey, baseURL, fetch: boundedFetch })(id);
  return new SdkLanguageModel(`${provider}:${id}`, model);
}

/** Both providers' own tools take the address with and without `/v1`, so both are taken here. */
function withVersion(address: string): string {
  return new URL(address).pathname === '/' ? new URL('/v1', address).href : address;
}
