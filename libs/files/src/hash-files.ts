/*
 * What this is: the content hashes of the files that an input names, so that a person's yes is to these bytes and not to
 * whatever an address gives later.
 * Invariant: what is read from outside comes through the guarded fetch, with its limits; our own files are stored under
 * their hash and are not read again.
 */
import { createHash } from 'node:crypto';
import type { InputFile, ReviewedFile } from '@countersign/core';
import { isDataUrl } from './content/data-url';
import type { OwnFiles } from './artifacts/own-files';

/** A file field of an input with one address that it holds. */
export interface NamedFile {
  field: string;
  url: string;
}

export interface HashSources {
  own: Pick<OwnFiles, 'sha256'>;
  fetch: { open(url: string): Promise<InputFile> };
  /** For all files together, ms. */
  totalMs: number;
}

/** Files of one input whose content is kept in mind; more than any form takes. */
const MAX_FILES = 50;
/** A page is another one at each look; its bytes say nothing. */
const NEVER_THE_SAME = /^(text\/html|application\/xhtml\+xml)\b/;

/** What is in the payload itself needs no hash of its own, so data URLs are left out. Never throws. */
export async function hashFiles(tenantId: string, named: readonly NamedFile[], sources: HashSources): Promise<ReviewedFile[]> {
  const files = named.filter(({ url }) => !isDataUrl(url));
  const until = AbortSignal.timeout(sources.totalMs);
  const urls = [...new Set(files.slice(0, MAX_FILES).map(({ url }) => url))];
  const hashes = new Map(await Promise.all(urls.map(async (url) => [url, await hashed(tenantId, url, sources, until)] as const)));
  return files.map(({ field, url }) => ({ field, url, ...(hashes.get(url) ?? unread('there are too many files')) }));
}

type Content = Pick<ReviewedFile, 'sha256' | 'why'>;

async function hashed(tenantId: string, url: string, { own, fetch }: HashSources, until: AbortSignal): Promise<Content> {
  try {
    const ours = await own.sha256(tenantId, url);
    return ours === null ? await hashOutside(url, fetch, until) : { sha256: ours };
  } catch (error) {
    return unread(error instanceof Error ? error.message : 'it cannot be read');
  }
}

async function hashOutside(url: string, fetch: HashSources['fetch'], until: AbortSignal): Promise<Content> {
  const late = new Promise<never>((_resolve, reject) => until.addEventListener('abort', () => reject(new Error('it took too long to read')), { once: true }));
  late.catch(() => undefined);
  const file = await Promise.race([fetch.open(url), late]);
  if (NEVER_THE_SAME.test(file.mime)) return unread('it is a page, which is another one at each look');
  const hash = createHash('sha256');
  const chunks = file.read()[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), late]);
      if (next.done === true) return { sha256: hash.digest('hex') };
      hash.update(next.value);
    }
  } finally {
    void chunks.return?.(undefined);
  }
}

const unread = (why: string): Content => ({ sha256: null, why });
