/*
 * What this is: everything the page knows that changes by itself, held outside of React.
 * Invariant: a list is asked for after each (re)connection and kept true by events; nothing is ever polled.
 */
import type { ApprovalView, RunProgressBody, RunView } from '@countersign/contracts';
import { CountersignError, type CountersignClient, type LiveSocket } from '@countersign/client';
import { CardClaims } from './card-claims';

/** Most approvals shown at once: nobody works through more without deciding some. */
const APPROVALS_SHOWN = 200;
/** Runs in the list of recent ones. */
const RUNS_SHOWN = 30;
/** Runs and decided approvals remembered while the page is open. */
const REMEMBERED = 500;

export interface LiveState {
  connection: 'connecting' | 'live' | 'away' | 'refused';
  /** What the server says against us, or why the lists could not be had. */
  trouble: CountersignError | null;
  /** The lists were read at least once. */
  isLoaded: boolean;
  /** Pending ones, and decided ones that may still be on the screen. */
  approvals: ReadonlyMap<string, ApprovalView>;
  pendingTotal: number;
  runs: ReadonlyMap<string, RunView>;
  progress: ReadonlyMap<string, RunProgressBody>;
}

const EMPTY: LiveState = {
  connection: 'connecting', trouble: null, isLoaded: false, approvals: new Map(), pendingTotal: 0, runs: new Map(), progress: new Map(),
};

export class LiveStore {
  private state = EMPTY;
  private socket: LiveSocket | null = null;
  /** Who looks at which card; null before the start. */
  claims: CardClaims | null = null;
  private readonly listeners = new Set<() => void>();
  /** Counts (re)connections, so that a slow answer of an old one is dropped. */
  private round = 0;
  /** Changes told while the list is on its way: it may have been read before them. Null at other times. */
  private toldMeanwhile: Map<string, ApprovalView> | null = null;

  constructor(private readonly client: CountersignClient) {}

  readonly snapshot = (): LiveState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  start(): void {
    const socket = this.client.socket();
    this.socket = socket;
    this.claims = new CardClaims(socket, { isLive: () => this.state.connection === 'live', onKnown: () => this.set({}) });
    socket.on('approval.requested', (approval) => this.putApproval(approval));
    socket.on('approval.updated', (approval) => this.hearUpdate(approval));
    socket.on('approval.decided', (approval) => this.putApproval(approval));
    socket.on('run.updated', (run) => this.putRun(run));
    socket.on('run.completed', (run) => this.putRun(run));
    socket.on('run.failed', (run) => this.putRun(run));
    socket.on('run.progress', (progress) => this.putProgress(progress));
    socket.onConnection((state) => {
      if (state.connected) void this.reload(socket);
      else if (state.error && state.error.status > 0) this.set({ connection: 'refused', trouble: state.error });
      else if (this.state.connection !== 'connecting' || state.error) this.set({ connection: 'away' });
    });
  }

  stop(): void {
    this.round += 1;
    this.socket?.close();
    this.socket = null;
    this.claims = null;
    this.state = EMPTY;
  }

  /** Hears about one run even where its rooms are not ours by right; @returns the undo. */
  watchRun(runId: string): () => void {
    const { socket } = this;
    socket?.subscribe({ run_id: runId }).catch(() => undefined);
    return () => void socket?.unsubscribe({ run_id: runId }).catch(() => undefined);
  }

  /** An answer already given is final: what says otherwise is old. */
  putApproval(approval: ApprovalView): void {
    const known = this.state.approvals.get(approval.approval_id);
    if (known && known.status !== 'pending' && approval.status === 'pending') return;
    const approvals = put(this.state.approvals, approval.approval_id, approval);
    const change = Number(approval.status === 'pending') - Number(known?.status === 'pending');
    this.set({ approvals, pendingTotal: Math.max(0, this.state.pendingTotal + change) });
  }

  putRun(run: RunView): void {
    const known = this.state.runs.get(run.run_id);
    if (known && known.version > run.version) return;
    this.set({ runs: put(this.state.runs, run.run_id, run) });
  }

  /** Of a card that is not among ours there is nothing to keep true. */
  private hearUpdate(approval: ApprovalView): void {
    this.toldMeanwhile?.set(approval.approval_id, approval);
    if (this.state.approvals.has(approval.approval_id)) this.putApproval(approval);
  }

  private putProgress(progress: RunProgressBody): void {
    this.set({ progress: put(this.state.progress, progress.run_id, progress) });
  }

  private async reload(socket: LiveSocket): Promise<void> {
    this.round += 1;
    const { round } = this;
    const told = new Map<string, ApprovalView>();
    this.toldMeanwhile = told;
    try {
      const [pending, recent] = await Promise.all([socket.approvals({ limit: APPROVALS_SHOWN }), this.client.runs({ limit: RUNS_SHOWN })]);
      if (round !== this.round) return;
      const decided = [...this.state.approvals].filter(([, approval]) => approval.status !== 'pending');
      const isDecided = new Set(decided.map(([id]) => id));
      const fresh = pending.approvals.filter((approval) => !isDecided.has(approval.approval_id));
      this.set({
        connection: 'live', trouble: null, isLoaded: true, pendingTotal: pending.total,
        approvals: new Map([...decided, ...fresh.map((approval) => [approval.approval_id, told.get(approval.approval_id) ?? approval] as const)]),
      });
      for (const run of recent.runs) this.putRun(run);
    } catch (error) {
      if (round !== this.round) return;
      this.set({ connection: 'live', trouble: error instanceof CountersignError ? error : null, isLoaded: true });
    } finally {
      if (this.toldMeanwhile === told) this.toldMeanwhile = null;
    }
  }

  private set(change: Partial<LiveState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}

/** A new map with one entry set; the longest kept are forgotten first. */
function put<V>(map: ReadonlyMap<string, V>, key: string, value: V): Map<string, V> {
  const next = new Map(map).set(key, value);
  if (next.size <= REMEMBERED) return next;
  return new Map([...next].slice(next.size - REMEMBERED));
}

/** Oldest deadline first, as they need an answer soonest. */
export function pendingOf(state: LiveState): ApprovalView[] {
  return [...state.approvals.values()]
    .filter((approval) => approval.status === 'pending')
    .sort(byDeadline);
}

const byDeadline = (a: ApprovalView, b: ApprovalView): number => (a.expires_at ?? '9').localeCompare(b.expires_at ?? '9') || a.approval_id.localeCompare(b.approval_id);

/** The pending one after (1) or before (-1) this one, also where this one was answered and left the list; round the end only forwards. */
export function neighbourOf(state: LiveState, approval: ApprovalView, direction: 1 | -1): ApprovalView | null {
  const others = pendingOf(state).filter(({ approval_id: id }) => id !== approval.approval_id);
  if (direction === 1) return others.find((other) => byDeadline(other, approval) > 0) ?? others[0] ?? null;
  return others.findLast((other) => byDeadline(other, approval) < 0) ?? null;
}

export function recentRuns(state: LiveState): RunView[] {
  return [...state.runs.values()].sort((a, b) => b.created_at.localeCompare(a.created_at)).slice(0, RUNS_SHOWN);
}
