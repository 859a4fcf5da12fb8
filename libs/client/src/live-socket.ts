import type {
  ApprovalListView, ApprovalsListBody, ClaimView, ClientToServerEvents, DecideBody, DecisionView, ProblemView,
  ServerToClientEvents, SOCKET_NAMESPACE, SubscribeBody,
} from '@countersign/contracts';
import { io, type Socket } from 'socket.io-client';
import { CountersignError, isProblem } from './countersign-error';
import { NewestOnly } from './newest-only';
import type { ClientSettings } from './rest-door';

/** Spelled out, because importing the value would carry the queue contract into browsers; the type keeps it true. */
const NAMESPACE = '/hitl' satisfies typeof SOCKET_NAMESPACE;
/** Longest wait for an acknowledgement: as long as a REST call may take. */
const ACK_TIMEOUT_MS = 30_000;
/** Pauses between attempts to connect again: quick first, never longer than a person is willing to look at. */
const RECONNECT_FIRST_MS = 250;
const RECONNECT_MAX_MS = 5_000;
/** Pause after the server itself ended the connection: it may do so again, and must not be stormed. */
const RECONNECT_SENT_AWAY_MS = 500;

export interface LiveSocketOptions {
  /** Milliseconds until a request without an answer rejects with `TIMEOUT`; 30 000 when absent. */
  ackTimeoutMs?: number;
}

export type LiveEvent = keyof ServerToClientEvents;
export type LiveBody<E extends LiveEvent> = Parameters<ServerToClientEvents[E]>[0];

export type ConnectionState = { connected: true } | { connected: false; error: CountersignError | null };

type Listener = (body: never) => void;
type Requests = { [E in keyof ClientToServerEvents]: Parameters<ClientToServerEvents[E]>[0] };
type WireAnswer = { ok: true } | { ok: false; error: ProblemView };

/**
 * The live side of Countersign: events as they happen, decisions by acknowledgement. Connects by itself, again after
 * every loss, and takes its subscriptions along. Of a run only newer versions are handed on, and a decided approval
 * never looks pending again, in whatever order the messages come.
 */
export class LiveSocket {
  private readonly socket: Socket;
  private readonly listeners = new Map<LiveEvent, Set<Listener>>();
  private readonly watchers = new Set<(state: ConnectionState) => void>();
  /** How many ask for each room: one who leaves must not silence the others. */
  private readonly rooms = new Map<string, { body: SubscribeBody; users: number }>();
  private readonly newest = new NewestOnly();
  private readonly ackTimeoutMs: number;
  private lastError: CountersignError | null = null;
  private closed = false;
  private comeBack: ReturnType<typeof setTimeout> | undefined;

  constructor(settings: ClientSettings, options: LiveSocketOptions = {}) {
    const base = new URL(settings.baseUrl);
    this.ackTimeoutMs = options.ackTimeoutMs ?? ACK_TIMEOUT_MS;
    this.socket = io(base.origin + NAMESPACE, {
      path: `${base.pathname.replace(/\/+$/, '')}/socket.io`,
      auth: { ...(settings.apiKey && { token: settings.apiKey }), ...(settings.userId && { user_id: settings.userId }) },
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      forceNew: true,
      reconnectionDelay: RECONNECT_FIRST_MS,
      reconnectionDelayMax: RECONNECT_MAX_MS,
    });
    this.socket.onAny((event: string, body: unknown) => this.hear(event as LiveEvent, body));
    this.socket.on('connect', () => void this.connected());
    this.socket.on('disconnect', (reason) => this.lost(reason));
    this.socket.on('connect_error', (error) => this.refused(error));
  }

  /** Whether what is sent now goes out at once; else it waits for the connection. */
  get isConnected(): boolean {
    return this.socket.connected;
  }

  /** @returns a function that takes the listener away again. */
  on<E extends LiveEvent>(event: E, listener: (body: LiveBody<E>) => void): () => void {
    const set = this.listeners.get(event) ?? new Set<Listener>();
    this.listeners.set(event, set.add(listener as Listener));
    return () => set.delete(listener as Listener);
  }

  /** Tells the state now and at every change; `connected` once the rooms are joined again, so that nothing is missed after it. */
  onConnection(watcher: (state: ConnectionState) => void): () => void {
    this.watchers.add(watcher);
    watcher(this.state());
    return () => this.watchers.delete(watcher);
  }

