/*
 * What this is: every unpaid question to the API, through the official client.
 * Invariants: one request per question (the client resends five times within milliseconds on any network error, 429 or
 * 5xx: here its retries only see the first answer again); the token goes to `baseUrl` and nowhere else; the client never
 * creates a prediction.
 * To extend: add a method that calls ask(). Creating is create-prediction.ts, never this.
 */
import Replicate from 'replicate';
import { isJsonObject, type Instant, type JsonObject } from '@countersign/core';
import { reasonOf } from '../http/post-once';
import { parseBody } from '../http/refusal';
import { problemText } from './refusals';
import { withoutSecrets, type ReplicateSettings } from './replicate-settings';
import { retryDelayMs } from '../http/retry-delay';

const READ_TIMEOUT_MS = 20_000; // metadata in one small answer; longer means trouble
const UPLOAD_TIMEOUT_MS = 300_000; // 100 MB over a slow line
const MAX_ANSWER_BYTES = 64_000_000; // a page of 100 predictions with inline files echoed
const EMPTY_BODY_STATUSES = [101, 204, 205, 304]; // the Response constructor refuses a body for these

export interface ApiProblem {
  /** null = no answer came. */
  status: number | null;
  detail: string;
  retryAfterMs: number | null;
}
export type ApiAnswer = { ok: true; value: JsonObject } | { ok: false; problem: ApiProblem };

export class ReplicateApi {
  private readonly base: URL;
  private readonly fetch: typeof fetch;

  constructor(private readonly settings: ReplicateSettings) {
    this.base = new URL(settings.baseUrl);
    this.fetch = settings.fetch ?? fetch;
  }

  model(owner: string, name: string): Promise<ApiAnswer> {
    return this.ask((client) => client.models.get(owner, name));
  }

  version(owner: string, name: string, version: string): Promise<ApiAnswer> {
    return this.ask((client) => client.models.versions.get(owner, name, version));
  }

  prediction(id: string): Promise<ApiAnswer> {
    return this.ask((client) => client.predictions.get(id));
  }

  cancel(id: string): Promise<ApiAnswer> {
    return this.ask((client) => client.predictions.cancel(id));
  }

  /** Newest first; `cursor` continues an earlier page. The client's own list() cannot bound the time. */
  predictions(window: { createdAfter: Instant; createdBefore: Instant }, cursor: string | null): Promise<ApiAnswer> {
    const params = { created_after: window.createdAfter, created_before: window.createdBefore, ...(cursor ? { cursor } : {}) };
    return this.ask(async (client) => (await client.request('/predictions', { params })).json());
  }

  file(id: string): Promise<ApiAnswer> {
    return this.ask((client) => client.files.get(id));
  }

  /** Uploading is free and may leave a copy behind for a day; it is still sent once. */
  upload(file: File, signal: AbortSignal): Promise<ApiAnswer> {
    return this.ask((client) => client.files.create(file), { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
  }

  private async ask(
    question: (client: Replicate) => Promise<unknown>,
    options: { signal?: AbortSignal; timeoutMs?: number } = {},
  ): Promise<ApiAnswer> {
    const token = this.settings.apiToken;
    if (!token) return { ok: false, problem: { status: 401, detail: 'no API token is configured', retryAfterMs: null } };
    const door = this.answerOnce(options.timeoutMs ?? READ_TIMEOUT_MS, options.signal);
    const client = new Replicate({ auth: token, baseUrl: this.base.href, fetch: door.fetch, useFileOutput: false });
    try {
      const value = await question(client);
      if (isJsonObject(value)) return { ok: true, value };
      return { ok: false, problem: this.problem(door.seen(), 'the answer is not a JSON object') };
    } catch (error) {
      return { ok: false, problem: this.problem(door.seen(), reasonOf(error)) };
    }
  }

  /** A fetch that goes out once and gives the same answer to every later call. */
  private answerOnce(timeoutMs: number, signal?: AbortSignal) {
    let first: Promise<Response> | undefined;
    let seen: SeenAnswer | null = null;
    const goOut = async (url: URL, init: RequestInit | undefined): Promise<Response> => {
      if (url.origin !== this.base.origin) throw new Error(`${url.origin} is not the API`);
      const limits = [AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])];
      const response = await this.fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.any(limits) });
      const body = await readBounded(response, MAX_ANSWER_BYTES);
      if (!response.ok) seen = { status: response.status, headers: Object.fromEntries(response.headers), body: body.toString('utf8') };
      const { status, statusText, headers } = response;
      return new Response(EMPTY_BODY_STATUSES.includes(status) ? null : new Uint8Array(body), { status, statusText, headers });
    };
    const once: typeof fetch = (input, init) => (first ??= goOut(new URL(String(input)), init));
    return { fetch: once, seen: (): SeenAnswer | null => seen };
  }

  private problem(seen: SeenAnswer | null, otherwise: string): ApiProblem {
    if (!seen) return { status: null, detail: withoutSecrets(otherwise, this.settings), retryAfterMs: null };
    const body = parseBody(seen.body);
    const now = this.settings.clock ? Date.parse(this.settings.clock()) : Date.now();
    return {
      status: seen.status,
      detail: withoutSecrets(`HTTP ${seen.status} ${problemText(body)}`.trim(), this.settings),
      retryAfterMs: retryDelayMs(seen.headers, body, now),
    };
  }
}

interface SeenAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
