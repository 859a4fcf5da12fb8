import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand, tail } from '../run-command.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const PLACES = [
  '/usr/bin', '/usr/local/bin', '/opt/google/chrome', '/snap/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const NO_BROWSER = 'There is no Chromium here: install one, or set CHROMIUM_PATH to its program, or BROWSER_TESTS=off to go without.';

/**
 * A Chromium for the browser tests. On Debian as root it installs one. Resolves to `{path}` or to `{reason}` why there is none.
 */
export async function findBrowser() {
  if (process.env.CHROMIUM_PATH) {
    return isProgram(process.env.CHROMIUM_PATH) ? { path: process.env.CHROMIUM_PATH } : { reason: 'CHROMIUM_PATH names no program.' };
  }
  const found = searchBrowser();
  if (found !== undefined) return { path: found };
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return { reason: NO_BROWSER };
  const failure = await installChromium();
  const installed = searchBrowser();
  return installed === undefined ? { reason: `${NO_BROWSER}\n${failure}` } : { path: installed };
}

function searchBrowser() {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), ...PLACES];
  return [...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))), ...PLACES].find(isProgram);
}

function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return path.extname(file) !== '.app' && !PLACES.slice(0, 4).includes(file);
  } catch {
    return false;
  }
}

async function installChromium() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation'];
  const first = await runCommand('apt-get', install, { env });
  if (first.status === 0) return '';
  // A fresh image has no lists of packages.
  await runCommand('apt-get', ['update'], { env });
  const second = await runCommand('apt-get', install, { env });
  return second.status === 0 ? '' : `apt-get install chromium failed:\n${tail(second.output, 8)}`;
}
