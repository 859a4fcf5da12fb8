/*
 * `npm run docs:diagram`: writes the table of a run's legal moves into README.md, as the picture between the markers.
 * Without --write it prints the picture. Reads libs/core as built.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { at } from './places.mjs';

const OPEN = '<!-- state-diagram -->';
const CLOSE = '<!-- /state-diagram -->';
const README = at('README.md');

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

const core = at('libs/core/dist/index.js');
if (!existsSync(core)) fail('Build first: npm run build');
const { stateDiagram } = createRequire(import.meta.url)(core);
const picture = `\`\`\`mermaid\n${stateDiagram()}\n\`\`\``;

if (process.argv.includes('--write')) {
  const text = readFileSync(README, 'utf8');
  const [start, end] = [text.indexOf(OPEN), text.indexOf(CLOSE)];
  if (start < 0 || end < start) fail(`README.md has no place for the picture: ${OPEN} … ${CLOSE}`);
  writeFileSync(README, `${text.slice(0, start + OPEN.length)}\n${picture}\n${text.slice(end)}`);
} else process.stdout.write(`${picture}\n`);
