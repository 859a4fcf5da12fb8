import { FileError } from '@countersign/core';
import type { FileObservation, InputFile, OpenInput } from '@countersign/core';
import { isDataUrl, readDataUrl } from './content/data-url';
import { notHad, observeFile } from './content/describe-file';
import type { GuardedFetch } from './fetch/guarded-fetch';

export interface InputSources {
  /** Our uploads and artifacts, recognised whatever host the URL names; null for what is not ours. */
  own: (url: string) => Promise<InputFile | null>;
  fetch: Pick<GuardedFetch, 'open' | 'observe'>;
  maxDataUrlBytes?: number;
}

const MAX_DATA_URL_BYTES = 2_000_000; // a data URL travels in a JSON body, and those end at 2 MB

/** @returns how the house opens any file that a payload names: our own first, then data URLs, then the guarded web. */
export function createOpenInput({ own, fetch, maxDataUrlBytes = MAX_DATA_URL_BYTES }: InputSources): OpenInput {
  return async (url) => {
    if (typeof url !== 'string') throw new FileError('not_a_url', 'This is not a web address.');
    if (isDataUrl(url)) return readDataUrl(url, maxDataUrlBytes);
    return (await own(url)) ?? fetch.open(url);
  };
}

/** @returns the same three ways, for looking at a file without reading it all. Never throws. */
export function createObserveInput({ own, fetch, maxDataUrlBytes = MAX_DATA_URL_BYTES }: InputSources): (url: string) => Promise<FileObservation> {
  return async (url) => {
    try {
      if (isDataUrl(url)) return await observeFile(url, readDataUrl(url, maxDataUrlBytes));
      const ours = await own(url);
      return ours === null ? await fetch.observe(url) : await observeFile(url, ours);
    } catch (error) {
      return notHad(url, error);
    }
  };
}
