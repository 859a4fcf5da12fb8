import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import { scrub } from '../log/scrub';
import type { Health, HealthReport } from './health';

export interface HealthServerOptions {
  health: Health;
  metrics?: Registry;
  /** 0 takes a free port. */
  port: number;
  host?: string;
}

export interface HealthServer {
  port: number;
  close(): Promise<void>;
}

const OK = 200;
const UNAVAILABLE = 503;
const NOT_FOUND = 404;

/** /health/live, /health/ready and /metrics for a process that has no HTTP of its own. Rejects when the port is taken. */
export async function startHealthServer({ health, metrics, port, host = '127.0.0.1' }: HealthServerOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request, response, { health, metrics }).catch(() => response.writeHead(UNAVAILABLE).end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Sources {
  health: Health;
  metrics: Registry | undefined;
}

async function answer(request: IncomingMessage, response: ServerResponse, { health, metrics }: Sources): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  if (path === '/health/live') return sendReport(response, health.live());
  if (path === '/health/ready') return sendReport(response, await health.ready());
  if (path === '/metrics' && metrics !== undefined) {
    response.writeHead(OK, { 'content-type': metrics.contentType }).end(await metrics.metrics());
    return;
  }
  response.writeHead(NOT_FOUND).end();
}

function sendReport(response: ServerResponse, report: HealthReport): void {
  const status = report.status === 'up' ? OK : UNAVAILABLE;
  response.writeHead(status, { 'content-type': 'application/json' }).end(scrub(JSON.stringify(report)));
}
