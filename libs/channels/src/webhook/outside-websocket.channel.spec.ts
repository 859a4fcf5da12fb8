import { DeliveryError } from '@countersign/core';
import { startHttp, type HttpAnswer, type HttpServer } from '@countersign/testing';
import { sampleApproval, sampleNotice } from '../testing/sample-notice';
import { OutsideWebsocketChannel } from './outside-websocket.channel';

describe('OutsideWebsocketChannel', () => {
  let server: HttpServer;
  let answer: HttpAnswer | 'cut' = {};
  beforeAll(async () => {
    server = await startHttp((request) => {
      if (answer !== 'cut') return answer;
      request.cut();
      return undefined;
    });
  });
  afterAll(() => server.close());

  const channel = (): OutsideWebsocketChannel =>
    new OutsideWebsocketChannel({ websocketUrl: server.url.replace('http', 'ws'), apiKey: 'key-1', artifactUrl: (id) => id });

  it('posts to /api/update-status with its key', async () => {
    answer = { status: 200, body: { ok: true } };
    await channel().deliver(sampleNotice('asked', { approval: sampleApproval() }));
    const last = server.requests.at(-1);
    expect(last).toMatchObject({ method: 'POST', path: '/api/update-status' });
    expect(last?.headers).toMatchObject({ 'x-api-key': 'key-1', 'content-type': 'application/json' });
    expect(Object.keys(JSON.parse(last?.body.toString() ?? '') as object)).toEqual(['sessionId', 'userId', 'status', 'action', 'message', 'data']);
  });

  it.each<[string, HttpAnswer | 'cut', boolean, number | undefined]>([
    ['a server error', { status: 503, headers: { 'retry-after': '7' } }, true, 7_000],
    ['a wrong key', { status: 401 }, true, undefined],
    ['a message it does not want', { status: 400 }, false, undefined],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, true, undefined],
    ['a broken connection', 'cut', true, undefined],
  ])('is not delivered after %s', async (_what, given, isOutage, retryAfterMs) => {
    answer = given;
    const error: unknown = await channel().deliver(sampleNotice('started')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeliveryError);
    expect(error).toMatchObject({ isOutage, retryAfterMs });
    expect(String(error)).not.toContain('key-1');
  });
});
