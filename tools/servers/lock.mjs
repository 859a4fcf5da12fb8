import { createHash } from 'node:crypto';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { realpathSync, rmSync } from 'node:fs';

/*
 * A lock that ends with the process that holds it, however it ends. A file with a process id does not: after a crash the id
 * may belong to somebody else, and in a container it nearly always does. So the lock is a local socket that is listened on.
 */

/** How often a waiting process looks again. */
const RETRY_MS = 50;

/**
 * Takes the lock `purpose` on `folder` (which must exist), waiting at most `waitMs` for its holder to end.
 * Resolves to a function that lets go, or to undefined when somebody else kept it.
 */
export async function takeLock(folder, purpose, waitMs = 0) {
  const address = addressOf(realpathSync(folder), purpose);
  const deadline = Date.now() + waitMs;
  for (;;) {
    const server = await listen(address);
    if (server !== undefined) return () => new Promise((resolve) => server.close(resolve));
    if (Date.now() >= deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function addressOf(folder, purpose) {
  const name = `countersign-${createHash('sha256').update(`${purpose}\0${folder}`).digest('hex').slice(0, 32)}`;
  // Linux has sockets without a file; elsewhere a left-over file is found out by nobody answering on it.
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : path.join(os.tmpdir(), `${name}.sock`);
}

async function listen(address) {
  const server = net.createServer((socket) => socket.destroy());
  const failure = await new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(address, () => resolve(undefined));
  });
  if (failure === undefined) {
    server.unref();
    return server;
  }
  if (failure.code !== 'EADDRINUSE') throw failure;
  if (address.startsWith('/') && !(await answers(address))) {
    rmSync(address, { force: true });
    return listen(address);
  }
  return undefined;
}

function answers(address) {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
