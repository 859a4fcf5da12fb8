import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { quickest } from '@countersign/core/testing';

/** Time one expression may take on any of the texts: linear ones take under a millisecond, exponential ones for ever. */
const MS = 150;
const LENGTH = 20_000; // characters, more than any text that reaches an expression uncut has
/** Expressions that are built while running; each is tested where it is used. */
const BUILT = ['fixes/safe-pattern.ts', 'respond/tokens.ts', 'safety/pii.rules.ts'];

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !file.startsWith('testing') && !file.startsWith('right-answers'));

interface Found { where: string; source: string; flags: string }

function expressionsIn(file: string): { found: Found[]; built: boolean } {
  const root = ts.createSourceFile(file, readFileSync(join(__dirname, file), 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: Found[] = [];
  let built = false;
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ where: `${relative('.', file)}:${root.getLineAndCharacterOfPosition(node.getStart()).line + 1}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    if (ts.isNewExpression(node) && node.expression.getText() === 'RegExp') built = true;
    ts.forEachChild(node, walk);
  };
  walk(root);
  return { found, built };
}

/** Pieces that make a backtracking expression repeat itself: its own letters and what its classes match, over and over. */
function pieces(source: string): string[] {
  const letters = source.replace(/\\[pP]\{[^}]*\}|\\[a-zA-Z]|[\\^$.*+?()[\]{}|:<>=!]/g, '');
  const words = letters.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
  return [...new Set(['a', 'A1', '0', '1.', '-', ' ', '\n', '\t ', '1x', '_', '/', 'é', '%2', '[', '"', 'http://a', ...letters.slice(0, 12), ...words.slice(0, 6), ...words.slice(0, 3).map((word) => `${word} `)])];
}

const all = files.map((file) => ({ file, ...expressionsIn(file) }));
const found = all.flatMap((one) => one.found);

test('the expressions built while running are the known ones', () => {
  expect(all.filter(({ built }) => built).map(({ file }) => file).sort()).toEqual([...BUILT].sort());
});

test(`each of the ${found.length} expressions ends in time on long hostile texts`, () => {
  const slow = found.flatMap(({ where, source, flags }) => {
    const times = pieces(source).flatMap((piece) => ['', '!', '\u0000'].map((end) => {
      const text = piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH) + end;
      return { piece, took: quickest(() => text.replace(new RegExp(source, flags.includes('g') ? flags : `${flags}g`), ''), MS) };
    }));
    const worst = times.reduce((a, b) => (b.took > a.took ? b : a));
    return worst.took > MS ? [`${where} /${source}/${flags} on ${JSON.stringify(worst.piece)}: ${worst.took.toFixed(0)} ms`] : [];
  });
  expect(found.length).toBeGreaterThan(20);
  expect(slow).toEqual([]);
});

test('the measure would see a slow one', () => {
  const from = performance.now();
  /^(a|aa)+$/.test(`${'a'.repeat(32)}!`);
  expect(performance.now() - from).toBeGreaterThan(5);
});
