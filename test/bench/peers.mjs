/*
 * node test/bench/peers.mjs --peers-dir FOLDER [--peers bullmq-redis,pgboss,dbos,mastra,langgraph] [--phases throughput,low]
 *   [--full] [--json FILE] [--work FOLDER] [--quiet-wait SECONDS]
 *
 * Runs Countersign beside other ways to do the same work, in one go on one machine, and prints the comparison's own table.
 * FOLDER (or BENCH_PEERS) holds the comparison: its run.mjs, lib/ and peers/. It is copied, so it stays as it is. Needs the
 * programs of PostgreSQL (PGBIN) and redis-server (REDIS_SERVER), as that folder's README says. `--work` keeps the copy with
 * its packages for the next time; `--quiet-wait`: how long each phase waits for a machine that others use.
 */
import '../../tools/check-node.mjs';
import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { at } from '../../tools/places.mjs';
import { PlainError } from '../../tools/plain-error.mjs';
import { build } from '../../tools/prepare.mjs';

const OURS = 'countersign';
const PEERS = 'bullmq-redis,pgboss,dbos,mastra,langgraph';
const COPIED = ['run.mjs', 'package.json', 'package-lock.json', 'lib', 'peers'];

let running;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => running?.kill('SIGTERM'));

const { values } = parseArgs({
  options: {
    'peers-dir': { type: 'string' }, peers: { type: 'string', default: PEERS }, phases: { type: 'string', default: 'throughput,low' },
    full: { type: 'boolean', default: false }, json: { type: 'string' }, work: { type: 'string' },
    'quiet-wait': { type: 'string', default: '20' },
  },
});
const work = values.work ? path.resolve(values.work) : mkdtempSync(path.join(os.tmpdir(), 'countersign-peers-'));
try {
  process.exitCode = await compare();
} catch (error) {
  process.stderr.write(`${error instanceof PlainError ? error.message : error.stack}\n`);
  process.exitCode = 1;
} finally {
  if (!values.work) rmSync(work, { recursive: true, force: true });
}

async function compare() {
  const source = values['peers-dir'] ?? process.env.BENCH_PEERS;
  if (!source || !existsSync(path.join(source, 'run.mjs'))) {
    throw new PlainError('Say where the comparison is: --peers-dir FOLDER or BENCH_PEERS, a folder with run.mjs, lib/ and peers/.');
  }
  await build();
  copy(path.resolve(source));
  await install();
  const result = path.resolve(values.json ?? path.join(work, 'results', 'comparison.json'));
  mkdirSync(path.dirname(result), { recursive: true });
  const options = ['--peers', `${OURS},${values.peers}`, '--phases', values.phases, '--out', result, '--quiet-wait', values['quiet-wait']];
  return run(process.execPath, ['run.mjs', ...options, '--no-floors', ...(values.full ? [] : ['--quick'])]);
}

/** The copy is ours to write to, whatever the original allows. */
function copy(source) {
  mkdirSync(work, { recursive: true });
  for (const name of COPIED) {
    rmSync(path.join(work, name), { recursive: true, force: true });
    if (existsSync(path.join(source, name))) cpSync(path.join(source, name), path.join(work, name), { recursive: true });
  }
  for (const folder of ['lib', 'peers']) {
    chmodSync(path.join(work, folder), 0o755);
    for (const name of readdirSync(path.join(work, folder))) chmodSync(path.join(work, folder, name), 0o644);
  }
  copyFileSync(at('test/bench/countersign.peer.mjs'), path.join(work, 'peers', `${OURS}.mjs`));
}

/** `npm ci`; some versions of npm refuse a lock file of another one, and the versions in package.json are exact anyway. */
async function install() {
  if (existsSync(path.join(work, 'node_modules'))) return;
  for (const how of ['ci', 'install']) {
    if ((await run('npm', [how, '--no-audit', '--no-fund', '--loglevel=error'])) === 0) return;
  }
  throw new PlainError('The packages of the comparison could not be installed.');
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    running = spawn(command, args, { cwd: work, stdio: 'inherit', env: { ...process.env, COUNTERSIGN_ROOT: at() } });
    running.once('error', reject);
    running.once('exit', (code) => resolve(code ?? 1));
  });
}
