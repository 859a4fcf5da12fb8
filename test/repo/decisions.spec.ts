import path from 'node:path';
import { codeFiles, filesBelow, read } from './source-files';

const FOLDER = 'docs/adr';
const INDEX = `${FOLDER}/README.md`;
const INVARIANTS = 10;
/** A test's name with the numbers of the invariants it shows, e.g. `(invariants 5, 6)`. */
const NAMED = /\b(?:it|test)(?:\.each\(.*\))?\((?:'(?:[^'\\]|\\.)*|`[^`]*)\(invariants? ([\d, ]+)\)/g;

const files = filesBelow();

describe('decisions on record', () => {
  const adrs = files.filter((file) => file.startsWith(`${FOLDER}/`) && file !== INDEX).sort();
  const titleOf = (file: string): string => /^# (.*)$/m.exec(read(file))?.[1] ?? '';

  it('are numbered without a gap and without a number twice, in name and title', () => {
    expect(adrs.map((file) => Number(path.posix.basename(file).slice(0, 4)))).toEqual(adrs.map((_file, index) => index + 1));
    expect(adrs.map((file) => Number(titleOf(file).split('.')[0]))).toEqual(adrs.map((_file, index) => index + 1));
  });

  it('stand in the list, one line each', () => {
    const listed = read(INDEX).split('\n').filter((line) => /^- \d/.test(line));
    expect(listed).toEqual(adrs.map((file) => `- ${titleOf(file).replace(/^(\d+\. )(.*)$/, `$1[$2](${path.posix.basename(file)})`)}`));
  });

  it('are referred to by names that exist', () => {
    const dangling = files.filter((file) => /\.(?:md|ts|tsx|mjs)$/.test(file)).flatMap((file) =>
      [...read(file).matchAll(/docs\/adr\/(\d{4}[a-z-]*(?:\.md)?)/g)].filter(([, name = '']) => !adrs.some((adr) => adr.startsWith(`${FOLDER}/${name}`))).map(([text]) => `${file}: ${text}`));
    expect(dangling).toEqual([]);
  });
});

describe('invariants', () => {
  const shown = codeFiles().filter((file) => /spec\.ts$|-contract\.ts$/.test(file))
    .flatMap((file) => [...read(file).matchAll(NAMED)].flatMap(([, numbers = '']) => numbers.split(',').map(Number)));

  it.each(Array.from({ length: INVARIANTS }, (_each, index) => index + 1))('%s stands in docs/invariants.md and has a test named after it', (number) => {
    expect(read('docs/invariants.md')).toMatch(new RegExp(`^${number}\\. `, 'm'));
    expect(shown).toContain(number);
  });
});
