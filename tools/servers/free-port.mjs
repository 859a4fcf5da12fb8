import net from 'node:net';

/** A TCP port of this machine that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** 'free', 'taken' or 'forbidden' (ports under 1024 for ordinary users; an address this machine does not have). */
export function probePort(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', (error) => resolve(error.code === 'EADDRINUSE' ? 'taken' : 'forbidden'));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve('free')));
  });
}

/** Resolves when something accepts connections there; rejects after `timeoutMs` or when `stillAlive` says no. */
export async function waitForPort(port, { timeoutMs, stillAlive = () => true }) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline && stillAlive()) {
    if (await accepts(port)) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`nothing answered on port ${port}`);
}

/** Servers are up in 50 to 100 ms; looking more often costs more than it gains. */
const RETRY_MS = 15;

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
