import { isJsonObject, type InputFile, type Json, type OpenInput, type Payload, type ReviewedFile } from '@countersign/core';
import { createOpenInput, hashFiles, type GuardedFetch, type NamedFile, type OwnFiles } from '@countersign/files';

/** URLs looked at in one payload: more than any form has file fields. */
const MAX_URLS = 200;

/** For all files of one launch together, ms: what a person was shown was read in a quarter of it. */
const HASH_MS = 30_000;

export interface OpenFiles {
  open: OpenInput;
  isOwn(url: string): boolean;
}

/** Opens the files a payload names, for one tenant. */
export class InputFiles {
  constructor(private readonly ownFiles: OwnFiles, private readonly fetch: GuardedFetch) {}

  /** What the files are at this moment. Never throws. */
  hash(tenantId: string, named: readonly NamedFile[]): Promise<ReviewedFile[]> {
    return hashFiles(tenantId, named, { own: this.ownFiles, fetch: this.fetch, totalMs: HASH_MS });
  }

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
