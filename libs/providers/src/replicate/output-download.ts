/*
 * What this is: fetching a provider's output files.
 * Invariants: only hosts that are the provider's are asked, also after each redirect; the token is sent only there, and
 * only after a 401/403; every download is bounded in size and time.
 */
import type { OpenedOutput } from '@countersign/core';
import { withoutSecrets, type ReplicateSettings } from './replicate-settings';

export interface DownloadLimits {
  bytes: number;
  /** Until the answer's head. */
  headMs: number;
  totalMs: number;
  redirects: number;
}

const DOWNLOAD_LIMITS: DownloadLimits = {
  bytes: 2_000_000_000, // a long video; beyond that something is wrong
  headMs: 30_000, // delivery is a CDN: a slow head means trouble
  totalMs: 900_000, // 15 minutes: 2 GB at 20 Mbit/s
  redirects: 3, // storage behind a CDN needs one
};

const DELIVERY_HOST = 'replicate.delivery'; // and its subdomains: pbxt., api., …

/** A test for URLs this provider's files may come from: https on replicate.delivery, or the very origin of the API. */
export function outputHostRule(baseUrl: string): (url: string) => boolean {
  const apiOrigin = new URL(baseUrl).origin;
  return (text) => {
    if (/\s/.test(text) || !URL.canParse(text)) return false;
    const url = new URL(text);
    if (url.username !== '' || url.password !== '') return false;
    if (url.origin === apiOrigin) return true;
    const isDelivery = url.hostname === DELIVERY_HOST || url.hostname.endsWith(`.${DELIVERY_HOST}`);
    return isDelivery && url.protocol === 'https:' && url.port === '';
  };
}

export class OutputDownload {
  private readonly isOurHost: (url: string) => boolean;

  constructor(private readonly settings: ReplicateSettings, private readonly limits: DownloadLimits = DOWNLOAD_LIMITS) {
    this.isOurHost = outputHostRule(settings.baseUrl);
  }

  /** @throws Error naming the host, the status or the limit. */
  async open(url: string, signal: AbortSignal): Promise<OpenedOutput> {
    const stop = new AbortController();
    const whole = AbortSignal.any([signal, stop.signal, AbortSignal.timeout(this.limits.totalMs)]);
    const head = setTimeout(() => stop.abort(new Error(`no answer within ${this.limits.headMs} ms`)), this.limits.headMs);
    try {
      let response = await this.get(url, whole, false);
      if ((response.status === 401 || response.status === 403) && this.settings.apiToken) {
        await response.body?.cancel();
        response = await this.get(url, whole, true);
      }
      return await this.opened(response);
    } catch (error) {
      stop.abort();
      throw new Error(withoutSecrets(`output file: ${error instanceof Error ? error.message : String(error)}`, this.settings));
    } finally {
      clearTimeout(head);
    }
  }

  private async get(from: string, signal: AbortSignal, withToken: boolean): Promise<Response> {
    let url = from;
    for (let hop = 0; hop <= this.limits.redirects; hop += 1) {
      if (!this.isOurHost(url)) throw new Error(`${hostOf(url)} is not one of the provider's hosts`);
      const headers: Record<string, string> = withToken ? { authorization: `Bearer ${this.settings.apiToken}` } : {};
      const response = await (this.settings.fetch ?? fetch)(url, { headers, redirect: 'manual', signal });
      const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
      if (location === null) return response;
      await response.body?.cancel();
      url = new URL(location, url).href;
    }
    throw new Error(`more than ${this.limits.redirects} redirects`);
  }

  private async opened(response: Response): Promise<OpenedOutput> {
    const { bytes: limit } = this.limits;
    const length = response.headers.get('content-encoding') === null ? response.headers.get('content-length') : null;
    const bytes = length !== null && /^\d+$/.test(length) ? Number(length) : null;
    const tooLarge = bytes !== null && bytes > limit;
    if (!response.ok || !response.body || tooLarge) {
      await response.body?.cancel();
      throw new Error(tooLarge ? `${bytes} bytes, the limit is ${limit}` : `HTTP ${response.status}`);
    }
    const { body } = response;
    const mime = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? null;
    return { mime: mime === '' ? null : mime, bytes, read: () => bounded(body, limit) };
  }
}

async function* bounded(body: ReadableStream<Uint8Array>, limit: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw new Error(`output file: more than ${limit} bytes`);
    yield chunk;
  }
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host || 'this address' : 'this address';
}
