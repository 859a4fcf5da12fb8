import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as IoServer } from 'socket.io';
import { CountersignClient } from '@countersign/client';
import { LiveStore, neighbourOf, pendingOf, recentRuns, type LiveState } from './live-store';

type Question = { approval_id: string; status: string; expires_at: string | null; title: string };
const question = (id: string, status = 'pending', expires_at: string | null = null): Question => ({ approval_id: id, status, expires_at, title: id });
const run = (id: string, version: number): object => ({ run_id: id, version, created_at: `2026-01-0${version}` });

const fail = (): never => {
  throw new Error('there is none');
};

describe('LiveStore', () => {
  let http: Server;
  let io: IoServer;
  let store: LiveStore;
  let pending: Question[];

  beforeEach(async () => {
    pending = [question('late', 'pending', '2030-02-01'), question('soon', 'pending', '2030-01-01')];
    http = createServer((_request, response) => response.end(JSON.stringify({ runs: [run('r1', 1), run('r2', 2)], next_cursor: null, total: 2 })));
    io = new IoServer(http);
    io.of('/hitl').on('connection', (socket) => {
      socket.on('approvals.list', (_filter, ack) => ack({ ok: true, approvals: pending, total: pending.length, next_cursor: null }));
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    store = new LiveStore(new CountersignClient({ baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }));
    store.start();
  });
  afterEach(async () => {
    store.stop();
    http.closeAllConnections();
    await io.close();
  });

  const until = (look: (state: LiveState) => boolean): Promise<LiveState> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!look(store.snapshot())) return;
        undo();
        resolve(store.snapshot());
      };
      const undo = store.subscribe(check);
      check();
    });

  it('reads both lists once connected, the nearest deadline and the newest run first', async () => {
    const state = await until((now) => now.isLoaded && now.runs.size === 2);
    expect(state.connection).toBe('live');
    expect(pendingOf(state).map((one) => one.approval_id)).toEqual(['soon', 'late']);
    expect(recentRuns(state).map((one) => one.run_id)).toEqual(['r2', 'r1']);
  });

  it('moves cards in and out by events, and never brings an answered one back', async () => {
    await until((now) => now.isLoaded);
    io.of('/hitl').emit('approval.requested', question('new'));
    await until((now) => now.pendingTotal === 3);
    io.of('/hitl').emit('approval.decided', question('soon', 'approved'));
    io.of('/hitl').emit('approval.requested', question('soon'));
    io.of('/hitl').emit('approval.requested', question('last'));
    const state = await until((now) => now.approvals.has('last'));
    expect(pendingOf(state).map((one) => one.approval_id)).toEqual(['late', 'last', 'new']);
    expect(state.pendingTotal).toBe(3);
  });

  it('believes what it was told while the list was on its way, and leaves alone what is not on it', async () => {
    await until((now) => now.isLoaded);
    io.of('/hitl').removeAllListeners('connection');
    io.of('/hitl').on('connection', (socket) => {
      socket.on('approvals.list', (_filter, ack) => {
        socket.emit('approval.updated', { ...question('soon', 'pending', '2030-01-01'), claimed_by: 'rita' });
        socket.emit('approval.updated', { ...question('elsewhere'), claimed_by: 'rita' });
        ack({ ok: true, approvals: pending, total: pending.length, next_cursor: null });
      });
    });
    io.of('/hitl').disconnectSockets(true);
    await until((now) => now.connection === 'away');
    const state = await until((now) => now.connection === 'live' && [...now.approvals.values()].some((one) => one.claimed_by === 'rita'));
    expect(state.approvals.get('soon')).toMatchObject({ claimed_by: 'rita' });
    expect([state.pendingTotal, state.approvals.has('elsewhere')]).toEqual([2, false]);
  });

  it('leads on from where the answered one stood, and round the end to the first', async () => {
    pending.push(question('middle', 'pending', '2030-01-15'));
    const before = await until((now) => now.isLoaded);
    const named = (id: string) => [...before.approvals.values()].find((one) => one.approval_id === id) ?? fail();
    const [middle, late] = [named('middle'), named('late')];
    io.of('/hitl').emit('approval.decided', question('middle', 'approved', '2030-01-15'));
    const state = await until((now) => now.pendingTotal === 2);
    expect([neighbourOf(state, middle, 1), neighbourOf(state, middle, -1), neighbourOf(state, late, 1)].map((one) => one?.approval_id)).toEqual(['late', 'soon', 'soon']);
    expect(neighbourOf(state, named('soon'), -1)).toBeNull();
  });

  it('drops what was answered while the connection was lost', async () => {
    await until((now) => now.isLoaded);
    pending = [question('other')];
    io.of('/hitl').disconnectSockets();
    const state = await until((now) => now.approvals.has('other'));
    expect(pendingOf(state).map((one) => one.approval_id)).toEqual(['other']);
  });

  it('keeps the newer version of a run', async () => {
    await until((now) => now.runs.size === 2);
    store.putRun(run('r2', 1) as Parameters<LiveStore['putRun']>[0]);
    expect(store.snapshot().runs.get('r2')?.version).toBe(2);
  });
});
