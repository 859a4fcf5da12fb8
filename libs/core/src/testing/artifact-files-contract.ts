/// <reference types="jest" />
import type { ArtifactFiles, FileRange } from '../ports/artifact-files';

/** SHA-256 test vectors of FIPS 180-2. */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const PNG_HEAD = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
const ROOMY = { maxBytes: 1_000_000 }; // far above what the suite writes

/** What every ArtifactFiles keeps to. Call it inside a `describe`; `make` gives an empty store. */
export function artifactFilesContract(make: () => Promise<ArtifactFiles>): void {
  let files: ArtifactFiles;
  beforeEach(async () => { files = await make(); });

  it('names a file by its content and gives the same bytes back', async () => {
    expect(await files.put(chunks('a', 'b', 'c'), ROOMY)).toMatchObject({ sha256: ABC, bytes: 3 });
    expect(await files.has(ABC)).toBe(true);
    expect(await textOf(files, ABC)).toBe('abc');
    expect(await files.open(ABC)).toMatchObject({ outcome: 'ok', bytes: 3, start: 0, end: 2 });
  });

  it('stores the same content once, also when two bring it at the same time', async () => {
    const both = await Promise.all([files.put(chunks('abc'), ROOMY), files.put(chunks('ab', 'c'), ROOMY)]);
    expect(both[0]).toEqual(both[1]);
    await files.remove(ABC);
    expect(await files.has(ABC)).toBe(false);
  });

  it('keeps an empty file', async () => {
    expect(await files.put(chunks(), ROOMY)).toMatchObject({ sha256: EMPTY, bytes: 0 });
    expect(await textOf(files, EMPTY)).toBe('');
  });

  it('takes exactly the limit and refuses one byte more, keeping nothing', async () => {
    await files.put(chunks('ab', 'c'), { maxBytes: 3 });
    await files.remove(ABC);
    await expect(files.put(chunks('ab', 'c'), { maxBytes: 2 })).rejects.toMatchObject({ code: 'file_too_large' });
    expect(await files.has(ABC)).toBe(false);
  });

  it('stops reading at the limit', async () => {
    let given = 0;
    const endless = (async function* (): AsyncIterable<Uint8Array> {
      for (;;) {
        given += 1;
        yield new Uint8Array(10);
      }
    })();
    await expect(files.put(endless, { maxBytes: 100 })).rejects.toMatchObject({ code: 'file_too_large' });
    expect(given).toBe(11);
  });

  it('passes on the error of a stream that breaks, keeping nothing', async () => {
    const broken = (async function* (): AsyncIterable<Uint8Array> {
      yield bytesOf('abc');
      throw new Error('the line went dead');
    })();
    await expect(files.put(broken, ROOMY)).rejects.toThrow('the line went dead');
    expect(await files.has(ABC)).toBe(false);
  });

  const ranges: [FileRange, string][] = [
    [{ start: 0, end: 0 }, 'a'], [{ start: 1 }, 'bc'], [{ start: 1, end: 99 }, 'bc'], [{ last: 1 }, 'c'], [{ last: 99 }, 'abc'],
  ];
  it.each(ranges)('gives the range %j', async (range, expected) => {
    await files.put(chunks('abc'), ROOMY);
    expect(await textOf(files, ABC, range)).toBe(expected);
    const opened = await files.open(ABC, range);
    expect(opened.outcome === 'ok' && opened.end - opened.start + 1).toBe(expected.length);
  });

  it.each<[FileRange]>([[{ start: 3 }], [{ start: 2, end: 1 }], [{ start: -1 }], [{ last: 0 }]])('says so when nothing lies in the range %j', async (range) => {
    await files.put(chunks('abc'), ROOMY);
    expect(await files.open(ABC, range)).toEqual({ outcome: 'bad_range', bytes: 3 });
  });

  it.each([ABC, ABC.toUpperCase(), '', '../../etc/passwd', `${ABC}/..`])('has nothing under the name %j', async (name) => {
    expect(await files.has(name)).toBe(false);
    expect(await files.open(name)).toEqual({ outcome: 'missing' });
    await files.remove(name);
  });

  it('tells a picture by its bytes', async () => {
    const picture = (async function* (): AsyncIterable<Uint8Array> { yield PNG_HEAD; })();
    expect(await files.put(picture, ROOMY)).toMatchObject({ mime: 'image/png', inlineSafe: true });
  });

  it.each(['<!DOCTYPE html><script>alert(1)</script>', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'])(
    'never calls %s something that a browser would run', async (text) => {
      const { mime, inlineSafe } = await files.put(chunks(text), ROOMY);
      expect(mime).not.toBe('text/html');
      expect(inlineSafe && mime !== 'text/plain').toBe(false);
    },
  );
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function* chunks(...texts: string[]): AsyncIterable<Uint8Array> {
  for (const text of texts) yield bytesOf(text);
}

async function textOf(files: ArtifactFiles, sha256: string, range?: FileRange): Promise<string> {
  const opened = await files.open(sha256, range);
  if (opened.outcome !== 'ok') throw new Error(opened.outcome);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of opened.stream) text += decoder.decode(chunk, { stream: true });
  return text;
}
