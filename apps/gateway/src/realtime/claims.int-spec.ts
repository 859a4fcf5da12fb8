import type { ApprovalView, ClaimView } from '@countersign/contracts';
import { SOCKET_NAMESPACE } from '@countersign/contracts';
import { ApprovalStore, DEFAULT_CONFIG, KeyStore, newRun, RunStore, type Role } from '@countersign/core';
import { anApproval } from '@countersign/core/testing';
import { newId, sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { io, type Socket } from 'socket.io-client';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';

type Ack = { ok: boolean; error?: { code: string; claimed?: object }; approval?: ApprovalView };

const MINUTE_MS = 60_000;

describe('claiming an approval', () => {
  let stage: GatewayStage;
  const sockets: Socket[] = [];
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    stage = await startGateway({ AUTH_MODE: 'api_key' });
    const people: [string, Role[]][] = [['ann', ['requester']], ['ben', ['requester']], ['rita', ['reviewer']], ['rolf', ['reviewer']]];
    for (const [userId, roles] of people) {
      const token = `csk_${newId()}`;
      await stage.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(token), tenantId: 'default', userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
      tokens.set(userId, token);
    }
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.disconnect()));
  afterAll(() => stage.close());

  /** A pending question to `ann` (or, escalated, to reviewers) about a run of hers. */
  async function waiting(userId: string | null = 'ann', over: { expiresAt?: string } = {}): Promise<string> {
    const now = new Date().toISOString();
    const run = newRun({
      runId: newId(), tenantId: 'default', userId: 'ann', sessionId: null, parentRunId: null, provider: 'scripted', model: 'scripted/echo',
      modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: { prompt: 'hi' },
    }, now);
    await stage.app.get(RunStore).insert(run, [], null);
    const asked = anApproval({
      approvalId: newId(), runId: run.runId, tenantId: 'default', userId, sessionId: null, requestedAt: now, onTimeout: 'reject',
      expiresAt: new Date(Date.now() + MINUTE_MS).toISOString(), ...over,
    });
    return (await stage.app.get(ApprovalStore).open(asked, [])).approval.approvalId;
  }
  const headers = (user: string) => ({ authorization: `Bearer ${tokens.get(user)}` });
  const call = <T = ClaimView>(user: string, approvalId: string, what: 'claim' | 'release') => stage.call<T>('POST', `/hitl/approvals/${approvalId}/${what}`, { headers: headers(user) });
  const seen = async (user: string, approvalId: string) => (await stage.call<ApprovalView>('GET', `/hitl/approvals/${approvalId}`, { headers: headers(user) })).body;
  const open = async (user: string): Promise<{ socket: Socket; updates: ApprovalView[] }> => {
    const socket = io(stage.url + SOCKET_NAMESPACE, { transports: ['websocket'], forceNew: true, auth: { token: tokens.get(user) } });
    sockets.push(socket);
    const updates: ApprovalView[] = [];
    socket.on('approval.updated', (approval: ApprovalView) => updates.push(approval));
    await waitFor(() => socket.connected, { what: 'the socket' });
    await socket.timeout(30_000).emitWithAck('approvals.list', {}); // answered once its rooms are joined
    return { socket, updates };
  };
  const ask = (socket: Socket, event: string, approvalId: string): Promise<Ack> => socket.timeout(30_000).emitWithAck(event, { approval_id: approvalId }) as Promise<Ack>;

  it('is kept and shown for ten minutes; claiming again makes it last longer', async () => {
    const id = await waiting();
    const first = await call('rita', id, 'claim');
    expect([first.status, first.body.approval.claimed_by]).toEqual([200, 'rita']);
    const until = Date.parse(first.body.approval.claimed_until ?? '');
    expect(Math.abs(until - Date.now() - 10 * MINUTE_MS)).toBeLessThan(MINUTE_MS);
    expect(await seen('ann', id)).toMatchObject({ claimed_by: 'rita', claimed_until: first.body.approval.claimed_until });
    await waitFor(() => Date.now() + 10 * MINUTE_MS > until, { what: 'the clock to move on' });
    expect(Date.parse((await call('rita', id, 'claim')).body.approval.claimed_until ?? '')).toBeGreaterThan(until);
  });

  it('of somebody else is refused with who it is; after the release it may be claimed', async () => {
    const id = await waiting();
    const { approval } = (await call('rita', id, 'claim')).body;
    const claimed = { claimed_by: 'rita', claimed_until: approval.claimed_until };
    expect(await call('rolf', id, 'claim')).toMatchObject({ status: 409, body: { code: 'APPROVAL_CLAIMED', claimed } });
    expect(await call('rolf', id, 'release')).toMatchObject({ status: 409, body: { code: 'APPROVAL_CLAIMED', claimed } });
    expect(await call('rita', id, 'release')).toMatchObject({ status: 200, body: { approval: { claimed_by: null, claimed_until: null } } });
    expect(await call('rita', id, 'release')).toMatchObject({ status: 200 });
    expect(await call('rolf', id, 'claim')).toMatchObject({ status: 200, body: { approval: { claimed_by: 'rolf' } } });
  });

  it('keeps nobody from deciding; the decision ends it, and there is nothing left to claim (invariant 5)', async () => {
    const id = await waiting();
    await call('rita', id, 'claim');
    const decided = await stage.call('POST', `/hitl/approvals/${id}/decision`, { headers: headers('ann'), body: { action: 'reject', reason: 'no' } });
    expect(decided).toMatchObject({ status: 200, body: { approval: { status: 'rejected', claimed_by: null } } });
    for (const what of ['claim', 'release'] as const) {
      expect(await call('rita', id, what)).toMatchObject({ status: 409, body: { code: 'APPROVAL_ALREADY_DECIDED', decided: { decided_by: 'human:ann' } } });
    }
  });

  it('is for those who may decide: others do not see the card, and the owner of an escalated one only looks', async () => {
    const id = await waiting(null);
    expect(await call('ben', id, 'claim')).toMatchObject({ status: 404, body: { code: 'APPROVAL_NOT_FOUND' } });
    expect(await call('ann', id, 'claim')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(await call('ann', newId(), 'claim')).toMatchObject({ status: 404, body: { code: 'APPROVAL_NOT_FOUND' } });
    expect(await call('ann', 'x', 'release')).toMatchObject({ status: 404 });
    expect((await seen('rita', id)).claimed_by).toBeNull();
  });

  it('is refused when the time to answer is over, or the approval was cancelled', async () => {
    const late = await waiting('ann', { expiresAt: new Date(Date.now() - 1).toISOString() });
    expect(await call('rita', late, 'claim')).toMatchObject({ status: 410, body: { code: 'APPROVAL_EXPIRED' } });
    const cancelled = await waiting();
    await stage.app.get(ApprovalStore).cancel(cancelled, []);
    expect(await call('rita', cancelled, 'claim')).toMatchObject({ status: 409, body: { code: 'ILLEGAL_STATE' } });
  });

  it('by socket or REST is told to everybody who sees the card, and to nobody else', async () => {
    const id = await waiting();
    const [ann, ben, rita, rolf] = [await open('ann'), await open('ben'), await open('rita'), await open('rolf')];
    expect(await ask(rita.socket, 'approval.claim', id)).toMatchObject({ ok: true, approval: { approval_id: id, claimed_by: 'rita' } });
    expect(await ask(rolf.socket, 'approval.claim', id)).toMatchObject({ ok: false, error: { code: 'APPROVAL_CLAIMED', claimed: { claimed_by: 'rita' } } });
    await call('rita', id, 'release');
    expect(await ask(rolf.socket, 'approval.claim', id)).toMatchObject({ ok: true });
    expect(await ask(rolf.socket, 'approval.release', id)).toMatchObject({ ok: true });
    const told = ['rita', null, 'rolf', null];
    await waitFor(() => [ann, rita, rolf].every(({ updates }) => updates.length >= told.length), { what: 'the updates' });
    for (const { updates } of [ann, rita, rolf]) expect(updates.map(({ claimed_by }) => claimed_by)).toEqual(told);
    expect(ben.updates).toEqual([]);
  });

  it('counts as a change against the limit of writes', async () => {
    const strict = await startGateway({ WRITES_PER_MINUTE: '1' });
    try {
      const socket = io(strict.url + SOCKET_NAMESPACE, { transports: ['websocket'], forceNew: true, auth: { user_id: 'ann' } });
      sockets.push(socket);
      await waitFor(() => socket.connected, { what: 'the socket' });
      expect(await ask(socket, 'approval.claim', newId())).toMatchObject({ error: { code: 'APPROVAL_NOT_FOUND' } });
      expect(await ask(socket, 'approval.claim', newId())).toMatchObject({ error: { code: 'RATE_LIMITED' } });
    } finally {
      await strict.close();
    }
  });
});
