/*
 * What this is: looks at the files that a request names, before it is judged: are they there, what are they, how large.
 * Invariant: the run itself, its explanation and an edited approval look through this one class, with the same limits, so
 * they cannot disagree about a file.
 * To extend: which addresses matter is asked of the validator (`wanted`), how an address is read of createObserveInput().
 */
import { FileError, type FileObservation, type Form, type ReviewedFile, type ValidationRequest } from '@countersign/core';
import { judgeUrl, type AllowedHost } from './fetch/address-rules';
import { isDataUrl } from './content/data-url';
import { notHad } from './content/describe-file';
import { GuardedFetch } from './fetch/guarded-fetch';
import { hashFiles, type NamedFile } from './hash-files';
import { createObserveInput } from './open-input';
import type { OwnFiles } from './artifacts/own-files';

/** What may be read from an address that a user named: a large picture or a song fits, a film does not. */
export const INPUT_FILE_LIMITS = { maxBytes: 100 * 1024 ** 2, maxRedirects: 5 };

const MAX_FILES = 20; // looked at per request; the addresses of the others are judged as they are written
const TOTAL_MS = 8_000; // a person waits for the answer; what takes longer counts as unreachable
const ONE_MS = 6_000; // for one file, so that a slow first file leaves time to see what it gave way to
const MAX_ROUNDS = 3; // what one file turns out to be may send the check on to others

/** Addresses that the check of this request asks about and that `request.observations` says nothing of. */
export type Wanted = (form: Form | null, request: ValidationRequest) => string[];

export interface LookSettings {
  wanted: Wanted;
  allowHosts: readonly AllowedHost[];
  /** Default: a GuardedFetch with INPUT_FILE_LIMITS. */
  fetch?: Pick<GuardedFetch, 'open' | 'observe'>;
  /** For everything together, ms. */
  totalMs?: number;
}

export class LookAtFiles {
  private readonly fetch: Pick<GuardedFetch, 'open' | 'observe'>;
  private readonly allowHosts: readonly AllowedHost[];

  constructor(private readonly own: Pick<OwnFiles, 'find' | 'sha256'>, private readonly settings: LookSettings) {
    this.allowHosts = settings.allowHosts.map((host) => host.trim().toLowerCase());
    this.fetch = settings.fetch ?? new GuardedFetch({ ...INPUT_FILE_LIMITS, allowHosts: settings.allowHosts, timeoutMs: ONE_MS });
  }

  /** The request with what was seen of its files. Never throws; takes at most eight seconds. */
  async look(tenantId: string, form: Form | null, request: ValidationRequest): Promise<ValidationRequest> {
    const until = Date.now() + (this.settings.totalMs ?? TOTAL_MS);
    const observe = createObserveInput({ own: (url) => this.own.find(tenantId, url), fetch: this.fetch });
    let seen: FileObservation[] = [...request.observations];
    let looked = 0;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const urls = this.settings.wanted(form, { ...request, observations: seen });
      if (urls.length === 0) break;
      const near = urls.slice(0, MAX_FILES - looked);
      looked += near.length;
      const found = await Promise.all(near.map((url) => inTime(url, observe(url), until)));
      const rest = urls.slice(near.length).flatMap((url) => this.judged(url));
      seen = [...seen, ...found, ...rest];
      if (near.length === 0) break;
    }
    return { ...request, observations: seen };
  }

  /** What the files are at this moment, for a person's yes to them. Never throws; takes at most eight seconds. */
  hash(tenantId: string, named: readonly NamedFile[]): Promise<ReviewedFile[]> {
    return hashFiles(tenantId, named, { own: this.own, fetch: this.fetch, totalMs: this.settings.totalMs ?? TOTAL_MS });
  }

  /** What can be said of an address without asking anybody. */
  private judged(url: string): FileObservation[] {
    if (isDataUrl(url)) return [];
    try {
      judgeUrl(url, this.allowHosts);
      return [];
    } catch (error) {
      return [notHad(url, error)];
    }
  }
}

async function inTime(url: string, work: Promise<FileObservation>, until: number): Promise<FileObservation> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<FileObservation>((resolve) => {
    timer = setTimeout(() => resolve(notHad(url, new FileError('file_unreachable', 'Looking at the file took too long.'))), Math.max(0, until - Date.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
