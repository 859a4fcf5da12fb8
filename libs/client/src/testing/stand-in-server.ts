import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as IoServer, type Socket } from 'socket.io';
import type { ProblemView, RunView } from '@countersign/contracts';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  body: string;
}

export type Handler = (request: SeenRequest, response: ServerResponse) => void;

/** A gateway of a few lines: routes and socket answers are set by each test, everything asked is on record. */
export class StandInServer {
  readonly seen: SeenRequest[] = [];
  readonly handlers = new Map<string, Handler>();
  readonly socketAnswers = new Map<string, (body: unknown, socket: Socket) => unknown>();
  readonly socketRequests: { event: string; body: unknown }[] = [];
  /** Refuses the handshake when set. */
  refuseWith: ProblemView | null = null;
  readonly io: IoServer;
  private readonly http: Server;

  private constructor() {
    this.http = createServer((request, response) => void this.answer(request, response));
    this.io = new IoServer(this.http);
    const namespace = this.io.of('/hitl');
    namespace.use((_socket, next) => next(this.refuseWith ? Object.assign(new Error('refused'), { data: this.refuseWith }) : undefined));
    namespace.on('connection', (socket) => {
      socket.onAny((event: string, body: unknown, ack: (answer: unknown) => void) => {
        this.socketRequests.push({ event, body });
        const answer = this.socketAnswers.get(event)?.(body, socket);
        if (answer !== undefined) ack(answer);
      });
    });
  }

  static async open(): Promise<StandInServer> {
    const server = new StandInServer();
    await new Promise<void>((resolve) => server.http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get live(): ReturnType<IoServer['of']> {
    return this.io.of('/hitl');
  }

  /** `route` = `METHOD /path`, without the query. */
  on(route: string, handler: Handler | object): void {
    this.handlers.set(route, typeof handler === 'function' ? (handler as Handler) : (_request, response) => json(response, 200, handler));
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await this.io.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') };
    this.seen.push(seen);
    const handler = this.handlers.get(`${seen.method} ${seen.path.split('?')[0]}`);
    if (handler) handler(seen, response);
    else json(response, 404, problem('RUN_NOT_FOUND', 404));
  }
}

export function json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json', ...headers });
  response.end(JSON.stringify(body));
}

export function problem(code: string, status: number, more: Partial<ProblemView> = {}): ProblemView {
  return { type: 'about:blank', title: code, status, code, detail: `refused: ${code}`, request_id: 'req-1', ...more };
}

export function aRun(status: string, version: number, runId = 'r1'): RunView {
  return {
    run_id: runId, version, status, current_step: 'created', provider: 'scripted', model: 'scripted/text', user_id: 'ada',
    session_id: null, parent_run_id: null, created_at: '2026-11-22T14:50:00.000Z', updated_at: '2026-11-22T14:50:00.000Z',
    expires_at: null, pending_actions: [], pending_approval: null, error: null,
    progress: { total_steps: 5, completed_steps: 0, percentage: 0, current_step: 'created', step_history: [] },
    metrics: { total_execution_time_ms: 0, human_review_time_ms: 0, provider_execution_time_ms: 0, attempts: 0, estimate_usd: null, cost_usd: null, cost_basis: null },
  };
}

export function anEvent(seq: number, status: string): string {
  return `id: ${seq}\nevent: step\ndata: ${JSON.stringify({ seq, status, type: 'x', step: 'created', timestamp: '', actor: '', message: '', metadata: {}, hash: '' })}\n\n`;
}
