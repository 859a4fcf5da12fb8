import { refuseOrigin, type OriginFacts, type OriginRules } from './same-origin';

const LOCAL: OriginRules = { publicUrl: undefined, loopbackOnly: true };
const PUBLIC: OriginRules = { publicUrl: 'https://sign.example.com/', loopbackOnly: false };
const post = (facts: Partial<OriginFacts>): OriginFacts => ({ method: 'POST', host: '127.0.0.1:3000', origin: undefined, ...facts });

describe('same origin', () => {
  it.each([
    ['a program without origin', post({}), LOCAL],
    ['our own page', post({ origin: 'http://127.0.0.1:3000' }), LOCAL],
    ['our own page by its other name', post({ host: 'localhost:3000', origin: 'http://localhost:3000' }), LOCAL],
    ['our own page over IPv6', post({ host: '[::1]:3000', origin: 'http://[::1]:3000' }), LOCAL],
    ['our own page behind a proxy', post({ host: 'gateway:3000', origin: 'https://sign.example.com' }), PUBLIC],
    ['reading from elsewhere', post({ method: 'GET', origin: 'https://evil.example' }), LOCAL],
    ['a call-back by way of the public name', post({ host: 'sign.example.com' }), { ...PUBLIC, loopbackOnly: true }],
  ])('lets %s pass', (_who, facts, rules) => {
    expect(refuseOrigin(facts, rules)).toBeNull();
  });

  it.each([
    ['a page of another site', post({ origin: 'https://evil.example' }), LOCAL],
    ['a page of another port', post({ origin: 'http://127.0.0.1:4000' }), LOCAL],
    ['a sandboxed page', post({ origin: 'null' }), LOCAL],
    ['a name that only looks like ours', post({ host: 'sign.example.com', origin: 'https://sign.example.com.evil.example' }), PUBLIC],
    ['a name of somebody else that leads to this machine', post({ host: 'evil.example:3000', origin: 'http://evil.example:3000' }), LOCAL],
    ['reading under such a name', post({ method: 'GET', host: 'evil.example:3000' }), LOCAL],
  ])('refuses %s', (_who, facts, rules) => {
    expect(refuseOrigin(facts, rules)).not.toBeNull();
  });
});
