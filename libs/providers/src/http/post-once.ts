/*
 * What this is: the one paid request, on a connection of its own.
 * Invariant: it is written at most once, and it says for certain whether it may have been written. fetch() cannot: it
 * reuses connections that may be dying, follows redirects with the body, and hides whether it ever connected.
 * To extend: an error after the connection stood is `lost`, whatever it is called. Never turn one into `not_sent`.
 */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostRequest {
  url: URL;
  headers: Record<string, string>;
  body: string;
  signal: AbortSignal;
}

export type PostResult =
  | { kind: 'answer'; status: number; headers: Record<string, string | undefined>; body: string; bytes: Uint8Array }
  /** Nothing was written: no connection ever stood. */
  | { kind: 'not_sent'; why: string }
  /** Something may have been written, and no whole answer came back. */
  | { kind: 'lost'; why: string };

export interface PostLimits {
  /** DNS, TCP and TLS together. */
  connectMs: number;
  /** From the connection to the last byte of the answer. */
  answerMs: number;
  answerBytes: number;
}

export const POST_LIMITS: PostLimits = {
  connectMs: 10_000, // an API that cannot be connected to in ten seconds is as good as down
  answerMs: 60_000, // creating is a matter of a second; a minute covers the provider's own gateway time-out
  answerBytes: 16_000_000, // the input is echoed, inline files and all
};

/** Never rejects. `body` is the answer as text, `bytes` as it came. */
export function postOnce(post: PostRequest, limits: PostLimits = POST_LIMITS): Promise<PostResult> {
  if (post.signal.aborted) return Promise.resolve({ kind: 'not_sent', why: 'called off before it was sent' });
  return new Promise((resolve) => {
    let connected = false;
    let answering = false;
    const secure = post.url.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      headers: { ...post.headers, 'content-length': String(Buffer.byteLength(post.body)), connection: 'close' },
    };
    const end = (result: PostResult): void => {
      clearTimeout(timer);
      post.signal.removeEventListener('abort', abort);
      resolve(result);
      outgoing?.destroy();
    };
    const fail = (why: string): void => end({ kind: connected ? 'lost' : 'not_sent', why });
    const abort = (): void => fail('called off');
    let timer = setTimeout(() => fail(`no connection within ${limits.connectMs} ms`), limits.connectMs);
    post.signal.addEventListener('abort', abort, { once: true });

    let outgoing: ReturnType<typeof httpRequest> | undefined;
    try {
      outgoing = (secure ? httpsRequest : httpRequest)(post.url, options);
    } catch (error) {
      return fail(reasonOf(error));
    }
    outgoing.on('error', (error) => fail(reasonOf(error)));
    outgoing.on('close', () => {
      // With an answer under way the answer itself tells how it ended, and may tell it after this.
      if (!answering) fail('the connection was closed without an answer');
    });
    outgoing.on('socket', (socket) => {
      const stands = (): void => {
        connected = true;
        clearTimeout(timer);
        timer = setTimeout(() => fail(`no answer within ${limits.answerMs} ms`), limits.answerMs);
      };
      if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', stands);
      else stands();
    });
    outgoing.on('response', (response) => {
      answering = true;
      readAnswer(response, limits.answerBytes, end);
    });
    outgoing.end(post.body);
  });
}

function readAnswer(response: IncomingMessage, maxBytes: number, end: (result: PostResult) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const status = response.statusCode ?? 0;
  const answer = (): void => {
    const headers = Object.fromEntries(Object.entries(response.headers).map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : value]));
    const whole = Buffer.concat(chunks);
    end({ kind: 'answer', status, headers, body: whole.toString('utf8'), bytes: whole });
  };
  // A 4xx line alone proves that nothing was created; of any other answer the whole body is needed.
  const broken = (why: string): void => (status >= 400 && status < 500 ? answer() : end({ kind: 'lost', why: `status ${status}, then ${why}` }));
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) return broken(`more than ${maxBytes} bytes`);
    chunks.push(chunk);
  });
  response.on('end', answer);
  response.on('error', (error) => broken(reasonOf(error)));
  response.on('close', () => broken('the answer broke off'));
}

/** The error's code and words; of several tried addresses, each one's code. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(reasonOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : '';
  const cause = error.cause instanceof Error ? `: ${reasonOf(error.cause)}` : '';
  return `${code}${error.message}${cause}`;
}
