import type { AiProvider } from '@countersign/core';
import { aLaunch } from '@countersign/core/testing';
import { callbackUrlOf } from './callback-url';

const SECRET = 'whsec_dGVzdC1zZWNyZXQ=';
const REMOTE = 'https://api.replicate.com/v1';
const calling = (callbacks: boolean): AiProvider => ({ name: 'replicate', capabilities: { callbacks } }) as unknown as AiProvider;

describe('the call-back address', () => {
  const launch = aLaunch({ callbackToken: 'to/ken+=&' });
  const urlOf = (env: Parameters<typeof callbackUrlOf>[0], callbacks = true): string | null => callbackUrlOf(env)(launch, calling(callbacks));

  it('names the provider and the launch, and carries the token that proves them', () => {
    const url = new URL(urlOf({ PUBLIC_URL: 'https://me.example/base', REPLICATE_WEBHOOK_SECRET: SECRET, REPLICATE_BASE_URL: REMOTE }) ?? '');
    expect(url.origin + url.pathname).toBe(`https://me.example/webhooks/replicate/${launch.launchId}`);
    expect([...url.searchParams]).toEqual([['token', 'to/ken+=&']]);
  });

  it.each([
    ['nobody said how the house is reached', { REPLICATE_WEBHOOK_SECRET: SECRET, REPLICATE_BASE_URL: REMOTE }],
    ['there is no secret to check signatures with', { PUBLIC_URL: 'https://me.example', REPLICATE_BASE_URL: REMOTE }],
    ['the address is plain http and the provider is far away', { PUBLIC_URL: 'http://me.example', REPLICATE_WEBHOOK_SECRET: SECRET, REPLICATE_BASE_URL: REMOTE }],
  ])('is not given when %s', (_why, env) => expect(urlOf(env)).toBeNull());

  it('is not given to a provider that never calls back', () => {
    expect(urlOf({ PUBLIC_URL: 'https://me.example', REPLICATE_WEBHOOK_SECRET: SECRET, REPLICATE_BASE_URL: REMOTE }, false)).toBeNull();
  });

  it.each(['http://127.0.0.1:9000/v1', 'http://localhost:9000/v1', 'http://[::1]:9000/v1'])('may be plain http for a provider on this machine (%s)', (provider) => {
    expect(urlOf({ PUBLIC_URL: 'http://127.0.0.1:3000', REPLICATE_WEBHOOK_SECRET: SECRET, REPLICATE_BASE_URL: provider })).toContain('http://127.0.0.1:3000/webhooks/');
  });
});
