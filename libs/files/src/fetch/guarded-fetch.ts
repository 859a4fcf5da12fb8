/*
 * What this is: the only way this house reads a file from an address that a user named.
 * Invariant: no request ever reaches an address that was not judged: every hop is judged as written and again after DNS,
 * and the connection is pinned to the addresses that were judged. No cookies, no keys, no proxy, one time limit for all.
 * To extend: what may be asked is decided in address-rules.ts; here only bytes are moved.
 */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { FileError } from '@countersign/core';
import type { FileObservation, InputFile } from '@countersign/core';
import { hostOf, isPublicAddress, judgeUrl } from './address-rules';
import type { AllowedHost } from './address-rules';
import { describeFile, nameOf, notHad, takeHead } from '../content/describe-file';
import { checkedAddresses, pinnedLookup, resolveBySystem } from './pinned-lookup';
import type { Resolve } from './pinned-lookup';
import { HEAD_BYTES } from '../content/sniff';

export interface GuardedFetchOptions {
  /** Hosts whose addresses are not judged, as `host:port`. */
  allowHosts: readonly AllowedHost[];
  /** Larger files are refused, at the latest when this many bytes have come. */
  maxBytes: number;
  /** For a whole file, all redirects included. */
  timeoutMs: number;
  maxRedirects: number;
  /** Default: the system's resolver. */
  resolve?: Resolve;
  /** Default: isPublicAddress. For tests, which have no public server. */
  isPublic?: (address: string) => boolean;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export class GuardedFetch {
  private readonly allowHosts: readonly string[];

  constructor(private readonly options: GuardedFetchOptions) {
    this.allowHosts = options.allowHosts.map((host) => host.trim().toLowerCase());
  }

  /**
   * Looks at the file's first bytes; `read()` fetches it anew each time, under the same rules.
   * @throws FileError with the reason.
   */
  async open(url: string): Promise<InputFile> {
    const { mime, bytes } = await this.look(url);
    return { mime, bytes, name: nameOf(url), read: () => this.read(url) };
  }

  /** What can be said of the file without fetching more than its first bytes. Never throws. */
  async observe(url: string): Promise<FileObservation> {
    try {
      return { url, outcome: 'ok', ...(await this.look(url)) };
    } catch (error) {
      return notHad(url, error);
    }
  }

  private async look(url: string): Promise<Omit<Extract<FileObservation, { outcome: 'ok' }>, 'url' | 'outcome'>> {
    // A ranged GET, not HEAD: signed addresses are often signed for GET alone.
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    const response = await this.request(url, { range: `bytes=0-${HEAD_BYTES - 1}` }, signal);
    try {
      const bytes = sizeOf(response);
      this.refuseIfTooLarge(bytes);
      const head = response.statusCode === 416 ? new Uint8Array() : await this.guard(takeHead(response), url, signal);
      return describeFile(head, bytes, response.headers['content-type']);
    } finally {
      response.destroy();
    }
  }

  private async *read(url: string): AsyncIterable<Uint8Array> {
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    const response = await this.request(url, {}, signal);
    try {
      this.refuseIfTooLarge(sizeOf(response));
      let bytes = 0;
      const chunks = (response as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
      for (;;) {
        const next = await this.guard(chunks.next(), url, signal);
        if (next.done === true) return;
        bytes += next.value.byteLength;
        this.refuseIfTooLarge(bytes);
        yield next.value;
      }
    } finally {
      response.destroy();
    }
  }

  /** Follows redirects to the answer; each hop is judged like the first. */
  private async request(first: string, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
    let url = first;
    for (let hop = 0; hop <= this.options.maxRedirects; hop++) {
      const target = judgeUrl(url, this.allowHosts);
      const { resolve = resolveBySystem, isPublic = isPublicAddress } = this.options;
      const addresses = await this.guard(checkedAddresses(target, resolve, isPublic), url, signal);
      const response = await this.guard(send(target.url, pinnedLookup(addresses), headers, signal), url, signal);
      const status = response.statusCode ?? 0;
      if (status === 200 || status === 206 || (status === 416 && 'range' in headers)) return response;
      response.destroy();
      const { location } = response.headers;
      if (!REDIRECTS.has(status) || location === undefined) throw unreachable(url, `answered with status ${status}`);
      if (!URL.canParse(location, url)) throw unreachable(url, 'sends on to something that is no address');
      url = new URL(location, url).href;
    }
    throw unreachable(first, `sends on more than ${this.options.maxRedirects} times`);
  }

  /** Turns whatever the network throws into one of our sentences. */
  private async guard<Value>(work: Promise<Value>, url: string, signal: AbortSignal): Promise<Value> {
    try {
      return await within(work, signal);
    } catch (error) {
      if (error instanceof FileError) throw error;
      if (signal.aborted) throw unreachable(url, `took longer than ${this.options.timeoutMs} ms`);
      const code = (error as NodeJS.ErrnoException | null)?.code;
      throw unreachable(url, `cannot be reached (${code ?? 'connection failed'})`);
    }
  }

  private refuseIfTooLarge(bytes: number | null): void {
    if (bytes === null || bytes <= this.options.maxBytes) return;
    throw new FileError('file_too_large', `The file is larger than ${this.options.maxBytes} bytes.`);
  }
}

type Lookup = ReturnType<typeof pinnedLookup>;

function send(url: URL, lookup: Lookup, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
      host: hostOf(url),
      port: url.port || undefined,
      path: url.pathname + url.search,
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'countersign', ...headers, host: url.host },
      agent: false, // a kept connection would be to an address judged for another request
      lookup,
      signal,
    });
    request.once('response', resolve);
    request.on('error', reject); // not once: a cut connection may complain again after the answer
    request.end();
  });
}

function within<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}

/** @returns the size of the whole file, null when the server does not tell. */
function sizeOf(response: IncomingMessage): number | null {
  const { 'content-range': range, 'content-length': length } = response.headers;
  const told = response.statusCode === 200 ? length : /\/(\d+)$/.exec(range ?? '')?.[1];
  return told === undefined || !/^\d{1,15}$/.test(told) ? null : Number(told);
}

function unreachable(url: string, why: string): FileError {
  return new FileError('file_unreachable', `${new URL(url).hostname} ${why}.`);
}
