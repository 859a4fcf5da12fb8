import { startGateway, type GatewayStage } from '../testing/gateway-stage';

describe('the doorstep of the gateway', () => {
  let stage: GatewayStage;
  beforeAll(async () => {
    stage = await startGateway({ JSON_BODY_LIMIT_BYTES: '4096' });
  });
  afterAll(() => stage.close());

  it('answers an unknown path with a problem that carries the caller\'s request id', async () => {
    const answer = await stage.call('GET', '/nowhere', { headers: { 'x-request-id': 'mine-1' } });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(answer.body).toMatchObject({ code: 'NOT_FOUND', status: 404, request_id: 'mine-1' });
  });

  it('makes a request id where none, or an unusable one, came', async () => {
    const answer = await stage.call('GET', '/nowhere', { headers: { 'x-request-id': 'a b"' } });
    expect(answer.body.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    ['a body that is too large', `{"a":"${'x'.repeat(5000)}"}`, 413, 'BODY_TOO_LARGE'],
    ['a body that is not JSON', '{"a":', 422, 'VALIDATION_FAILED'],
    ['a NUL character', '{"a":{"b":"x\\u0000"}}', 422, 'VALIDATION_FAILED'],
    ['half of a surrogate pair', '{"a":["\\ud800"]}', 422, 'VALIDATION_FAILED'],
    ['a name that reaches for the prototype', '{"a":{"__proto__":{"x":1}}}', 422, 'VALIDATION_FAILED'],
    ['a body that nests too deeply', `${'['.repeat(60)}${']'.repeat(60)}`, 422, 'VALIDATION_FAILED'],
  ])('refuses %s', async (_what, body, status, code) => {
    const answer = await stage.call('POST', '/hitl/run', { body });
    expect(answer.status).toBe(status);
    expect(answer.body.code).toBe(code);
  });

  it('takes JSON only, and no body for an empty one', async () => {
    const form = await stage.call('POST', '/hitl/run', { body: 'a=1', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([form.status, form.body.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
    expect((await stage.call('POST', '/hitl/run')).body.errors?.map(({ field }) => field)).toContain('run_input');
  });

  it('serves the page of the inbox where it was built, under its strict policy', async () => {
    const { status, headers } = await stage.call('GET', '/');
    expect([200, 404]).toContain(status);
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect((await stage.call('GET', '/docs')).headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe/);
  });

  it('names the field of unclean text', async () => {
    const answer = await stage.call('POST', '/hitl/run', { body: '{"a":{"b":"x\\u0000"}}' });
    expect(answer.body.errors).toEqual([expect.objectContaining({ field: 'a.b', code: 'unclean_text' })]);
  });

  it('refuses changes that come from a page of another site, and serves its own', async () => {
    const foreign = await stage.call('POST', '/hitl/run', { body: {}, headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(foreign.body.code).toBe('FORBIDDEN');
    const own = await stage.call('POST', '/hitl/run', { body: {}, headers: { origin: stage.url } });
    expect(own.status).not.toBe(403);
  });

  it('sends a content security policy and nosniff with every answer', async () => {
    const { headers } = await stage.call('GET', '/nowhere');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('describes itself at /docs-json', async () => {
    const { status, body } = await stage.call<{ openapi: string }>('GET', '/docs-json');
    expect(status).toBe(200);
    expect(body.openapi).toMatch(/^3\./);
    expect((await stage.call('GET', '/docs')).status).toBe(200);
  });
});
