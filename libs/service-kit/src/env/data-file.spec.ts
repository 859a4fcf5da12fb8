import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDataFile } from './data-file';
import { EnvError } from './load-env';

describe('readDataFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'data-file-'));
  const file = join(folder, 'data.json');
  afterAll(() => rmSync(folder, { recursive: true }));
  const read = (text: string | null, parse: (json: unknown) => unknown = (json) => json): unknown => {
    if (text !== null) writeFileSync(file, text);
    return readDataFile('SOME_FILE', text === null ? join(folder, 'none.json') : file, parse);
  };

  it('is null when the variable is not set, and what was parsed when it is', () => {
    expect(readDataFile('SOME_FILE', undefined, () => 1)).toBeNull();
    expect(read('[1, 2]', (json) => ({ json }))).toEqual({ json: [1, 2] });
  });

  it.each<[string, string | null, string]>([
    ['is not there', null, 'there is no such file'],
    ['is no JSON', '{', 'it is not JSON'],
    ['is too large', `"${'x'.repeat(4 * 1024 * 1024)}"`, 'more than'],
  ])('names the variable and the reason when the file %s', (_, text, words) => {
    expect(() => read(text)).toThrow(EnvError);
    expect(() => read(text)).toThrow(new RegExp(`SOME_FILE names a file that cannot be used: .*${words}`));
    expect(() => read(text)).not.toThrow(folder);
  });

  it('passes on what the reader of the content says', () => {
    expect(() => read('[]', () => { throw new Error('entry 1 has no name'); })).toThrow('SOME_FILE names a file that cannot be used: entry 1 has no name');
  });
});
