import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { at } from '../places.mjs';
import { runCommand, tail } from '../run-command.mjs';
import { findServer } from '../servers/redis.mjs';

/** Redis' program and what it links to; nothing is installed on the machine, so no server starts by itself. */
const PACKAGES = ['redis-tools', 'liblzf1', 'libjemalloc2'];
const FOLDER = at('node_modules/.cache/countersign/redis');
const NO_PROGRAM = 'there is no redis-server or valkey-server here, and a cluster needs a native one';

/**
 * A native Redis server for the cluster tests, unpacked from Debian's packages where none is there: `{command, env}`,
 * or `{reason}` why there is none; `isExpected` where it was not to be had anyway.
 */
export async function findRedisProgram() {
  const found = findServer();
  if (found !== undefined) return { command: found, env: {} };
  if (!existsSync('/etc/debian_version')) return { reason: NO_PROGRAM, isExpected: true };
  if (!existsSync(unpacked())) {
    const failure = await unpack();
    if (failure !== '') return { reason: `${NO_PROGRAM}\n${failure}` };
  }
  const lib = path.join(FOLDER, 'usr/lib');
  const folders = readdirSync(lib).map((name) => path.join(lib, name));
  return { command: unpacked(), env: { LD_LIBRARY_PATH: folders.join(':') } };
}

const unpacked = () => path.join(FOLDER, 'usr/bin/redis-server');

async function unpack() {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  let fetched = await fetchPackages();
  if (fetched.status !== 0) {
    // A fresh image has no lists of packages.
    await runCommand('apt-get', ['update'], { env: process.env });
    fetched = await fetchPackages();
  }
  if (fetched.status !== 0) return `apt-get download failed:\n${tail(fetched.output, 8)}`;
  for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.deb'))) {
    const { status, output } = await runCommand('dpkg', ['-x', path.join(FOLDER, file), FOLDER], { env: process.env });
    if (status !== 0) return `dpkg -x ${file} failed:\n${tail(output, 8)}`;
  }
  // One program with several names: by this one it serves.
  if (!existsSync(unpacked())) symlinkSync('redis-check-rdb', unpacked());
  return '';
}

const fetchPackages = () => runCommand('apt-get', ['download', ...PACKAGES], { cwd: FOLDER, env: process.env });
