/*
 * What this is: a tiny process that stands between a server (Postgres, Redis) and whoever started it.
 * The invariant it keeps: the server ends when its starter ends, also by kill -9: the starter holds the other end of this
 * process's standard input, and the system closes it. It lives in a session of its own, so Ctrl-C in a terminal does not
 * reach the server before the services have finished.
 * First line of standard input: the order, as JSON (see guarded.mjs). Standard output: one JSON line per event.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import readline from 'node:readline';
import { takeLock } from './lock.mjs';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
// The starter may be gone; there is nobody left to tell then.
process.stdout.on('error', () => undefined);

const input = readline.createInterface({ input: process.stdin });
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
let order;
let server;
let stopping = false;

input.on('line', (line) => {
  if (order === undefined) {
    order = JSON.parse(line);
    void begin();
  }
});
input.on('close', () => stop());

async function begin() {
  const release = await takeLock(order.lockFolder, 'server', order.lockWaitMs);
  if (release === undefined) return finish({ event: 'exit', reason: 'locked' });
  if (stopping) return finish({ event: 'exit', reason: 'stopped' });
  const log = openSync(order.logFile, 'a');
  server = spawn(order.command, order.args, {
    cwd: order.cwd, env: order.env, uid: order.uid, gid: order.gid, stdio: ['ignore', log, log],
  });
  closeSync(log);
  server.once('error', (error) => finish({ event: 'exit', reason: error.message }));
  server.once('exit', (code, signal) => finish({ event: 'exit', code, signal }));
  if (server.pid !== undefined) say({ event: 'started', pid: server.pid });
}

function stop() {
  if (stopping) return;
  stopping = true;
  if (order === undefined) process.exit(0);
  if (server === undefined) return;
  server.kill(order.stopSignal);
  setTimeout(() => server.kill('SIGKILL'), order.killAfterMs);
}

function finish(event) {
  if (order.removeFolder !== undefined) rmSync(order.removeFolder, { recursive: true, force: true });
  say(event);
  process.exit(0);
}
