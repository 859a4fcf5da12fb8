import { createChannels } from '@countersign/channels';
import type { ApprovalView, RunProgressBody, RunView } from '@countersign/contracts';
import { SOCKET_NAMESPACE } from '@countersign/contracts';
import { ApprovalStore, DEFAULT_CONFIG, KeyStore, LiveState, newRun, RunStore, topics, transition, type Approval, type Role, type Run } from '@countersign/core';
import { newId, sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { Redis } from 'ioredis';
import type { Namespace } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { GatewayEnv } from '../gateway.env';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HitlGateway } from './hitl.gateway';
import { StillWelcome } from './still-welcome';

type Ack = { ok: boolean; error?: { code: string; status: number }; room?: string; approvals?: ApprovalView[]; approval?: ApprovalView };

describe('sockets', () => {
  let local: GatewayStage;
  let keyed: GatewayStage;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    [local, keyed] = await Promise.all([startGateway({ JSON_BODY_LIMIT_BYTES: '50000' }), startGateway({ AUTH_MODE: 'api_key' })]);
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));
  afterAll(() => Promise.all([local.close(), keyed.close()]));

  const open = (stage: GatewayStage, options: { auth?: object; origin?: string } = {}): Socket => {
    const socket = io(stage.url + SOCKET_NAMESPACE, {
      transports: ['websocket'], forceNew: true, auth: options.auth ?? {}, ...(options.origin !== undefined && { extraHeaders: { origin: options.origin } }),
    });
    sockets.push(socket);
    return socket;
  };
  const connected = async (stage: GatewayStage, auth: object): Promise<Socket> => {
    const socket = open(stage, { auth });
    await waitFor(() => socket.connected, { what: 'the socket to connect' });
    return socket;
  };
  const ask = (socket: Socket, event: string, body?: unknown): Promise<Ack> => socket.timeout(30_000).emitWithAck(event, body) as Promise<Ack>;
  const heard = (socket: Socket, event: string): unknown[] => {
    const bodies: unknown[] = [];
    socket.on(event, (body: unknown) => bodies.push(body));
    return bodies;
  };
  const key = async (userId: string, roles: Role[], tenantId = 'default'): Promise<{ token: string; keyId: string }> => {
    const [token, keyId] = [`csk_${newId()}`, newId()];
    await keyed.app.get(KeyStore).create({ keyId, keyHash: sha256Hex(token), tenantId, userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
    return { token, keyId };
  };

  const start = async (stage: GatewayStage, userId: string, sessionId: string | null = null): Promise<Run> => {
    const run = newRun({
      runId: newId(), tenantId: 'default', userId, sessionId, parentRunId: null, provider: 'scripted', model: 'scripted/echo',
      modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: { prompt: 'hi' },
    }, new Date().toISOString());
    await stage.app.get(RunStore).insert(run, [], null);
    return (await stage.app.get(RunStore).find(run.runId)) as Run;
  };
  const waiting = async (stage: GatewayStage, userId: string): Promise<Approval> => {
    const { runId, tenantId } = await start(stage, userId);
    const now = new Date().toISOString();
    const { approval } = await stage.app.get(ApprovalStore).open({
      approvalId: newId(), runId, tenantId, checkpoint: 'browser_action', title: 'May I?', message: 'May I?', context: {}, schema: { type: 'object', properties: {} },
      allowedActions: ['approve', 'edit', 'reject'], payload: null, payloadHash: null, requestedAt: now, expiresAt: new Date(Date.now() + 600_000).toISOString(),
      onTimeout: 'reject', timeoutSeconds: 600, extensions: 0, userId, sessionId: null, claimedBy: null, claimedUntil: null, requestId: null, status: 'pending', decision: null,
    }, []);
    return approval;
  };

  it('sends what waits for somebody when they connect, and again when they come back', async () => {
    const approval = await waiting(local, 'ann');
    const socket = open(local, { auth: { user_id: 'ann' } });
    const requested = heard(socket, 'approval.requested') as ApprovalView[];
    await waitFor(() => requested.some(({ approval_id }) => approval_id === approval.approvalId), { what: 'the pending approval' });
    requested.length = 0;
    socket.disconnect().connect();
    await waitFor(() => requested.some(({ approval_id }) => approval_id === approval.approvalId), { what: 'the pending approval again' });
  });

  it('takes a decision and acknowledges it; the second one is told who was first', async () => {
    const { approvalId } = await waiting(local, 'ann');
    const socket = await connected(local, { user_id: 'ann' });
    expect(await ask(socket, 'approval.decide', { approval_id: approvalId, action: 'approve' })).toMatchObject({ ok: true, success: true, approval: { status: 'approved', decided_by: 'human:ann' } });
    const second = await ask(socket, 'approval.decide', { approval_id: approvalId, action: 'reject', reason: 'too late' });
    expect(second).toMatchObject({ ok: false, error: { code: 'APPROVAL_ALREADY_DECIDED', status: 409, decided: { decided_by: 'human:ann', action: 'approve' } } });
  });

  it.each<[string, string, unknown, string]>([
    ['nothing', 'approval.decide', undefined, 'VALIDATION_FAILED'],
    ['text', 'approval.decide', 'approve', 'VALIDATION_FAILED'],
    ['a list', 'approvals.list', [], 'VALIDATION_FAILED'],
    ['an unknown key', 'approval.decide', { approval_id: newId(), action: 'approve', sudo: true }, 'VALIDATION_FAILED'],
    ['an unknown action', 'approval.decide', { approval_id: newId(), action: 'approved' }, 'VALIDATION_FAILED'],
    ['binary', 'approval.decide', Buffer.from('x'), 'VALIDATION_FAILED'],
    ['a NUL character', 'approval.decide', { approval_id: newId(), action: 'reject', reason: '\0' }, 'VALIDATION_FAILED'],
    ['too much', 'approval.decide', { approval_id: newId(), action: 'reject', reason: 'x'.repeat(60_000) }, 'BODY_TOO_LARGE'],
    ['no such approval', 'approval.decide', { approval_id: newId(), action: 'approve' }, 'APPROVAL_NOT_FOUND'],
    ['no such run', 'subscribe', { run_id: newId() }, 'RUN_NOT_FOUND'],
    ['both', 'subscribe', { run_id: newId(), session_id: 's' }, 'VALIDATION_FAILED'],
    ['a claim of nothing', 'approval.claim', {}, 'VALIDATION_FAILED'],
    ['a claim of no such approval', 'approval.claim', { approval_id: newId() }, 'APPROVAL_NOT_FOUND'],
    ['a release of no such approval', 'approval.release', { approval_id: newId() }, 'APPROVAL_NOT_FOUND'],
  ])('answers %s with a problem and lives on', async (_what, event, body, code) => {
    const socket = await connected(local, { user_id: 'ann' });
    expect(await ask(socket, event, body)).toMatchObject({ ok: false, error: { code } });
    expect(await ask(socket, 'approvals.list', {})).toMatchObject({ ok: true });
  });

  it('hands on progress of a run to those who watch it, as long as they do', async () => {
    const { runId } = await start(local, 'ann');
    const [watcher, other] = [await connected(local, { user_id: 'ann' }), await connected(local, { user_id: 'ann' })];
    const [seen, unseen] = [heard(watcher, 'run.progress') as RunProgressBody[], heard(other, 'run.progress')];
    const live = local.app.get(LiveState);
    expect(await ask(watcher, 'subscribe', { run_id: runId })).toEqual({ ok: true, room: `run:${runId}` });
    await waitFor(async () => {
      await live.signal(topics.run(runId), { kind: 'progress', body: { run_id: 'forged', percent: 40, message: null } });
      return seen.length > 0;
    }, { what: 'progress' });
    expect(seen[0]).toEqual({ run_id: runId, percent: 40, message: null });
    expect(await ask(watcher, 'unsubscribe', { run_id: runId })).toMatchObject({ ok: true });
    const count = seen.length;
    await live.signal(topics.run(runId), { kind: 'progress', body: { percent: 50, message: null } });
    await ask(watcher, 'approvals.list', {});
    expect(seen).toHaveLength(count);
    expect(unseen).toHaveLength(0);
  });

  it('hands on what the notifier tells, to those whom it concerns', async () => {
    const run = await start(keyed, 'ann');
    const [ann, ben] = [await connected(keyed, { token: (await key('ann', ['requester'])).token }), await connected(keyed, { token: (await key('ben', ['requester'])).token })];
    const rita = await connected(keyed, { token: (await key('rita', ['reviewer'])).token });
    const [hers, his, ritas] = [ann, ben, rita].map((socket) => heard(socket, 'run.updated') as RunView[]);
    await Promise.all([ann, ben, rita].map((socket) => ask(socket, 'approvals.list', {})));
    const channels = await createChannels({
      redisUrl: keyed.app.get(GatewayEnv).REDIS_URL, websocketUrl: null, websocketApiKey: null, artifactPath: (id) => `/artifacts/${id}`, publicUrl: 'http://here',
    });
    const [event] = await keyed.app.get(RunStore).events(run.runId, 0, 1);
    if (!event) throw new Error('no event');
    await channels[0]?.channel.deliver({ event, history: [event], run, approval: null, waitingFor: null, ended: [] });
    await waitFor(() => hers?.length === 1 && ritas?.length === 1, { what: 'the update' });
    expect(hers?.[0]).toMatchObject({ run_id: run.runId, version: 1, status: 'queued' });
    expect(his).toHaveLength(0);
    await Promise.all(channels.map(({ close }) => close()));
  });

  it('refuses pages of other sites', async () => {
    const foreign = open(local, { origin: 'https://evil.example' });
    const refusals = heard(foreign, 'connect_error') as { data?: { code: string } }[];
    await waitFor(() => refusals.length > 0, { what: 'the refusal' });
    expect(refusals[0]?.data?.code).toBe('FORBIDDEN');
    const own = open(local, { origin: local.url });
    await waitFor(() => own.connected, { what: 'our own page to connect' });
  });

  it('wants a key where keys are used, and shows each only what is theirs', async () => {
    const nobody = open(keyed);
    const refusals = heard(nobody, 'connect_error') as { data?: { code: string } }[];
    await waitFor(() => refusals.length > 0, { what: 'the refusal' });
    expect(refusals[0]?.data).toMatchObject({ code: 'UNAUTHENTICATED', status: 401 });

    const [mine, theirs] = [await waiting(keyed, 'ann'), await waiting(keyed, 'ben')];
    const ann = await connected(keyed, { token: (await key('ann', ['requester'])).token, user_id: 'ben' });
    const listed = await ask(ann, 'approvals.list', {});
    expect(listed.approvals?.map(({ approval_id }) => approval_id)).toEqual([mine.approvalId]);
    expect(await ask(ann, 'subscribe', { run_id: theirs.runId })).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND', status: 404 } });
    expect(await ask(ann, 'approval.decide', { approval_id: theirs.approvalId, action: 'approve', approved_by: 'ben' })).toMatchObject({ ok: false, error: { code: 'APPROVAL_NOT_FOUND' } });
    const reviewer = await connected(keyed, { token: (await key('rita', ['reviewer'])).token });
    expect(await ask(reviewer, 'approval.decide', { approval_id: theirs.approvalId, action: 'approve', approved_by: 'ben' })).toMatchObject({ ok: true, approval: { decided_by: 'human:rita' } });
    const stranger = await connected(keyed, { token: (await key('rita', ['admin'], 'other')).token });
    expect(await ask(stranger, 'subscribe', { run_id: mine.runId })).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND' } });
  });

  it('sends a socket away whose key was revoked, and no other', async () => {
    const [gone, stays] = [await key('ann', ['requester']), await key('ben', ['requester'])];
    const [ann, ben] = [await connected(keyed, { token: gone.token }), await connected(keyed, { token: stays.token })];
    await Promise.all([ann, ben].map((socket) => ask(socket, 'approvals.list', {})));
    await keyed.app.get(KeyStore).revoke(gone.keyId, new Date().toISOString());
    const namespace = (keyed.app.get(HitlGateway) as unknown as { namespace: Namespace }).namespace;
    await waitFor(async () => {
      await keyed.app.get(StillWelcome).look(namespace);
      return !ann.connected;
    }, { what: 'the socket to be sent away' });
    expect(ben.connected).toBe(true);
    expect(await ask(ben, 'approvals.list', {})).toMatchObject({ ok: true });
  });

  it('lets somebody who sees only their own runs hear of a session no more than that', async () => {
    await start(keyed, 'ann', 'shared');
    await start(keyed, 'ben', 'shared');
    const ann = await connected(keyed, { token: (await key('ann', ['requester'])).token });
    const rita = await connected(keyed, { token: (await key('rita', ['reviewer'])).token });
    expect(await ask(ann, 'subscribe', { session_id: 'shared' })).toEqual({ ok: true, room: 'user:default:ann' });
    expect(await ask(ann, 'subscribe', { session_id: 'other' })).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND' } });
    expect(await ask(rita, 'subscribe', { session_id: 'shared' })).toEqual({ ok: true, room: 'session:default:shared' });
  });

  it('the relay decides, lists and cancels in the name of whoever really asks', async () => {
    const say = (type: string, data: object, headers: Record<string, string> = {}) => local.call<Record<string, unknown>>('POST', '/hitl/websocket/message', { body: { type, data }, headers });
    const [one, two] = [await waiting(local, 'cora'), await waiting(local, 'cora')];
    const answer = { approval_id: one.approvalId, run_id: one.runId, action: 'approve', approved_by: 7, timestamp: new Date().toISOString() };
    const listed = await say('hitl_list_pending', { user_id: 'cora' });
    expect((listed.body.data as ApprovalView[]).map(({ approval_id }) => approval_id).sort()).toEqual([one.approvalId, two.approvalId].sort());
    expect(await say('hitl_approval_response', answer)).toMatchObject({ body: { type: 'hitl_approval_response_ack', success: true, approval_id: one.approvalId } });
    expect((await local.app.get(ApprovalStore).find(one.approvalId))?.decision).toMatchObject({ by: 'human:7', via: 'relay' });
    expect(await say('hitl_cancel_approval', { approval_id: two.approvalId })).toMatchObject({ status: 200, body: { type: 'hitl_cancel_approval_ack', success: true } });
    expect((await local.app.get(ApprovalStore).find(two.approvalId))?.decision).toMatchObject({ action: 'reject', reason: 'Cancelled by user' });
    const late = await say('hitl_approval_response', { ...answer, action: 'reject', reason: 'no' });
    expect(late).toMatchObject({ status: 409, body: { type: 'hitl_approval_response_ack', success: false, error: { code: 'APPROVAL_ALREADY_DECIDED' } } });
    expect(await say('hitl_dance', {})).toMatchObject({ status: 200, body: { type: 'error', message: 'Unknown message type: hitl_dance' } });
    expect(await say('constructor', {})).toMatchObject({ status: 200, body: { type: 'error' } });
    expect((await keyed.call('POST', '/hitl/websocket/message', { body: { type: 'hitl_list_pending', data: {} } })).status).toBe(401);
  });

  describe('a run\'s events as a stream', () => {
    const move = async (run: Run, event: Parameters<typeof transition>[1]): Promise<Run> => {
      const answer = transition(run, event, new Date().toISOString());
      if (!answer.ok) throw new Error(answer.refusal.detail);
      const committed = await local.app.get(RunStore).commit(answer.transition, [], []);
      if (!committed.ok) throw new Error('stale');
      await local.app.get(LiveState).moved(run.runId, committed.run.version);
      return committed.run;
    };
    const read = async (runId: string, headers: Record<string, string> = {}, query = ''): Promise<{ status: number; text: () => string; isOver: () => boolean; stop: () => void }> => {
      const controller = new AbortController();
      const response = await fetch(`${local.url}/hitl/run/${runId}/events${query}`, { headers: { 'x-user-id': 'ann', ...headers }, signal: controller.signal });
      let [text, isOver] = ['', false];
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      void (async () => {
        for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) text += part.value;
        isOver = true;
      })().catch(() => undefined);
      return { status: response.status, text: () => text, isOver: () => isOver, stop: () => controller.abort() };
    };
    const idsOf = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

    it('tells what was, what comes, and ends with the run', async () => {
      const run = await start(local, 'ann');
      const stream = await read(run.runId);
      await waitFor(() => idsOf(stream.text()).length === 1, { what: 'the first event' });
      const started = await move(run, { type: 'started' });
      await waitFor(() => idsOf(stream.text()).length === 2, { what: 'the second event' });
      await move(started, { type: 'cancelled', by: 'human:ann', reason: 'enough' });
      await waitFor(() => stream.isOver(), { what: 'the stream to end' });
      expect(idsOf(stream.text())).toEqual([1, 2, 3]);
      expect(stream.text()).toContain('event: cancelled\ndata: {"seq":3,"type":"cancelled"');
      const again = await read(run.runId, { 'last-event-id': '1' });
      await waitFor(() => again.isOver(), { what: 'the second stream to end' });
      expect(idsOf(again.text())).toEqual([2, 3]);
      const late = await read(run.runId, {}, '?last_event_id=3');
      await waitFor(() => late.isOver(), { what: 'the late stream to end' });
      expect(idsOf(late.text())).toEqual([]);
    });

    it('refuses what is not a seq and what nobody has', async () => {
      const { runId } = await start(local, 'ann');
      expect((await read(runId, { 'last-event-id': 'x' })).status).toBe(422);
      expect((await read(newId())).status).toBe(404);
      expect((await keyed.call('GET', `/hitl/run/${runId}/events`)).status).toBe(401);
    });

    it('lets go of a reader that goes away', async () => {
      const run = await start(local, 'ann');
      const stream = await read(run.runId);
      await waitFor(() => idsOf(stream.text()).length === 1, { what: 'the first event' });
      stream.stop();
      const redis = local.app.get(Redis);
      await waitFor(async () => ((await redis.pubsub('CHANNELS', `*${run.runId}*`)) as string[]).length === 0, { what: 'nobody to listen' });
    });
  });
});
