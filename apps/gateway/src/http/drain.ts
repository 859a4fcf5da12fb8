import type { Server } from 'node:http';

/** Every ordinary answer takes far less; what still waits then (long polls, sockets) is cut and comes back by itself. */
const DRAIN_MS = 2_000;
/** How often connections that have become idle are closed meanwhile. */
const LOOK_MS = 25;

/** Takes no new connection, lets the requests in hand finish. Resolves when all are done or the time is over. */
export async function drain(server: Server, drainMs = DRAIN_MS): Promise<void> {
  let isDone = false;
  server.close(() => (isDone = true));
  const deadline = Date.now() + drainMs;
  while (!isDone && Date.now() < deadline) {
    server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
