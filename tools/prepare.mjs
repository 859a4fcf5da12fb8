import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at } from './places.mjs';
import { PlainError } from './plain-error.mjs';
import { runCommand, tail } from './run-command.mjs';

/** From a clone to something that runs: packages, then code. Each step does nothing when there is nothing to do. */

/** Installs the packages of the lock file unless they are there. Resolves to a few words. */
export async function install() {
  if (isInstalled()) return 'packages are there';
  const npm = process.env.npm_execpath?.endsWith('npm-cli.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const [command, ...args] = [...npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, output } = await runCommand(command, args, { cwd: at() });
  if (status !== 0) throw new PlainError(`npm ci failed with status ${status}:\n${tail(output)}`);
  return 'npm ci';
}

export const installHint = () => (isInstalled() ? {} : { hint: 'npm ci, about a minute' });

/** Compares what npm says it put into node_modules with the lock file; times of files say nothing after a clone. */
export function isInstalled() {
  const wanted = readPackages(at('package-lock.json'));
  const found = readPackages(at('node_modules/.package-lock.json'));
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    if (!place.startsWith('node_modules/') || entry.optional || entry.devOptional || entry.peer) return true;
    return entry.link ? lstatSync(at(place), { throwIfNoEntry: false }) !== undefined : found[place]?.version === entry.version;
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Compiles everything that changed, and the inbox. Resolves to a few words; throws with the compiler's words. */
export async function build() {
  await compile();
  const inbox = await buildInbox();
  return inbox ? 'compiled, inbox built' : 'compiled';
}

async function compile() {
  const { status, output } = await runCommand(process.execPath, [TSC, '-b', 'tsconfig.build.json'], { cwd: at() });
  if (status !== 0) throw new PlainError(`The code does not compile:\n${tail(output)}`);
}

export const TSC = at('node_modules/@typescript/native/bin/tsc');
export const VITE = at('node_modules/vite/bin/vite.js');

/** Builds the web page when one of its sources changed since the last time. Resolves to whether it did. */
export async function buildInbox() {
  if (!hasInbox()) return false;
  const stamp = at('apps/inbox/dist/.sources');
  const sources = fingerprint(INBOX_SOURCES.map((place) => at(place)));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return false;
  const { status, output } = await runCommand(process.execPath, [VITE, 'build'], { cwd: at('apps/inbox') });
  if (status !== 0) throw new PlainError(`The inbox does not build:\n${tail(output)}`);
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, sources);
  return true;
}

export const hasInbox = () => existsSync(at('apps/inbox/vite.config.ts'));

export const INBOX_SOURCES = ['apps/inbox', 'libs/client/src', 'libs/contracts/src', 'libs/core/src', 'package-lock.json'];

/** Changes when a file below `places` is added, removed or written. */
function fingerprint(places) {
  const hash = createHash('sha256');
  const visit = (place) => {
    const stat = statSync(place, { throwIfNoEntry: false });
    if (stat === undefined) return;
    if (!stat.isDirectory()) {
      hash.update(`${place}\0${stat.size}\0${stat.mtimeMs}\0`);
      return;
    }
    for (const name of readdirSync(place).sort()) if (name !== 'dist' && name !== 'node_modules') visit(path.join(place, name));
  };
  places.forEach(visit);
  return hash.digest('hex');
}
