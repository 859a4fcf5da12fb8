import { CountersignError, isProblem } from './countersign-error';

/** Longest wait for an ordinary answer: every route answers in well under a second, slow links included. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface ClientSettings {
  /** Address of the gateway, e.g. `http://127.0.0.1:3000`; a path in front of the routes is kept. */
  baseUrl: string;
  /** For `AUTH_MODE=api_key`. */
  apiKey?: string;
  /** For `AUTH_MODE=local`: who is asking. Printable ASCII, as it travels in a header. */
  userId?: string;
  /** Defaults to the platform's own. */
  fetch?: typeof globalThis.fetch;
  /** Milliseconds until a call without an answer rejects with `TIMEOUT`; 30 000 when absent. */
  timeoutMs?: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
}

export type Query = Record<string, string | number | boolean | readonly string[] | undefined>;

export interface Call extends CallOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  query?: object;
  body?: object;
  headers?: Record<string, string>;
}

/** The one place where requests leave: address, identity, time-out, and refusals as `CountersignError`. */
export class RestDoor {
  private readonly baseUrl: string;

  constructor(private readonly settings: ClientSettings) {
    this.baseUrl = settings.baseUrl.replace(/\/+$/, '');
  }

  json<T>(path: string, call: Call = {}): Promise<T> {
    const isForm = call.body instanceof FormData;
    const headers = { accept: 'application/json', ...(call.body && !isForm && { 'content-type': 'application/json' }), ...call.headers };
    return this.bounded(path, { ...call, headers }, async (response) => parse<T>(await response.text(), path));
  }

  /** Only from our own address: a key must not travel to where a link happens to lead. */
  async file(link: string, call: Call = {}): Promise<Blob> {
    if (!this.isOwn(link)) throw CountersignError.local('BAD_ANSWER', 'this link leads to another server');
    return this.bounded(link, call, (response) => response.blob());
  }

  private async bounded<T>(path: string, call: Call, read: (response: Response) => Promise<T>): Promise<T> {
    const limit = call.timeoutMs ?? this.settings.timeoutMs ?? REQUEST_TIMEOUT_MS;
    const timer = AbortSignal.timeout(limit);
    const signal = call.signal ? AbortSignal.any([call.signal, timer]) : timer;
    try {
      return await read(await this.send(path, { ...call, signal }));
    } catch (error) {
      throw explain(error, { timer, caller: call.signal, limit, path });
    }
  }

  private isOwn(link: string): boolean {
    if (/^\/(?!\/)/.test(link)) return true;
    return URL.canParse(link) && new URL(link).origin === new URL(this.baseUrl).origin;
  }

  /** The raw answer, already checked for refusal. The caller bounds it with `signal`. */
  async send(path: string, call: Call): Promise<Response> {
    const { apiKey, userId } = this.settings;
    const fetch = this.settings.fetch ?? globalThis.fetch;
    const { body } = call;
    const response = await fetch(this.address(path, call.query as Query | undefined), {
      method: call.method ?? 'GET',
      headers: { ...(apiKey && { authorization: `Bearer ${apiKey}` }), ...(userId && { 'x-user-id': userId }), ...call.headers },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
      ...(call.signal && { signal: call.signal }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  /** A path of the API, or a link out of an answer, as a whole address. */
  address(path: string, query: Query = {}): string {
    const url = /^[a-z][a-z0-9+.-]*:/i.test(path) ? path : `${this.baseUrl}${path}`;
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of Array.isArray(value) ? value : [value]) search.append(key, String(one));
    }
    const text = search.toString();
    return text ? `${url}${url.includes('?') ? '&' : '?'}${text}` : url;
  }
}

function parse<T>(text: string, path: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw CountersignError.local('BAD_ANSWER', `the answer of ${path} is not JSON`);
  }
}

async function refusal(response: Response): Promise<CountersignError> {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  const body: unknown = await response.json().catch(() => null);
  if (isProblem(body)) return new CountersignError({ ...body, status: response.status }, retryAfterMs);
  return new CountersignError({
    code: 'BAD_ANSWER', title: response.statusText || 'Refused', status: response.status,
    detail: `the server answered ${response.status} without saying why`,
  }, retryAfterMs);
}

interface Circumstances {
  timer: AbortSignal;
  caller: AbortSignal | undefined;
  limit: number;
  path: string;
}

function explain(error: unknown, { timer, caller, limit, path }: Circumstances): unknown {
  if (error instanceof CountersignError) return error;
  if (caller?.aborted) return error;
  if (timer.aborted) return CountersignError.local('TIMEOUT', `no answer from ${path} within ${limit} ms`);
  return CountersignError.local('UNREACHABLE', `could not reach ${path}: ${reasonOf(error)}`);
}

/** fetch hides the useful words ("connect ECONNREFUSED …") in `cause`. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { message?: string } };
  return cause?.message || message || String(error);
}
