import { waitFor } from '@countersign/testing';
import { CountersignClient } from '@countersign/client';
import type { Role } from '@countersign/core';
import { createDataSource, PostgresKeyStore } from '@countersign/persistence';
import { newId, sha256Hex } from '@countersign/service-kit';
import { startHouse, type House } from '../harness/house';
import { scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

describe('foreign and forged answers, with API keys', () => {
  let house: House;
  const clients: Record<string, CountersignClient> = {};
  const PEOPLE: [string, string, Role[]][] = [
    ['ann', 'acme', ['requester']], ['bob', 'acme', ['requester']], ['rita', 'acme', ['reviewer']],
    ['eve', 'other', ['reviewer', 'admin', 'operator']], ['root', 'acme', ['requester', 'admin']],
  ];
  const as = (user: string): CountersignClient => clients[user] as CountersignClient;

  beforeAll(async () => {
    house = await startHouse({ env: { AUTH_MODE: 'api_key' } });
    const dataSource = await createDataSource({ url: house.env.DATABASE_URL ?? '', poolSize: 2, applicationName: 'test' }).initialize();
    const keys = new PostgresKeyStore(dataSource);
    for (const [userId, tenantId, roles] of PEOPLE) {
      const key = `csk_test_${userId}`;
      await keys.create({ keyId: newId(), keyHash: sha256Hex(key), tenantId, userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
      clients[userId] = new CountersignClient({ baseUrl: house.url, apiKey: key });
    }
    await dataSource.destroy();
  }, 120_000);
  afterAll(() => house.close());

  const asked = async (user: string) => {
    const { run_id: runId } = await as(user).startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    return { runId, approval: await untilAsked(as(user), runId, 'payload_suggestion') };
  };
  const NOT_FOUND = { status: 404 };

  it('answers 404 to whoever the run does not belong to, and takes nothing from them', async () => {
    const { runId, approval } = await asked('ann');
    for (const stranger of ['bob', 'eve']) {
      await expect(as(stranger).status(runId)).rejects.toMatchObject({ ...NOT_FOUND, code: 'RUN_NOT_FOUND' });
      await expect(as(stranger).state(runId)).rejects.toMatchObject(NOT_FOUND);
      await expect(as(stranger).approval(approval.approval_id)).rejects.toMatchObject({ ...NOT_FOUND, code: 'APPROVAL_NOT_FOUND' });
      await expect(as(stranger).decide(approval.approval_id, { action: 'approve' })).rejects.toMatchObject(NOT_FOUND);
      await expect(as(stranger).approve(runId, { approval_id: approval.approval_id, action: 'approve', approved_by: 'ann' })).rejects.toMatchObject(NOT_FOUND);
      await expect(as(stranger).cancel(runId)).rejects.toMatchObject(NOT_FOUND);
      expect((await as(stranger).pendingApprovals()).approvals.map(({ approval_id }) => approval_id)).not.toContain(approval.approval_id);
    }
    expect((await as('ann').approval(approval.approval_id)).status).toBe('pending');
  });

  it('takes a reviewer\'s answer under the reviewer\'s own name, whatever name the body claims', async () => {
    const { runId, approval } = await asked('ann');
    const { approval: decided } = await as('rita').approve(runId, { approval_id: approval.approval_id, action: 'approve', approved_by: 'somebody-else' });
    expect(decided.decided_by).toBe('human:rita');
    await untilStatus(as('ann'), runId, 'completed');
  });

  it('lets nobody start a run for somebody else, but an admin', async () => {
    await expect(as('bob').startRun({ ...scriptedRequest('auto'), user_id: 'ann' })).rejects.toMatchObject({ status: 403, code: 'FORBIDDEN' });
    const { run_id: runId } = await as('root').startRun({ ...scriptedRequest('auto'), user_id: 'ann' });
    expect((await as('ann').status(runId)).user_id).toBe('ann');
  });

  it('wants a key', async () => {
    const nobody = new CountersignClient({ baseUrl: house.url });
    await expect(nobody.runs()).rejects.toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    await expect(new CountersignClient({ baseUrl: house.url, apiKey: 'csk_wrong' }).runs()).rejects.toMatchObject({ status: 401 });
  });

  it('pushes a card to its owner and the tenant\'s reviewers, to nobody else', async () => {
    const heard: Record<string, string[]> = {};
    const sockets = PEOPLE.map(([user]) => {
      const socket = as(user).socket();
      heard[user] = [];
      socket.on('approval.requested', ({ approval_id: id }) => heard[user]?.push(id));
      return socket;
    });
    try {
      await Promise.all(sockets.map((socket) => socket.ready()));
      const { approval } = await asked('ann');
      const { approval: later } = await asked('bob');
      await expect(sockets[1]?.decide({ approval_id: approval.approval_id, action: 'approve' })).rejects.toMatchObject(NOT_FOUND);
      await sockets[2]?.decide({ approval_id: later.approval_id, action: 'approve' });
      const isTold = () => heard.ann?.includes(approval.approval_id) && [approval, later].every(({ approval_id: id }) => heard.rita?.includes(id));
      await waitFor(isTold, { what: 'the owner and the reviewer to be told' });
      expect(heard.ann).not.toContain(later.approval_id);
      expect(heard.bob).not.toContain(approval.approval_id);
      expect(heard.eve).toEqual([]);
    } finally {
      for (const socket of sockets) socket.close();
    }
  });
});
