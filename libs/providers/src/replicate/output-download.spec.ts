import { OutputDownload, outputHostRule } from './output-download';
import type { ReplicateSettings } from './replicate-settings';
import { plainForm } from '../emulator/replicate-stage';

const TOKEN = 'r8_secret';
const API = 'https://api.replicate.com/v1';
const FILE = 'https://replicate.delivery/x/out.png';

interface Asked {
  url: string;
  authorization: string | null;
}

function download(answers: Record<string, (asked: Asked) => Response>, limits?: ConstructorParameters<typeof OutputDownload>[1]) {
  const asked: Asked[] = [];
  const fetcher: typeof fetch = async (input, init) => {
    const one = { url: String(input), authorization: new Headers(init?.headers).get('authorization') };
    asked.push(one);
    expect(init?.redirect).toBe('manual');
    return answers[one.url]?.(one) ?? new Response('not found', { status: 404 });
  };
  const settings: ReplicateSettings = { apiToken: TOKEN, baseUrl: API, webhookSecret: null, buildForm: plainForm, fetch: fetcher };
  return { asked, open: (url: string) => new OutputDownload(settings, limits).open(url, new AbortController().signal) };
}
const redirect = (location: string) => () => new Response(null, { status: 302, headers: { location } });

async function read(file: { read(): AsyncIterable<Uint8Array> }): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read()) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('outputHostRule', () => {
  const isOurs = outputHostRule('http://127.0.0.1:8787/v1');
  it.each([
    [FILE, true], ['https://pbxt.replicate.delivery/a', true], ['https://a.b.replicate.delivery/a', true], ['http://127.0.0.1:8787/delivery/a', true],
    ['https://REPLICATE.delivery/a', true],
    ['http://replicate.delivery/a', false], ['https://replicate.delivery:8443/a', false], ['https://xreplicate.delivery/a', false],
    ['https://replicate.delivery.evil.example/a', false], ['https://replicate.delivery@evil.example/a', false], ['https://user@replicate.delivery/a', false],
    ['https://replicate.com/a', false], ['http://127.0.0.1:8788/a', false], ['https://127.0.0.1:8787/a', false], ['http://localhost:8787/a', false],
    ['file:///etc/passwd', false], ['data:text/plain,hi', false], ['', false], ['https://replicate.delivery/a b', false], ['//replicate.delivery/a', false],
  ])('%s → %s', (url, ours) => {
    expect(isOurs(url)).toBe(ours);
  });
});

describe('OutputDownload', () => {
  it('reads a file without sending the token', async () => {
    const { asked, open } = download({ [FILE]: () => new Response('picture', { headers: { 'content-type': 'image/png; x=y', 'content-length': '7' } }) });
    const file = await open(FILE);
    expect(file).toMatchObject({ mime: 'image/png', bytes: 7 });
    expect(await read(file)).toBe('picture');
    expect(asked).toEqual([{ url: FILE, authorization: null }]);
  });

  it.each([401, 403])('sends the token after a %s', async (status) => {
    const { asked, open } = download({ [FILE]: (one) => (one.authorization ? new Response('ok') : new Response('no', { status })) });
    expect(await read(await open(FILE))).toBe('ok');
    expect(asked.map((one) => one.authorization)).toEqual([null, `Bearer ${TOKEN}`]);
  });

  it('follows a redirect among its own hosts', async () => {
    const { open } = download({ [FILE]: redirect('https://cdn.replicate.delivery/z'), 'https://cdn.replicate.delivery/z': () => new Response('there') });
    expect(await read(await open(FILE))).toBe('there');
  });

  it.each(['https://evil.example/x', 'http://replicate.delivery/x', 'http://169.254.169.254/'])('does not follow one to %s', async (location) => {
    const { asked, open } = download({ [FILE]: redirect(location) });
    await expect(open(FILE)).rejects.toThrow("is not one of the provider's hosts");
    expect(asked.map((one) => one.url)).toEqual([FILE]);
  });

  it('does not carry the token over a redirect to a foreign host', async () => {
    const { asked, open } = download({ [FILE]: (one) => (one.authorization ? redirect('https://evil.example/')() : new Response('', { status: 401 })) });
    await expect(open(FILE)).rejects.toThrow('evil.example');
    expect(asked.some((one) => one.url.includes('evil'))).toBe(false);
  });

  it('gives up on a ring of redirects', async () => {
    await expect(download({ [FILE]: redirect(FILE) }).open(FILE)).rejects.toThrow('more than 3 redirects');
  });

  it('refuses more bytes than the limit, told beforehand or not', async () => {
    const limits = { bytes: 4, headMs: 1000, totalMs: 1000, redirects: 0 };
    const told = download({ [FILE]: () => new Response('12345', { headers: { 'content-length': '5' } }) }, limits);
    await expect(told.open(FILE)).rejects.toThrow('the limit is 4');
    const untold = download({ [FILE]: () => new Response('12345') }, limits);
    await expect(read(await untold.open(FILE))).rejects.toThrow('more than 4 bytes');
  });

  it('says the status of what is gone', async () => {
    await expect(download({}).open(FILE)).rejects.toThrow('HTTP 404');
  });

  it('keeps the token out of its errors', async () => {
    const { open } = download({ [FILE]: () => { throw new Error(`cannot send Bearer ${TOKEN}`); } });
    await expect(open(FILE)).rejects.toThrow('cannot send Bearer [secret]');
  });
});
