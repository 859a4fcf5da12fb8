import { DeliveryError, NotificationChannel, type Notice } from '@countersign/core';
import type { ArtifactUrl } from '@countersign/contracts';
import { postsOf, type StatusPost } from './posts';

export interface OutsideWebsocketSettings {
  /** ws(s):// or http(s):// address of the outside server; its path is kept as a prefix. */
  websocketUrl: string;
  /** Sent as `X-API-Key`; without one the header is left out. */
  apiKey: string | null;
  artifactUrl: ArtifactUrl;
}

/** An outside server that needs longer has lost the message for us, ms: people wait behind it. */
const POST_TIMEOUT_MS = 5_000;
/** Answers that speak of the server, not of one message: nothing else will get through either. */
const OUTAGE_STATUSES = new Set([401, 403, 404, 429]);
const SERVER_ERRORS_FROM = 500;
/** An acknowledgement; anything longer is an error page. */
const SHORT_ANSWER_BYTES = 16_384;
const MS_PER_SECOND = 1_000;

/** Tells an outside WebSocket server, which holds the sockets of chat frontends, over its REST side. */
export class OutsideWebsocketChannel extends NotificationChannel {
  readonly name = 'websocket';
  private readonly url: string;

  constructor(private readonly settings: OutsideWebsocketSettings) {
    super();
    this.url = updateStatusUrl(settings.websocketUrl);
  }

  async deliver(notice: Notice): Promise<void> {
    const deadline = AbortSignal.timeout(POST_TIMEOUT_MS);
    for (const post of postsOf(notice, this.settings.artifactUrl)) await this.post(post, deadline);
  }

  private async post(post: StatusPost, signal: AbortSignal): Promise<void> {
    const response = await fetch(this.url, {
      method: 'POST', signal, redirect: 'error', body: JSON.stringify(post),
      headers: { 'content-type': 'application/json', ...(this.settings.apiKey === null ? {} : { 'x-api-key': this.settings.apiKey }) },
    }).catch((error: unknown) => {
      throw new DeliveryError(`the outside WebSocket server cannot be reached: ${reasonOf(error)}`, true);
    });
    await finish(response);
    if (response.ok) return;
    const isOutage = OUTAGE_STATUSES.has(response.status) || response.status >= SERVER_ERRORS_FROM;
    throw new DeliveryError(`the outside WebSocket server answered ${response.status}`, isOutage, retryAfterMs(response));
  }
}

/** `wss://host/base` → `https://host/base/api/update-status`, `ws` → `http`. */
export function updateStatusUrl(websocketUrl: string): string {
  const url = new URL(websocketUrl.replace(/^ws/i, 'http'));
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}/api/update-status`;
}

/** Reading a short answer to its end keeps the connection for the next post; a long one is not worth it. */
async function finish(response: Response): Promise<void> {
  const bytes = Number(response.headers.get('content-length') ?? Number.NaN);
  const end = bytes <= SHORT_ANSWER_BYTES ? response.arrayBuffer() : response.body?.cancel();
  await end?.catch(() => undefined);
}

function retryAfterMs(response: Response): number | undefined {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * MS_PER_SECOND : undefined;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return (cause as NodeJS.ErrnoException).code ?? cause.message;
  return error.name === 'TimeoutError' ? `no answer within ${POST_TIMEOUT_MS} ms` : error.message;
}
