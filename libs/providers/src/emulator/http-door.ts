/*
 * What this is: the stand-in's HTTP door: reads the request, records it, plays the faults, checks the token, finds the
 * route, writes the answer.
 * To extend: a new endpoint is a Route in one of the *-routes.ts files.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject, type Json, type JsonObject } from '@countersign/core';
import { ERROR_BODIES } from './error-bodies';
import type { FaultAction, FaultPoint, Faults } from './faults';

const MAX_BODY_BYTES = 110_000_000; // the files API's 100 MB and its wrapping
const MAX_CALLS = 20_000; // recorded requests; the oldest go
const LOOPBACK = '127.0.0.1'; // a stand-in is never reachable from outside

export interface EmulatorRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Buffer;
  /** What the route's pattern caught. */
  params: string[];
}

export interface EmulatorAnswer {
  status: number;
  headers?: Record<string, string>;
  /** JSON, or bytes with their `content-type` in `headers`. */
  body?: Json | Uint8Array;
}

export interface Route {
  method: string;
  path: RegExp;
  point?: FaultPoint;
  /** Open to all; else the token is asked for. */
  open?: boolean;
  handle(request: EmulatorRequest): EmulatorAnswer | Promise<EmulatorAnswer>;
}

export interface RecordedCall {
  at: string;
  method: string;
  path: string;
  headers: Record<string, string | undefined>;
  /** Parsed when it is JSON, else null. */
  json: Json;
  /** A create request for a prediction. */
  isCreate: boolean;
}

export class HttpDoor {
  readonly calls: RecordedCall[] = [];
  private readonly server: Server;

  constructor(private readonly routes: () => Route[], private readonly faults: Faults, private readonly token: string) {
    this.server = createServer((request, response) => void this.take(request, response));
  }

  /** @returns the port. @throws the listen error, e.g. EADDRINUSE. */
  async open(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, LOOPBACK, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    try {
      const request = await readRequest(incoming);
      const route = this.find(request);
      this.record(request, route);
      const fault = route?.point ? this.faults.take(route.point) : null;
      if (fault?.do === 'drop_before') return void incoming.socket.destroy();
      const answer = fault?.do === 'answer' ? { status: fault.status, headers: fault.headers ?? {}, body: fault.body ?? null } : await this.handle(route, request);
      await this.write(answer, fault, { incoming, outgoing });
    } catch (error) {
      if (!outgoing.headersSent) outgoing.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ detail: `emulator: ${String(error)}`, status: 500 }));
    }
  }

  private find(request: EmulatorRequest): Route | null {
    for (const route of this.routes()) {
      const match = route.method === request.method ? route.path.exec(request.path) : null;
      if (!match) continue;
      request.params = match.slice(1).map(decodeURIComponent);
      return route;
    }
    return null;
  }

  private async handle(route: Route | null, request: EmulatorRequest): Promise<EmulatorAnswer> {
    if (!route) return { status: 404, body: ERROR_BODIES.notFound };
    if (!route.open && request.headers['authorization'] !== `Bearer ${this.token}`) return { status: 401, body: ERROR_BODIES.unauthenticated };
    return route.handle(request);
  }

  private async write(answer: EmulatorAnswer, fault: FaultAction | null, to: { incoming: IncomingMessage; outgoing: ServerResponse }): Promise<void> {
    if (fault?.do === 'drop_after') return void to.incoming.socket.destroy();
    if (fault?.do === 'delay') await new Promise((resolve) => setTimeout(resolve, fault.ms).unref());
    const { body = null } = answer;
    const bytes = body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(body === null ? '' : JSON.stringify(body));
    to.outgoing.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': String(bytes.byteLength), ...answer.headers });
    if (fault?.do !== 'break_off') return void to.outgoing.end(bytes);
    to.outgoing.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => to.incoming.socket.destroy());
  }

  private record(request: EmulatorRequest, route: Route | null): void {
    const { method, path, headers } = request;
    this.calls.push({ at: new Date().toISOString(), method, path, headers, json: jsonBody(request), isCreate: route?.point === 'create' });
    if (this.calls.length > MAX_CALLS) this.calls.shift();
  }
}

export function jsonBody(request: EmulatorRequest): Json {
  try {
    return JSON.parse(request.body.toString('utf8')) as Json;
  } catch {
    return null;
  }
}

export function jsonObject(request: EmulatorRequest): JsonObject | null {
  const body = jsonBody(request);
  return isJsonObject(body) ? body : null;
}

async function readRequest(incoming: IncomingMessage): Promise<EmulatorRequest> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > MAX_BODY_BYTES) throw new Error(`body of more than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  const url = new URL(incoming.url ?? '/', 'http://emulator');
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, Array.isArray(value) ? value.join(', ') : value]));
  return { method: incoming.method ?? 'GET', path: url.pathname, query: url.searchParams, headers, body: Buffer.concat(chunks), params: [] };
}
