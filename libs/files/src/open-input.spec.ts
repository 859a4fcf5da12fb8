import { FileError } from '@countersign/core';
import type { InputFile } from '@countersign/core';
import { createObserveInput, createOpenInput } from './open-input';

const fileOf = (text: string): InputFile => ({ mime: 'text/plain', bytes: text.length, name: null, read: async function* () { yield Buffer.from(text); } });

const sources = {
  own: async (url: string): Promise<InputFile | null> => {
    if (url.endsWith('/broken')) throw new Error('disk on fire');
    return url.includes('/artifacts/') ? fileOf('ours') : null;
  },
  fetch: {
    open: async (url: string): Promise<InputFile> => fileOf(url),
    observe: async (url: string) => ({ url, outcome: 'unreachable' as const, detail: 'no web here' }),
  },
};

it.each([
  ['http://10.0.0.1:3000/artifacts/1', 4],
  ['data:,words', 5],
  ['https://example.com/', 20],
])('opens %s', async (url, bytes) => {
  expect((await createOpenInput(sources)(url)).bytes).toBe(bytes);
});

it('keeps data URLs to their limit', async () => {
  const openInput = createOpenInput({ ...sources, maxDataUrlBytes: 2 });
  await expect(openInput('data:,words')).rejects.toThrow(FileError);
});

it.each([
  ['http://10.0.0.1:3000/artifacts/1', { outcome: 'ok', mime: 'text/plain', bytes: 4 }],
  ['data:,words', { outcome: 'ok', mime: 'text/plain', bytes: 5 }],
  ['data:broken', { outcome: 'not_a_url' }],
  ['https://example.com/', { outcome: 'unreachable', detail: 'no web here' }],
  ['https://example.com/broken', { outcome: 'unreachable', detail: 'The file cannot be read.' }],
])('observes %s', async (url, expected) => {
  expect(await createObserveInput(sources)(url)).toMatchObject({ url, ...expected });
});
