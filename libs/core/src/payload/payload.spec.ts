import { createHash } from 'node:crypto';
import { aPayload } from '../testing/factories';
import { payloadHash, type Payload } from './payload';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('payloadHash', () => {
  it('is the SHA-256 of the canonical payload', () => {
    const payload = { provider: 'replicate', model: 'owner/name', version: 'v1', input: { b: 2, a: 'ä' } };
    expect(payloadHash(payload, sha256)).toBe(sha256('{"input":{"a":"ä","b":2},"model":"owner/name","provider":"replicate","version":"v1"}'));
  });

  it('is the same for the same payload in another order, and covers nothing else', () => {
    const { provider, model, version, input } = aPayload({ input: { a: 1, b: [1, 2] } });
    const shuffled = { version, input: { b: [1, 2], a: 1 }, model, provider, extra: 'ignored' };
    expect(payloadHash(shuffled, sha256)).toBe(payloadHash({ provider, model, version, input }, sha256));
  });

  it.each<Partial<Payload>>([
    { provider: 'local' }, { model: 'scripted/slow' }, { version: '2' }, { input: { prompt: 'a red fox ' } }, { input: { prompt: ['a red fox'] } }, { input: {} },
  ])('changes with %j', (over) => {
    expect(payloadHash(aPayload(over), sha256)).not.toBe(payloadHash(aPayload(), sha256));
  });
});
