import type { CallbackRequest } from '@countersign/core';
import { signedCallback } from '../emulator/replicate-stage';
import { readSignedCallback, signCallback } from './callback-signature';

const SECRET = `whsec_${Buffer.from('one secret of one account').toString('base64')}`;
const OTHER = `whsec_${Buffer.from('the secret of another one').toString('base64')}`;
const NOW = '2026-11-22T12:00:00.000Z';
const right = signedCallback({ id: 'abc123', status: 'succeeded' }, NOW, SECRET);
const with_ = (headers: Record<string, string | undefined>): CallbackRequest => ({ ...right, headers: { ...right.headers, ...headers } });
const signature = right.headers['webhook-signature'] ?? '';

it('agrees with the example of Standard Webhooks', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: new TextEncoder().encode('{"test": 2432232314}') };
  expect(signCallback(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

describe('readSignedCallback', () => {
  it.each<[string, CallbackRequest, string | null, string, unknown]>([
    ['right', right, SECRET, NOW, { ok: true, jobId: 'abc123' }],
    ['right, one of several signatures', with_({ 'webhook-signature': `v1,AAAA ${signature} v2,zzz` }), SECRET, NOW, { ok: true, jobId: 'abc123' }],
    ['right, secret without its prefix', right, SECRET.slice(6), NOW, { ok: true, jobId: 'abc123' }],
    ['four minutes late', right, SECRET, '2026-11-22T12:04:59.000Z', { ok: true, jobId: 'abc123' }],
    ['six minutes late', right, SECRET, '2026-11-22T12:06:00.000Z', { ok: false, reason: 'too_old' }],
    ['six minutes early', right, SECRET, '2026-11-22T11:54:00.000Z', { ok: false, reason: 'too_old' }],
    ['another account', right, OTHER, NOW, { ok: false, reason: 'bad_signature' }],
    ['another scheme', with_({ 'webhook-signature': signature.replace('v1,', 'v1a,') }), SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['no scheme', with_({ 'webhook-signature': signature.slice(3) }), SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['a cut signature', with_({ 'webhook-signature': signature.slice(0, 20) }), SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['another id', with_({ 'webhook-id': 'msg_2' }), SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['another time', with_({ 'webhook-timestamp': String(Date.parse(NOW) / 1000 + 1) }), SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['one space more in the body', { ...right, rawBody: new Uint8Array([...right.rawBody, 32]) }, SECRET, NOW, { ok: false, reason: 'bad_signature' }],
    ['no signature', with_({ 'webhook-signature': undefined }), SECRET, NOW, { ok: false, reason: 'malformed' }],
    ['no number as time', with_({ 'webhook-timestamp': 'now' }), SECRET, NOW, { ok: false, reason: 'malformed' }],
    ['no id in a signed body', signedCallback({ status: 'succeeded' }, NOW, SECRET), SECRET, NOW, { ok: false, reason: 'malformed' }],
    ['an id that is a path', signedCallback({ id: '../admin' }, NOW, SECRET), SECRET, NOW, { ok: false, reason: 'malformed' }],
    ['no secret', right, null, NOW, { ok: false, reason: 'not_configured' }],
    ['an empty secret', right, 'whsec_', NOW, { ok: false, reason: 'not_configured' }],
    ['a secret that is no base64', right, 'whsec_ä', NOW, { ok: false, reason: 'not_configured' }],
  ])('%s', (...[, request, secret, now, reading]) => {
    expect(readSignedCallback(request, secret, now)).toEqual(reading);
  });
});
