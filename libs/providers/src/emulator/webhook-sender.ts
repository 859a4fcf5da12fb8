/*
 * What this is: call-backs as Replicate posts them: the prediction itself as body, signed, retried a few times on no 2xx,
 * redirects not followed, order not promised.
 */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@countersign/core';
import { signCallback } from '../replicate/callback-signature';
import type { Faults, WebhookFault } from './faults';

const TRIES = 3; // "a few times", says the documentation
const RETRY_AFTER_MS = 200; // short: the receiver is on this machine
const ANSWER_WITHIN_MS = 5_000; // "within a few seconds"

export interface SentWebhook {
  url: string;
  event: WebhookFault['event'];
  predictionId: string;
  /** null = nobody answered. */
  status: number | null;
}

export class WebhookSender {
  /** Every try, in order. */
  readonly sent: SentWebhook[] = [];
  private readonly held = new Map<string, (() => Promise<void>)[]>();
  private readonly stop = new AbortController();

  constructor(private readonly secret: string, private readonly faults: Faults) {}

  close(): void {
    this.stop.abort();
  }

  async send(url: string, event: WebhookFault['event'], prediction: JsonObject): Promise<void> {
    const id = String(prediction['id']);
    const message = { id: `msg_${randomBytes(12).toString('hex')}`, body: Buffer.from(JSON.stringify(prediction)) };
    const deliver = (): Promise<void> => this.deliver({ url, event, predictionId: id }, message);
    const fault = this.faults.takeWebhook(event);
    if (fault?.do === 'withhold') return;
    if (fault?.do === 'late') await this.pause(fault.ms);
    if (fault?.do === 'after_next') {
      this.held.set(id, [...(this.held.get(id) ?? []), deliver]);
      return;
    }
    await deliver();
    if (fault?.do === 'duplicate') await deliver();
    const late = this.held.get(id) ?? [];
    this.held.delete(id);
    for (const each of late) await each();
  }

  private async deliver(what: Omit<SentWebhook, 'status'>, message: { id: string; body: Buffer }): Promise<void> {
    for (let attempt = 1; attempt <= TRIES && !this.stop.signal.aborted; attempt += 1) {
      const status = await this.post(what.url, message);
      this.sent.push({ ...what, status });
      if (status !== null && status >= 200 && status < 300) return;
      if (attempt < TRIES) await this.pause(RETRY_AFTER_MS * attempt);
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => void setTimeout(resolve, ms).unref());
  }

  private async post(url: string, { id, body }: { id: string; body: Buffer }): Promise<number | null> {
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signCallback({ id, timestamp, body }, this.secret),
    };
    try {
      const signal = AbortSignal.any([this.stop.signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
      const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body), redirect: 'manual', signal });
      await response.body?.cancel();
      return response.status;
    } catch {
      return null;
    }
  }
}
