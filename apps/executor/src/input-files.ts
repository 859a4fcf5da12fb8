import { isJsonObject, type InputFile, type Json, type OpenInput, type Payload } from '@countersign/core';
import { createOpenInput, type GuardedFetch, type OwnFiles } from '@countersign/files';

/** URLs looked at in one payload: more than any form has file fields. */
const MAX_URLS = 200;

export interface OpenFiles {
  open: OpenInput;
  isOwn(url: string): boolean;
}

/** Opens the files a payload names, for one tenant. */
export class InputFiles {
  constructor(private readonly ownFiles: OwnFiles, private readonly fetch: GuardedFetch) {}

  async of(tenantId: string, payload: Payload): Promise<OpenFiles> {
    const own = new Map<string, InputFile>();
    for (const url of urlsIn(payload.input).slice(0, MAX_URLS)) {
      const file = await this.ownFiles.find(tenantId, url);
      if (file) own.set(url, file);
    }
    return {
      isOwn: (url) => own.has(url),
      open: createOpenInput({ own: (url) => Promise.resolve(own.get(url) ?? null), fetch: this.fetch }),
    };
  }
}

function urlsIn(value: Json): string[] {
  if (typeof value === 'string') return value.includes('/artifacts/') || value.includes('/uploads/') ? value.split(/[,\n]/).map((part) => part.trim()) : [];
  if (Array.isArray(value)) return value.flatMap(urlsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(urlsIn) : [];
}
