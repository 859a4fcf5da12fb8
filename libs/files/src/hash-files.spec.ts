import { startHttp } from '@countersign/testing';
import { createHash } from 'node:crypto';
import { GuardedFetch } from './fetch/guarded-fetch';
import { hashFiles, type HashSources } from './hash-files';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const nobody: HashSources['own'] = { sha256: () => Promise.resolve(null) };

describe('hashes of the files that an input names', () => {
  let asked = 0;
  let server: Awaited<ReturnType<typeof startHttp>>;
  beforeAll(async () => {
    server = await startHttp(({ path }) => {
      asked += 1;
      switch (path) {
        case '/gone': return { status: 404 };
        case '/never': return undefined;
        case '/page': return { headers: { 'content-type': 'text/html' }, body: '<!doctype html><p>now</p>' };
        default: return { body: path === '/long' ? 'x'.repeat(2_000) : 'a picture' };
      }
    });
  });
  afterAll(() => server.close());
  beforeEach(() => { asked = 0; });

  const sources = (over: Partial<HashSources> = {}): HashSources => ({
    own: nobody, totalMs: 20_000, fetch: new GuardedFetch({ allowHosts: [new URL(server.url).host], maxBytes: 1_000, timeoutMs: 20_000, maxRedirects: 1 }), ...over,
  });
  const hash = (paths: string[], over: Partial<HashSources> = {}) => hashFiles('default', paths.map((path, at) => ({ field: `f${at}`, url: path.startsWith('data:') ? path : `${server.url}${path}` })), sources(over));

  it('are of the bytes that the address gives now', async () => {
    expect(await hash(['/a'])).toEqual([{ field: 'f0', url: `${server.url}/a`, sha256: sha256('a picture') }]);
  });

  it('read an address that stands twice once, and data in the address not at all', async () => {
    expect(await hash(['/a', '/a', 'data:text/plain,x'])).toMatchObject([{ field: 'f0', sha256: sha256('a picture') }, { field: 'f1', sha256: sha256('a picture') }]);
    expect(asked).toBe(2); // its first bytes, then all of it
  });

  it('of our own files are known without reading them', async () => {
    expect(await hash(['/own'], { own: { sha256: () => Promise.resolve('abc') } })).toMatchObject([{ sha256: 'abc' }]);
    expect(asked).toBe(0);
  });

  it.each([['/gone', /status 404/], ['/long', /larger than/], ['/page', /page/], ['/never', /too long/]])('of what cannot be kept in mind (%s) are none, and say why', async (path, why) => {
    const patience = path === '/never' ? { totalMs: 400 } : {};
    expect(await hash([path], patience)).toEqual([{ field: 'f0', url: `${server.url}${path}`, sha256: null, why: expect.stringMatching(why) }]);
  });

  it('ask no address that is closed to us', async () => {
    const fetch = new GuardedFetch({ allowHosts: [], maxBytes: 1_000, timeoutMs: 1_000, maxRedirects: 1 });
    expect(await hash(['/a'], { fetch })).toMatchObject([{ sha256: null }]);
    expect(asked).toBe(0);
  });
});
