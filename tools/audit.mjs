/*
 * node tools/audit.mjs verify|export ARGS…: `npm run audit:verify` and `npm run audit:export`. An export or a receipt is
 * checked without any server; everything else needs the database.
 */
import './check-node.mjs';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { at } from './places.mjs';

/** npm runs this in the repository; a file is meant from where the words were typed. */
const typedIn = process.env.INIT_CWD ?? process.cwd();
const FILES = new Set(['--out', '--file', '--receipt', '--anchor']);

const words = process.argv.slice(2).flatMap((word) => (/^--[a-z]+=/.test(word) ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] : [word]));
const args = words.map((word, n) => (FILES.has(words[n - 1]) ? fileOf(word, words[n - 1]) : word));
const needsNoServer = words.includes('--file') || words.includes('--receipt');
const program = [at('apps', 'gateway', 'dist', 'audit', 'main.js'), ...args];
const { status } = spawnSync(process.execPath, needsNoServer ? program : [at('tools', 'with-servers.mjs'), 'node', ...program], { stdio: 'inherit' });
process.exitCode = status ?? 1;

/** An anchor may stand there as text, too. */
function fileOf(word, option) {
  const file = path.resolve(typedIn, word);
  return option === '--anchor' && !existsSync(file) ? word : file;
}
