import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GuardedFetch } from './guarded-fetch';
import type { GuardedFetchOptions } from './guarded-fetch';
import { isPublicAddress } from './address-rules';
import type { ResolvedAddress } from './pinned-lookup';

const CONTENT = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
const GIF = Buffer.from('GIF89a\x10\0\x20\0\0\0\0', 'latin1');
const HERE: ResolvedAddress[] = [{ address: '127.0.0.1', family: 4 }];

let server: Server;
let port: number;
let requests: string[] = [];

type Page = (request: IncomingMessage, response: ServerResponse) => void;
const redirectTo = (location: string): Page => (_, response) => response.writeHead(302, { location }).end();

const PAGES: Record<string, Page> = {
  '/content': (_, response) => response.writeHead(200, { 'content-length': CONTENT.length, 'content-type': 'application/x-thing; a=b' }).end(CONTENT),
  '/ranged': (request, response) => {
    const last = Number(/bytes=0-(\d+)/.exec(request.headers.range ?? '')?.[1] ?? CONTENT.length - 1);
    response.writeHead(request.headers.range ? 206 : 200, { 'content-range': `bytes 0-${last}/${CONTENT.length}` }).end(CONTENT.subarray(0, last + 1));
  },
  '/pictures/a%20cat.gif': (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(GIF),
  '/empty': (request, response) => response.writeHead(request.headers.range ? 416 : 200, { 'content-range': 'bytes */0' }).end(),
  '/endless': (_, response) => {
    response.writeHead(200);
    const more = (): void => { while (!response.destroyed && response.write(CONTENT)); };
    response.on('drain', more);
    more();
  },
  '/silent': () => undefined,
  '/dripping': (_, response) => {
    response.writeHead(200, { 'content-length': 9_999 });
    response.write('x');
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': 9_999 });
    response.write('x', () => response.destroy());
  },
  '/gone': (_, response) => response.writeHead(404).end('no'),
  '/loop': redirectTo('/loop'),
  '/relative': redirectTo('content'),
  '/to-metadata': redirectTo('http://169.254.169.254/latest/meta-data'),
  '/to-file': redirectTo('file:///etc/passwd'),
  '/to-nothing': redirectTo('http://['),
};

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    (PAGES[request.url ?? ''] ?? PAGES['/gone'])?.(request, response);
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  port = (server.address() as AddressInfo).port;
});
beforeEach(() => { requests = []; });
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => { server.close(resolve); });
});

function fetchWith(more: Partial<GuardedFetchOptions> = {}): GuardedFetch {
  return new GuardedFetch({ allowHosts: [`127.0.0.1:${port}`], maxBytes: 20_000, timeoutMs: 10_000, maxRedirects: 3, ...more });
}
const here = (path: string): string => `http://127.0.0.1:${port}${path}`;

