import { freePort } from './free-port';
import { startHttp } from './start-http';

describe('startHttp', () => {
  it('hands over whole requests, keeps them and answers JSON, text and nothing', async () => {
    const server = await startHttp(({ path }) => {
      if (path === '/json') return { status: 201, body: { ok: true } };
      return path === '/text' ? { headers: { 'x-kind': 'text' }, body: 'plain' } : {};
    });
    try {
      const json = await fetch(`${server.url}/json`, { method: 'POST', body: 'sent' });
      expect([json.status, await json.json()]).toEqual([201, { ok: true }]);
      const text = await fetch(`${server.url}/text`);
      expect([text.headers.get('x-kind'), await text.text()]).toEqual(['text', 'plain']);
      expect((await fetch(server.url)).status).toBe(200);
      expect(server.requests.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
        ['POST', '/json', 'sent'], ['GET', '/text', ''], ['GET', '/', ''],
      ]);
    } finally {
      await server.close();
    }
  });

  it('answers 500 when the handler fails, and leaves cut connections cut', async () => {
    const server = await startHttp(({ path, cut }) => {
      if (path === '/cut') cut();
      else throw new Error('broken');
      return undefined;
    }, await freePort());
    try {
      expect((await fetch(server.url)).status).toBe(500);
      await expect(fetch(`${server.url}/cut`)).rejects.toThrow('fetch failed');
    } finally {
      await server.close();
    }
  });
});
