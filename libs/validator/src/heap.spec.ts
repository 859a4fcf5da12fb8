import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const LIMIT = 120_000; // ms; the work itself takes a few seconds on a quiet machine
/** What ten thousand reports may leave behind: less than 55 bytes each, so that nothing of a report can stay. */
const GROWTH = 512 * 1024; // bytes

interface Heap { reports: number; before: number; halfway: number; after: number }

test('ten thousand mixed reports leave nothing behind', () => {
  const out = execFileSync(process.execPath, ['--expose-gc', '-C', '@countersign/source', '-r', resolve(__dirname, 'testing/compile-sources.cjs'), resolve(__dirname, 'testing/heap-of-reports.ts')], { encoding: 'utf8', timeout: LIMIT });
  const { reports, before, halfway, after } = JSON.parse(out) as Heap;
  process.stdout.write(`heap: ${Math.round(before / 1024)} KiB before, ${Math.round(halfway / 1024)} halfway, ${Math.round(after / 1024)} after ${reports} reports\n`);
  expect(after - before).toBeLessThan(GROWTH);
  expect(after - halfway).toBeLessThan(GROWTH);
}, LIMIT);
