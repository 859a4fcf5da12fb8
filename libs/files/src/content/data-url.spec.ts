import fc from 'fast-check';
import { readDataUrl } from './data-url';

async function contentOf(url: string, maxBytes = 1_000): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readDataUrl(url, maxBytes).read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

it('gives any bytes back, base64 or percent-encoded', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
    const data = Buffer.from(bytes);
    const percent = [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    expect(await contentOf(`data:application/x-thing;base64,${data.toString('base64')}`)).toEqual(data);
    expect(await contentOf(`data:;base64,${encodeURIComponent(data.toString('base64'))}`)).toEqual(data);
    expect(await contentOf(`data:,${percent}`)).toEqual(data);
  }));
});

it.each([
  ['data:text/csv;charset=utf-8,a%2Cb', 'text/csv'],
  ['data:,plain words', 'text/plain'],
  ['data:image/jpeg;base64,iVBORw0KGgoAAAANSUhEUg==', 'image/png'],
  ['data:application/x-model;base64,AAECAwQ=', 'application/x-model'],
])('tells the type of %s as %s', (url, mime) => {
  expect(readDataUrl(url, 1_000).mime).toBe(mime);
});

it.each(['data:', 'data:image/png;base64', 'data:image/png;base64,a', 'data:;base64,!!!!', 'data:;base64,ab=c', `data:${'x'.repeat(300)},x`])('refuses %s', (url) => {
  expect(() => readDataUrl(url, 1_000)).toThrow(expect.objectContaining({ code: 'not_a_url' }));
});

it.each(['data:,12345', 'data:;base64,MTIzNDU=', `data:;base64,${'A'.repeat(100_000)}`, `data:,${'%41'.repeat(100_000)}`])('refuses %s when it is too large', (url) => {
  expect(() => readDataUrl(url, 4)).toThrow(expect.objectContaining({ code: 'file_too_large' }));
});

it('takes exactly the limit', async () => {
  expect((await contentOf('data:;base64,MTIzNDU=', 5)).toString()).toBe('12345');
  expect((await contentOf('data:,12345', 5)).toString()).toBe('12345');
});
