import type { ApprovalListView, RunListView, RunStartedView, RunView } from '@countersign/contracts';
import { KeyStore, type Role } from '@countersign/core';
import { newId, sha256Hex } from '@countersign/service-kit';
import { startGateway, type Answer, type GatewayStage } from '../../testing/gateway-stage';
import { HandOrchestrator } from '../../testing/hand-orchestrator';

const REQUEST = { run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' } };

describe('who is asking, with API keys', () => {
  let stage: GatewayStage;
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    stage = await startGateway({ AUTH_MODE: 'api_key', WRITES_PER_MINUTE: '30' });
    const key = async (userId: string, roles: Role[], tenantId = 't1'): Promise<void> => {
      const secret = `cs_${newId()}`;
      secrets[userId] = secret;
      await stage.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(secret), tenantId, userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
    };
    await key('ann', ['requester']);
    await key('bob', ['requester']);
    await key('rev', ['reviewer']);
    await key('adm', ['admin']);
    await key('far', ['reviewer', 'admin'], 't2');
    await key('busy', ['requester']);
  });
  afterAll(() => stage.close());

  const as = <T>(user: string, method: string, path: string, body?: unknown): Promise<Answer<T>> =>
    stage.call<T>(method, path, { body, headers: { authorization: `Bearer ${secrets[user]}` } });

  async function annsApproval(): Promise<{ runId: string; approvalId: string }> {
    const started = await as<RunStartedView>('ann', 'POST', '/hitl/run', REQUEST);
    await new HandOrchestrator(stage.app).advance(started.body.run_id);
    const pending = await as<ApprovalListView>('ann', 'GET', `/hitl/approvals/pending?run_id=${started.body.run_id}`);
    return { runId: started.body.run_id, approvalId: pending.body.approvals[0]?.approval_id ?? '' };
  }

  it('wants a key, a valid one, and says so without telling more', async () => {
    const none = await stage.call('GET', '/hitl/runs', { user: 'ann' });
    expect([none.status, none.body.code, none.headers.get('www-authenticate')]).toEqual([401, 'UNAUTHENTICATED', 'Bearer']);
    const wrong = await stage.call('GET', '/hitl/runs', { headers: { authorization: 'Bearer cs_wrong' } });
    expect(wrong.status).toBe(401);
    expect(JSON.stringify(wrong.body)).not.toContain('cs_wrong');
  });

  it('starts runs for the key\'s own user, and for others only as an admin', async () => {
    const own = await as<RunStartedView>('ann', 'POST', '/hitl/run', { ...REQUEST, user_id: 'ann' });
    expect(own.status).toBe(201);
    const forged = await as<{ code: string }>('ann', 'POST', '/hitl/run', { ...REQUEST, user_id: 'bob' });
    expect([forged.status, forged.body.code]).toEqual([403, 'FORBIDDEN']);
    expect((await as('ann', 'POST', '/hitl/run', { run_input: { ...REQUEST.run_input, user_id: 'bob' } })).status).toBe(403);
    const forBob = await as<RunStartedView>('adm', 'POST', '/hitl/run', { ...REQUEST, user_id: 'bob' });
    expect((await as<RunView>('bob', 'GET', `/hitl/run/${forBob.body.run_id}/status`)).body.user_id).toBe('bob');
  });

  it('hides what is not yours behind 404, from other users and other tenants', async () => {
    const { runId, approvalId } = await annsApproval();
    for (const stranger of ['bob', 'far']) {
      for (const path of [`/hitl/run/${runId}/status`, `/hitl/runs/${runId}/state`, `/hitl/approvals/${approvalId}`, `/hitl/jobs/run.start_${runId}`]) {
        expect([stranger, path, (await as(stranger, 'GET', path)).status]).toEqual([stranger, path, 404]);
      }
      expect((await as(stranger, 'POST', `/hitl/approvals/${approvalId}/decision`, { action: 'approve' })).status).toBe(404);
      expect((await as(stranger, 'POST', `/hitl/run/${runId}/pause`, {})).status).toBe(404);
      expect((await as<RunListView>(stranger, 'GET', '/hitl/runs?user_id=ann')).body.total).toBe(0);
      expect((await as<ApprovalListView>(stranger, 'GET', '/hitl/approvals/pending')).body.total).toBe(0);
    }
    expect((await as('rev', 'GET', `/hitl/run/${runId}/status`)).status).toBe(200);
  });

  it('takes the decider from the key: a forged approved_by is ignored', async () => {
    const { runId, approvalId } = await annsApproval();
    const { status, body } = await as('rev', 'POST', `/hitl/run/${runId}/approve`, { approval_id: approvalId, action: 'approve', approved_by: 'ann', user_id: 'ann' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ approval: { decided_by: 'human:rev' } });
  });

  it('lets a reviewer look and decide, but only the owner or an admin control the run', async () => {
    const { runId } = await annsApproval();
    expect((await as<{ code: string }>('rev', 'POST', `/hitl/run/${runId}/pause`, {})).body.code).toBe('FORBIDDEN');
    expect((await as('adm', 'DELETE', `/hitl/run/${runId}`)).status).toBe(202);
  });

  it('stops a principal that changes too much, tells when to come back, and nobody else', async () => {
    const answers = await Promise.all(Array.from({ length: 34 }, () => as<{ code: string }>('busy', 'POST', '/hitl/validate', {})));
    const limited = answers.filter(({ status }) => status === 429);
    expect(limited.length).toBeGreaterThanOrEqual(3);
    expect(limited[0]?.body.code).toBe('RATE_LIMITED');
    expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await as('busy', 'GET', '/hitl/runs')).status).toBe(200);
    expect((await as('bob', 'POST', '/hitl/validate', {})).status).toBe(422);
  });

  it('serves the API description to everybody', async () => {
    expect((await stage.call('GET', '/docs-json')).status).toBe(200);
  });
});
