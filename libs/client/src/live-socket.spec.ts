import type { ApprovalView } from '@countersign/contracts';
import { CountersignClient } from './client';
import type { LiveSocket } from './live-socket';
import { aRun, problem, StandInServer } from './testing/stand-in-server';

const approval = (status: string): ApprovalView => ({ approval_id: 'a1', status }) as ApprovalView;

describe('LiveSocket', () => {
  let server: StandInServer;
  let client: CountersignClient;
  let socket: LiveSocket;
  beforeEach(async () => {
    server = await StandInServer.open();
    client = new CountersignClient({ baseUrl: server.url, apiKey: 'k', userId: 'ada' });
    socket = client.socket({ ackTimeoutMs: 2_000 });
    server.socketAnswers.set('subscribe', () => ({ ok: true, room: 'run:r1' }));
    server.socketAnswers.set('unsubscribe', () => ({ ok: true, room: 'run:r1' }));
  });
  afterEach(async () => {
    socket.close();
    await server.close();
  });

  it('says who it is in the handshake', async () => {
    await socket.ready();
    const [peer] = await server.live.fetchSockets();
    expect(peer?.handshake.auth).toEqual({ token: 'k', user_id: 'ada' });
  });

  it('answers requests, refusals and silence', async () => {
    server.socketAnswers.set('approval.decide', () => ({ ok: true, success: true, approval_id: 'a1' }));
    await expect(socket.decide({ approval_id: 'a1', action: 'approve' })).resolves.toMatchObject({ success: true });
    server.socketAnswers.set('approval.decide', () => ({ ok: false, error: problem('APPROVAL_EXPIRED', 410) }));
    await expect(socket.decide({ approval_id: 'a1', action: 'approve' })).rejects.toMatchObject({ code: 'APPROVAL_EXPIRED', status: 410 });
    const hasty = client.socket({ ackTimeoutMs: 50 });
    await expect(hasty.approvals()).rejects.toMatchObject({ code: 'TIMEOUT' });
    hasty.close();
    await expect(hasty.approvals()).rejects.toMatchObject({ code: 'CLOSED' });
  });

  it('rejects ready() with what the server says against us', async () => {
    server.refuseWith = problem('UNAUTHENTICATED', 401);
    const stranger = client.socket();
    await expect(stranger.ready()).rejects.toMatchObject({ code: 'UNAUTHENTICATED', status: 401, requestId: 'req-1' });
    stranger.close();
  });

  it('hands on only newer versions, each end once, and no decided approval as pending', async () => {
    const heard: string[] = [];
    socket.on('run.updated', (run) => heard.push(`v${run.version}`));
    socket.on('run.completed', (run) => heard.push(`end${run.version}`));
    socket.on('approval.requested', () => heard.push('asked'));
    socket.on('approval.decided', () => heard.push('decided'));
    const done = new Promise<void>((resolve) => socket.on('run.progress', () => resolve()));
    await socket.ready();
    for (const version of [1, 3, 2, 3, 4]) server.live.emit('run.updated', aRun('running', version));
    for (let times = 0; times < 2; times += 1) server.live.emit('run.completed', aRun('completed', 4));
    for (const status of ['pending', 'approved', 'pending', 'approved']) {
      server.live.emit(status === 'pending' ? 'approval.requested' : 'approval.decided', approval(status));
    }
    server.live.emit('run.progress', { run_id: 'r1', percent: null, message: null });
    await done;
    expect(heard).toEqual(['v1', 'v3', 'v4', 'end4', 'asked', 'decided']);
  });

  it('joins its rooms again after a lost connection, until nobody wants them', async () => {
    await socket.ready();
    await socket.subscribe({ run_id: 'r1' });
    await socket.subscribe({ run_id: 'r1' });
    await socket.unsubscribe({ run_id: 'r1' });
    const again = new Promise<void>((resolve) => {
      let wasAway = false;
      socket.onConnection((state) => {
        if (!state.connected) wasAway = true;
        else if (wasAway) resolve();
      });
    });
    server.live.disconnectSockets();
    await again;
    await socket.unsubscribe({ run_id: 'r1' });
    expect(server.socketRequests.map((request) => request.event)).toEqual(['subscribe', 'subscribe', 'subscribe', 'unsubscribe']);
  });

  it('waits for a run without missing what happens between joining and looking', async () => {
    server.on('GET /hitl/run/r1/status', (_request, response) => {
      server.live.emit('run.updated', aRun('completed', 3));
      response.end(JSON.stringify(aRun('running', 2)));
    });
    await expect(client.waitForRun('r1', { socket })).resolves.toMatchObject({ status: 'completed', version: 3 });
  });

  it('stops waiting for a run it may not see', async () => {
    server.socketAnswers.set('subscribe', () => ({ ok: false, error: problem('RUN_NOT_FOUND', 404) }));
    await expect(client.waitForRun('r2', { socket })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  });
});
