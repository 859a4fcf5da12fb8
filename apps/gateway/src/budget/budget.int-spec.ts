import type { ApprovalView, BudgetView, DecisionView, RunStartedView, RunStateView, ValidateView } from '@countersign/contracts';
import { KeyStore, type Role } from '@countersign/core';
import { newId, sha256Hex } from '@countersign/service-kit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway, type Answer, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const CAPS = '/hitl/budget/caps';

/** scripted/echo costs a cent for each run here. */
describe('the budget by HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-prices-'));
  const secrets: Record<string, string> = {};
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  beforeAll(async () => {
    const file = join(folder, 'prices.json');
    writeFileSync(file, JSON.stringify([{ model: 'scripted/echo', usd_per_run: 0.01, source: 'test', date: '2026-11-22' }]));
    stage = await startGateway({ AUTH_MODE: 'api_key', MODEL_PRICES_FILE: file });
    hand = new HandOrchestrator(stage.app);
    const key = async (userId: string, roles: Role[], tenantId = 't1'): Promise<void> => {
      const secret = `cs_${newId()}`;
      secrets[userId] = secret;
      await stage.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(secret), tenantId, userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
    };
    for (const user of ['ann', 'bob']) await key(user, ['requester']);
    await key('rev', ['reviewer']);
    await key('adm', ['admin']);
    await key('far', ['admin'], 't2');
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const as = <T>(user: string, method: string, path: string, body?: unknown): Promise<Answer<T>> =>
    stage.call<T>(method, path, { body, headers: { authorization: `Bearer ${secrets[user]}` } });
  const budget = async (user: string): Promise<BudgetView> => (await as<BudgetView>(user, 'GET', '/hitl/budget')).body;
  const request = (policy = 'auto') => ({ run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy } });
  async function start(user: string, policy = 'auto'): Promise<RunStateView> {
    const { body: { run_id: runId } } = await as<RunStartedView>(user, 'POST', '/hitl/run', request(policy));
    await hand.advance(runId);
    return state(user, runId);
  }
  const state = async (user: string, runId: string): Promise<RunStateView> => (await as<RunStateView>(user, 'GET', `/hitl/runs/${runId}/state`)).body;
  const decide = (user: string, run: RunStateView, body: object) => as<DecisionView>(user, 'POST', `/hitl/approvals/${run.pending_approval?.approval_id}/decision`, body);
  const card = async (user: string, run: RunStateView): Promise<ApprovalView> => (await as<ApprovalView>(user, 'GET', `/hitl/approvals/${run.pending_approval?.approval_id}`)).body;

  it('is nobody\'s while there is no cap and nothing was spent', async () => {
    expect(await budget('ann')).toEqual({
      day: new Date().toISOString().slice(0, 10), currency: 'USD',
      lines: [{ scope: 'tenant', user_id: null, cap_usd: null, used_usd: 0, reserved_usd: 0, left_usd: null, unknown_estimate: null, set_by: null, set_at: null }],
    });
  });

  it('takes caps from admins only, and keeps them in their tenant', async () => {
    for (const user of ['ann', 'rev']) {
      expect((await as(user, 'PUT', CAPS, { amount_usd: 5 })).status).toBe(403);
      expect((await as(user, 'DELETE', CAPS)).status).toBe(403);
    }
    const { body } = await as<BudgetView>('far', 'PUT', CAPS, { amount_usd: 5, unknown_estimate: 'allow' });
    expect(body.lines[0]).toMatchObject({ cap_usd: 5, left_usd: 5, unknown_estimate: 'allow', set_by: 'human:far' });
    expect((await budget('adm')).lines[0]?.cap_usd).toBeNull();
    expect((await as<{ code: string }>('far', 'DELETE', `${CAPS}?for_user_id=nobody`)).body.code).toBe('CAP_NOT_FOUND');
    expect((await as<BudgetView>('far', 'DELETE', CAPS)).body.lines[0]?.cap_usd).toBeNull();
  });

  it.each([[{}], [{ amount_usd: -1 }], [{ amount_usd: '5' }], [{ amount_usd: 1e9 }], [{ amount_usd: 1, unknown_estimate: 'hope' }], [{ amount_usd: 1, user_id: 'ann' }]])('refuses %j as a cap', async (body) => {
    expect((await as('adm', 'PUT', CAPS, body)).status).toBe(422);
  });

  it('shows requesters the tenant and themselves, and reviewers everybody', async () => {
    await start('ann', 'require_human');
    await start('bob', 'require_human');
    const users = async (user: string) => (await budget(user)).lines.map(({ user_id: id, reserved_usd: reserved }) => [id, reserved]);
    expect([await users('ann'), await users('rev')]).toEqual([[[null, 0.02], ['ann', 0.01]], [[null, 0.02], ['ann', 0.01], ['bob', 0.01]]]);
  });

  it('that is reached is explained beforehand, and nothing is set aside for that', async () => {
    await as('adm', 'PUT', CAPS, { amount_usd: 0.02 });
    const before = await budget('rev');
    const { body } = await as<ValidateView>('ann', 'POST', '/hitl/validate', request());
    expect(body.estimate).toEqual({ amount: 0.01, currency: 'USD', basis: 'price list: one run (test, 2026-11-22)' });
    expect(body.gates).toEqual([{ checkpoint_type: 'payload_suggestion', who: 'a reviewer', reason: expect.stringMatching(/^budget: the daily cap of \$0.02 is reached/), budget: expect.objectContaining({ estimate_usd: 0.01 }) }]);
    expect(await budget('rev')).toEqual(before);
  });

  it('is passed by a reviewer and not by whoever asks, who may still change the input or say no', async () => {
    const run = await start('ann');
    expect((await card('ann', run)).context.budget).toMatchObject({ estimate_usd: 0.01, caps: [{ scope: 'tenant', cap_usd: 0.02 }] });
    const refused = await decide('ann', run, { action: 'approve' });
    expect([refused.status, (refused.body as unknown as { detail: string }).detail]).toEqual([403, expect.stringContaining('only a reviewer or an admin')]);
    expect((await decide('rev', run, { action: 'approve' })).status).toBe(200);
    await hand.advance(run.run_id);
    expect(await state('ann', run.run_id)).toMatchObject({ status: 'running', current_step: 'api_call', metrics: { estimate_usd: 0.01, cost_usd: null } });
    expect((await budget('rev')).lines[0]).toMatchObject({ reserved_usd: 0.03, left_usd: -0.01 });

    const edited = await start('ann');
    expect((await decide('ann', edited, { action: 'edit', edits: { prompt: 'shorter' } })).status).toBe(200);
    await hand.advance(edited.run_id);
    const again = await state('ann', edited.run_id);
    expect([again.status, again.suggested_payload?.input.prompt]).toEqual(['awaiting_human', 'shorter']);
    expect((await decide('ann', again, { action: 'reject', reason: 'too dear' })).status).toBe(200);
  });
});
