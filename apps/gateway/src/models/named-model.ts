import type { AiProvider } from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import { invalid, ProblemError } from '../http/answers/problem';

const MODEL = /^([A-Za-z0-9][\w.-]{0,99}\/[A-Za-z0-9][\w.-]{0,99})(?::([A-Za-z0-9_-]{1,100}))?$/;
/** Characters of a wrong name that are repeated to the caller. */
const SHOWN = 100;

/** `owner/name` or `owner/name:version`. */
export function readModel(text: string, field: string): { model: string; version: string | null } {
  const match = MODEL.exec(text);
  if (!match?.[1]) throw invalid(field, 'not_a_model', `${field} must be owner/name or owner/name:version`);
  return { model: match[1], version: match[2] ?? null };
}

export function findProvider(providers: ProviderRegistry, name: string): AiProvider {
  const provider = providers.find(name);
  if (provider) return provider;
  const known = providers.list().map((one) => one.name).join(', ');
  throw new ProblemError('PROVIDER_NOT_FOUND', `there is no provider ${JSON.stringify(name.slice(0, SHOWN))}; there are: ${known}`);
}