  /** Resolves once connected; rejects when the server refuses this client (not when it is merely away). */
  ready(timeoutMs = this.ackTimeoutMs): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (error: CountersignError | null): void => {
        clearTimeout(timer);
        this.watchers.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const timer = setTimeout(() => finish(this.lastError ?? CountersignError.local('TIMEOUT', `no connection within ${timeoutMs} ms`)), timeoutMs);
      const look = (state: ConnectionState): void => {
        if (state.connected) finish(null);
        else if (this.closed) finish(CountersignError.local('CLOSED', 'the socket was closed'));
        else if (state.error && !this.socket.active) finish(state.error);
      };
      this.watchers.add(look);
      look(this.state());
    });
  }

  decide(body: DecideBody): Promise<DecisionView> {
    return this.request('approval.decide', body);
  }

  /** Tells the others that this person looks at it; ends by itself after ten minutes. Rejects with `APPROVAL_CLAIMED` when somebody else does. */
  claim(approvalId: string): Promise<ClaimView> {
    return this.request('approval.claim', { approval_id: approvalId });
  }

  release(approvalId: string): Promise<ClaimView> {
    return this.request('approval.release', { approval_id: approvalId });
  }

  approvals(filter: ApprovalsListBody = {}): Promise<ApprovalListView> {
    return this.request('approvals.list', filter);
  }

  /** Joins a run's or session's room and joins it again after every lost connection. Undo each with `unsubscribe`. */
  async subscribe(body: SubscribeBody): Promise<void> {
    const key = JSON.stringify(body);
    this.rooms.set(key, { body, users: (this.rooms.get(key)?.users ?? 0) + 1 });
    try {
      await this.request('subscribe', body);
    } catch (error) {
      if (error instanceof CountersignError && error.status > 0) this.leave(key);
      throw error;
    }
  }

  async unsubscribe(body: SubscribeBody): Promise<void> {
    if (this.leave(JSON.stringify(body)) && this.socket.connected) await this.request('unsubscribe', body);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.comeBack);
    this.socket.disconnect();
    this.tell();
    this.listeners.clear();
    this.watchers.clear();
    this.rooms.clear();
  }

  private async request<E extends keyof ClientToServerEvents, T>(event: E, body: Requests[E]): Promise<T> {
    if (this.closed) throw CountersignError.local('CLOSED', 'the socket was closed');
    const answer = await this.acknowledged(event, body);
    if (answer.ok) return answer as T;
    throw new CountersignError(answer.error);
  }

  /** A request that timed out before it was sent is taken back: it can not arrive later. */
  private async acknowledged(event: string, body: object): Promise<WireAnswer> {
    try {
      return (await this.socket.timeout(this.ackTimeoutMs).emitWithAck(event, body)) as WireAnswer;
    } catch {
      throw this.closed
        ? CountersignError.local('CLOSED', 'the socket was closed')
        : CountersignError.local('TIMEOUT', `no answer to ${event} within ${this.ackTimeoutMs} ms`);
    }
  }

  private hear(event: LiveEvent, body: unknown): void {
    if (!this.newest.accepts(event, body)) return;
    for (const listener of this.listeners.get(event) ?? []) listener(body as never);
  }

  /** @returns true when nobody is left in the room. */
  private leave(key: string): boolean {
    const room = this.rooms.get(key);
    if (!room) return false;
    room.users -= 1;
    return room.users <= 0 && this.rooms.delete(key);
  }

  private async connected(): Promise<void> {
    this.lastError = null;
    await Promise.allSettled([...this.rooms.values()].map(({ body }) => this.request('subscribe', body)));
    this.tell();
  }

  private lost(reason: string): void {
    this.tell();
    // socket.io leaves a disconnect by the server to us; a server that no longer wants us refuses the new handshake.
    if (reason === 'io server disconnect' && !this.closed) this.comeBack = setTimeout(() => this.socket.connect(), RECONNECT_SENT_AWAY_MS);
  }

  private refused(error: Error): void {
    const { data } = error as { data?: unknown };
    if (isProblem(data)) this.lastError = new CountersignError(data);
    // Not `active` = the server heard us and said no; the handshake carries nothing else it could mind than who we are.
    else if (!this.socket.active) this.lastError = new CountersignError({ code: 'UNAUTHENTICATED', status: 401, title: 'Not let in', detail: error.message });
    else this.lastError = CountersignError.local('UNREACHABLE', error.message);
    this.tell();
  }

  private state(): ConnectionState {
    return this.socket.connected ? { connected: true } : { connected: false, error: this.lastError };
  }

  private tell(): void {
    for (const watcher of this.watchers) watcher(this.state());
  }
}
