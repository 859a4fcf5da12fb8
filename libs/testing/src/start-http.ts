import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that has been read to its end. Header names are in lower case. */
export interface HttpRequest {
  method: string;
  /** Path and query. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** Breaks the connection, as a failing network would. */
  cut(): void;
}

/** `body`: text and bytes go as they are, anything else as JSON. Answering undefined leaves the response to the handler. */
export interface HttpAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

export type HttpHandler = (request: HttpRequest, response: ServerResponse) => Promise<HttpAnswer | undefined> | HttpAnswer | undefined;

export interface HttpServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  url: string;
  port: number;
  /** Every request so far, oldest first. */
  requests: HttpRequest[];
  close(): Promise<void>;
}

const SERVER_ERROR = 500;

/** A real HTTP server on loopback, in this process, for tests that need somebody to talk to. */
export async function startHttp(handler: HttpHandler, port = 0): Promise<HttpServer> {
  const requests: HttpRequest[] = [];
  const server = createServer((raw, response) => {
    serve(raw, response, { handler, requests }).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(SERVER_ERROR);
      response.end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', () => resolve()));
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    requests,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(raw: IncomingMessage, response: ServerResponse, to: { handler: HttpHandler; requests: HttpRequest[] }): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw) chunks.push(chunk as Buffer);
  const request: HttpRequest = { method: raw.method ?? 'GET', path: raw.url ?? '/', headers: raw.headers, body: Buffer.concat(chunks), cut: () => void raw.socket.destroy() };
  to.requests.push(request);
  const answer = await to.handler(request, response);
  if (answer === undefined || response.writableEnded || response.destroyed) return;
  const { status = 200, headers = {}, body } = answer;
  if (body === undefined) response.writeHead(status, headers).end();
  else if (typeof body === 'string' || body instanceof Uint8Array) response.writeHead(status, headers).end(body);
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
