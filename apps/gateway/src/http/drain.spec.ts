import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drain } from './drain';

async function serve(handler: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('draining', () => {
  it('lets the request in hand finish and takes no other', async () => {
    let answer = (): void => undefined;
    let arrived = (): void => undefined;
    const isHere = new Promise<void>((resolve) => (arrived = resolve));
    const { server, url } = await serve((_request, response) => {
      answer = () => void response.end('done');
      arrived();
    });
    const inHand = fetch(url);
    await isHere;
    const draining = drain(server, 10_000);
    await expect(fetch(url)).rejects.toThrow();
    answer();
    expect(await (await inHand).text()).toBe('done');
    await draining;
  });

  it('does not wait for ever', async () => {
    let arrived = (): void => undefined;
    const isHere = new Promise<void>((resolve) => (arrived = resolve));
    const { server, url } = await serve(() => arrived());
    const waiting = fetch(url).catch(() => 'cut');
    await isHere;
    await drain(server, 60);
    server.closeAllConnections();
    expect(await waiting).toBe('cut');
  });
});
