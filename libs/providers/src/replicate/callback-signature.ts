/*
 * What this is: Standard Webhooks signatures as Replicate uses them: HMAC-SHA256 over `id.timestamp.raw body`, key = the
 * secret after `whsec_`, base64. Headers webhook-id, webhook-timestamp (unix seconds), webhook-signature (`v1,<base64>`,
 * space-separated).
 * Invariant: only the job id is taken from a call-back, and only after signature and age were found right.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { CallbackReading, CallbackRequest, Instant } from '@countersign/core';
import { jobIdOf } from './prediction-state';
import { parseBody } from '../http/refusal';

const TOLERANCE_MS = 300_000; // five minutes: the convention of Standard Webhooks
const MAX_SIGNATURES = 10; // one per valid secret while a secret is being changed
const PREFIX = 'whsec_';

export function readSignedCallback(request: CallbackRequest, secret: string | null, now: Instant): CallbackReading {
  const key = keyOf(secret);
  if (!key) return { ok: false, reason: 'not_configured' };
  const id = request.headers['webhook-id'];
  const timestamp = request.headers['webhook-timestamp'];
  const signatures = request.headers['webhook-signature'];
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return { ok: false, reason: 'malformed' };
  if (!isSigned(`${id}.${timestamp}.`, request.rawBody, signatures, key)) return { ok: false, reason: 'bad_signature' };
  if (Math.abs(Date.parse(now) - Number(timestamp) * 1000) > TOLERANCE_MS) return { ok: false, reason: 'too_old' };
  const jobId = jobIdOf(parseBody(Buffer.from(request.rawBody).toString('utf8')));
  return jobId === null ? { ok: false, reason: 'malformed' } : { ok: true, jobId };
}

/** The header value for a message; the emulator and tests sign with it. */
export function signCallback(message: { id: string; timestamp: number; body: Uint8Array }, secret: string): string {
  const key = keyOf(secret);
  if (!key) throw new Error('the webhook secret is not whsec_ and base64');
  return `v1,${mac(`${message.id}.${message.timestamp}.`, message.body, key).toString('base64')}`;
}

function keyOf(secret: string | null): Buffer | null {
  const text = secret?.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  if (!text || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return null;
  const key = Buffer.from(text, 'base64');
  return key.byteLength === 0 ? null : key;
}

function mac(prefix: string, body: Uint8Array, key: Buffer): Buffer {
  return createHmac('sha256', key).update(prefix).update(body).digest();
}

function isSigned(prefix: string, body: Uint8Array, signatures: string, key: Buffer): boolean {
  const right = mac(prefix, body, key);
  let found = false;
  for (const each of signatures.split(' ').slice(0, MAX_SIGNATURES)) {
    const [scheme, value] = each.split(',');
    if (scheme !== 'v1' || !value) continue;
    const given = Buffer.from(value, 'base64');
    if (given.byteLength === right.byteLength && timingSafeEqual(given, right)) found = true;
  }
  return found;
}
