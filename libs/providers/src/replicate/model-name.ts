import type { ModelRef } from '@countersign/core';
import { HIDDEN_VERSION } from './replicate-settings';

export interface ModelName {
  owner: string;
  name: string;
  /** null = the newest (or, for official models, the only) one. */
  version: string | null;
}

const WORD = '[A-Za-z0-9][A-Za-z0-9._-]{0,99}'; // no dot in front and no slash: it becomes a path segment
const MODEL = new RegExp(`^(${WORD})/(${WORD})(?::([A-Za-z0-9_-]{1,100}))?$`);

/** Reads `owner/name` or `owner/name:version`; a version in `ref.version` wins. null = not a model name. */
export function parseModelName(ref: ModelRef): ModelName | null {
  const match = MODEL.exec(ref.model);
  const [, owner, name, inName] = match ?? [];
  if (!owner || !name) return null;
  const version = ref.version || inName || null;
  if (version !== null && !/^[A-Za-z0-9_-]{1,100}$/.test(version)) return null;
  return { owner, name, version: version === HIDDEN_VERSION ? null : version };
}