async function contentOf(fetch: GuardedFetch, url: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await fetch.open(url)).read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('GuardedFetch', () => {
  it('reads a file, as often as it is asked to', async () => {
    const file = await fetchWith().open(here('/content'));
    expect(file).toMatchObject({ mime: 'application/x-thing', bytes: CONTENT.length, name: 'content' });
    for (const _ of [1, 2]) {
      let bytes = 0;
      for await (const chunk of file.read()) bytes += chunk.byteLength;
      expect(bytes).toBe(CONTENT.length);
    }
    expect(await contentOf(fetchWith(), here('/relative'))).toEqual(CONTENT);
  });

  it('observes type, size and measure from the first bytes, whatever the server claims', async () => {
    const url = here('/pictures/a%20cat.gif');
    expect(await fetchWith().observe(url)).toEqual({ url, outcome: 'ok', mime: 'image/gif', bytes: null, width: 16, height: 32 });
    expect((await fetchWith().open(url)).name).toBe('a cat.gif');
    expect(await fetchWith().observe(here('/ranged'))).toMatchObject({ outcome: 'ok', bytes: CONTENT.length });
    expect(await fetchWith().observe(here('/empty'))).toMatchObject({ outcome: 'ok', bytes: 0 });
  });

  it.each([
    ['/gone', 'unreachable', /404/], ['/loop', 'unreachable', /more than 3 times/], ['/to-metadata', 'not_allowed', /169\.254\.169\.254/],
    ['/to-file', 'not_a_url', /file:/], ['/to-nothing', 'unreachable', /no address/], ['/cut', 'unreachable', /cannot be reached/],
  ])('observes what is wrong with %s', async (path, outcome, detail) => {
    expect(await fetchWith().observe(here(path))).toMatchObject({ outcome, detail: expect.stringMatching(detail) });
  });

  it.each(['http://127.0.0.1:1/', 'http://[::1]:1/', 'http://2130706433:1/', 'http://localhost:1/'])('refuses %s without a request', async (url) => {
    await expect(fetchWith().open(url)).rejects.toMatchObject({ code: 'address_not_allowed' });
  });

  it('says so when nobody listens', async () => {
    await expect(fetchWith({ allowHosts: ['127.0.0.1:1'] }).open('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'file_unreachable', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('refuses a file by the size it is said to have', async () => {
    expect(await fetchWith({ maxBytes: 9_999 }).observe(here('/content'))).toMatchObject({ outcome: 'too_large' });
    expect(await fetchWith({ maxBytes: 9_999 }).observe(here('/ranged'))).toMatchObject({ outcome: 'too_large' });
  });

  it('stops reading a file that never ends', async () => {
    await expect(contentOf(fetchWith(), here('/endless'))).rejects.toMatchObject({ code: 'file_too_large' });
  });

  it.each(['/silent', '/dripping'])('gives up on %s in time', async (path) => {
    expect(await fetchWith({ timeoutMs: 100 }).observe(here(path))).toMatchObject({ outcome: 'unreachable', detail: expect.stringContaining('100 ms') });
  });

  it('gives up on a resolver that does not answer', async () => {
    const fetch = fetchWith({ timeoutMs: 50, resolve: () => new Promise(() => undefined) });
    await expect(fetch.open('https://example.com/')).rejects.toMatchObject({ code: 'file_unreachable' });
  });

  it('refuses a name when one of its addresses is not public', async () => {
    const resolve = async (): Promise<ResolvedAddress[]> => [{ address: '93.184.216.34', family: 4 }, { address: '::1', family: 6 }];
    await expect(fetchWith({ resolve }).open('https://example.com/')).rejects.toMatchObject({ code: 'address_not_allowed' });
  });

  it('says so when a name has no address', async () => {
    await expect(fetchWith({ resolve: async () => [] }).open('https://example.com/')).rejects.toMatchObject({ code: 'file_unreachable', message: 'example.com cannot be found.' });
  });

  describe('against a name whose answer changes (DNS rebinding)', () => {
    /** 127.0.0.1 plays the public server here; the second answer is where the attacker wants us to go. */
    function rebinding(): { fetch: GuardedFetch; asked: () => number } {
      let asked = 0;
      const resolve = async (): Promise<ResolvedAddress[]> => (asked++ === 0 ? HERE : [{ address: '169.254.169.254', family: 4 }]);
      const isPublic = (address: string): boolean => address === '127.0.0.1' || isPublicAddress(address);
      return { fetch: fetchWith({ allowHosts: [], resolve, isPublic }), asked: () => asked };
    }

    it('connects to the address that was judged and asks DNS no second time', async () => {
      const { fetch, asked } = rebinding();
      expect(await fetch.observe(`http://rebind.example.com:${port}/content`)).toMatchObject({ outcome: 'ok' });
      expect(asked()).toBe(1);
      expect(requests).toEqual(['/content']);
    });

    it('judges the new answer after a redirect to the same name', async () => {
      const { fetch } = rebinding();
      expect(await fetch.observe(`http://rebind.example.com:${port}/relative`)).toMatchObject({ outcome: 'not_allowed' });
      expect(requests).toEqual(['/relative']);
    });

    it('judges the new answer when the file is read after it was looked at', async () => {
      const { fetch } = rebinding();
      await expect(contentOf(fetch, `http://rebind.example.com:${port}/content`)).rejects.toMatchObject({ code: 'address_not_allowed' });
      expect(requests).toEqual(['/content']);
    });
  });

  it('refuses a redirect from a public server to this machine', async () => {
    PAGES['/to-loopback'] = redirectTo(here('/content'));
    const fetch = fetchWith({ allowHosts: [], resolve: async () => HERE, isPublic: () => true });
    expect(await fetch.observe(`http://public.example.com:${port}/to-loopback`)).toMatchObject({ outcome: 'not_allowed' });
    expect(requests).toEqual(['/to-loopback']);
  });
});
