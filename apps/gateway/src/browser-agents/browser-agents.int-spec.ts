import type { ApprovalView } from '@countersign/contracts';
import { CommandStore, DEFAULT_CONFIG, KeyStore, newRun, RunStore, type Role, type Run } from '@countersign/core';
import { Publisher } from '@countersign/queues';
import { newId, sha256Hex } from '@countersign/service-kit';
import { PostgresPool } from '../gateway-ports.module';
import { startGateway, type Answer, type GatewayStage } from '../testing/gateway-stage';

type Body = ApprovalView & { code?: string; errors?: { field: string }[] };

describe('the door of browser agents', () => {
  let stage: GatewayStage;
  let keyed: GatewayStage;
  beforeAll(async () => {
    [stage, keyed] = await Promise.all([startGateway(), startGateway({ AUTH_MODE: 'api_key' })]);
  });
  afterAll(() => Promise.all([stage.close(), keyed.close()]));

  const start = async (at: GatewayStage = stage, userId = 'ann'): Promise<Run> => {
    const run = newRun({
      runId: newId(), tenantId: 'default', userId, sessionId: 's1', parentRunId: null, provider: 'scripted', model: 'scripted/echo',
      modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: {},
    }, new Date().toISOString());
    await at.app.get(RunStore).insert(run, [], null);
    return run;
  };
  const ask = (body: object, at: GatewayStage = stage, headers: Record<string, string> = {}): Promise<Answer<Body>> =>
    at.call<Body>('POST', '/hitl/browser/approvals', { body: { action_description: 'Press Buy', browser_context: { url: 'https://shop.example', selector: '#buy', step: 3 }, ...body }, headers });
  const job = (id: string) => stage.app.get(Publisher).queue('orchestrator').getJob(id);
  const key = async (userId: string, roles: Role[]): Promise<Record<string, string>> => {
    const token = `csk_${newId()}`;
    await keyed.app.get(KeyStore).create({ keyId: newId(), keyHash: sha256Hex(token), tenantId: 'default', userId, roles, createdAt: new Date().toISOString(), revokedAt: null });
    return { authorization: `Bearer ${token}` };
  };

  it('asks, with the usual fields and what the agent is about to do in them', async () => {
    const { runId } = await start();
    const { status, headers, body } = await ask({ run_id: runId, user_id: 'ann', timeout_seconds: 60 });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/hitl/approvals/${body.approval_id}`);
    expect(body).toMatchObject({
      run_id: runId, checkpoint_type: 'browser_action', status: 'pending', message: 'Press Buy', user_id: 'ann', session_id: 's1', allowed_actions: ['approve', 'edit', 'reject'],
      context: { action_description: 'Press Buy', requires_human_review: true, browser_context: { step: 3 } },
      schema: {
        type: 'object', additionalProperties: false, required: ['action_description'],
        properties: {
          action_description: { type: 'string', default: 'Press Buy' }, selector: { type: 'string', default: '#buy' }, text: { type: 'string' },
          url: { default: 'https://shop.example' }, wait_time: { type: 'number', default: 1 }, screenshot: { type: 'boolean', default: true },
        },
      },
    });
    expect(Date.parse(body.expires_at ?? '') - Date.parse(body.requested_at)).toBe(60_000);
    expect(await job(`approval.noted_${runId}_${body.approval_id}_browser_asked`)).toBeDefined();
    expect((await job(`approval.expire_${runId}_${body.approval_id}_0`))?.delay).toBeGreaterThan(50_000);
  });

  it('asks once for one request_id, however often and from wherever it comes', async () => {
    const { runId } = await start();
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ run_id: runId, request_id: 'q-1' })));
    expect(new Set(answers.map(({ body }) => body.approval_id)).size).toBe(1);
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 9 }, () => 200), 201]);
    const other = await start();
    expect((await ask({ run_id: other.runId, request_id: 'q-1' })).status).toBe(201);
  });

  it('gives the answer to whoever waits for it, edits limited to what may be edited', async () => {
    const { runId } = await start();
    const { body: asked } = await ask({ run_id: runId, editable_fields: ['selector', 'step'] });
    expect(asked.schema).toMatchObject({ properties: { selector: { type: 'string' }, step: { type: 'number', default: 3 } }, required: [] });
    const path = `/hitl/approvals/${asked.approval_id}`;
    const refused = await stage.call('POST', `${path}/decision`, { body: { action: 'edit', edits: { url: 'https://evil.example' } }, user: 'ann' });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: 'edits.url' }] } });
    expect((await stage.call('POST', `${path}/decision`, { body: { action: 'edit', edits: { step: 'four' } }, user: 'ann' })).status).toBe(422);
    const waiting = stage.call<ApprovalView>('GET', `${path}?wait=20`, { user: 'ann' });
    expect((await stage.call('POST', `${path}/decision`, { body: { action: 'edit', edits: { selector: '#cancel' } }, user: 'ann' })).status).toBe(200);
    expect((await waiting).body).toMatchObject({ status: 'edited', response: { edits: { selector: '#cancel' } }, decided_by: 'human:ann' });
  });

  it('takes fields as the agent describes them', async () => {
    const { runId } = await start();
    const fields = { step: { type: 'integer', range: [1, 9], label: 'Step' }, colour: { options: ['red', 'blue'], default: 'red' }, note: 'string' };
    expect((await ask({ run_id: runId, editable_fields: fields })).body.schema).toMatchObject({
      properties: { step: { type: 'integer', minimum: 1, maximum: 9, title: 'Step', default: 3 }, colour: { type: 'string', enum: ['red', 'blue'], default: 'red' }, note: { type: 'string' } },
    });
    expect((await ask({ run_id: runId, editable_fields: [] })).body.allowed_actions).toEqual(['approve', 'reject']);
  });

  it.each<[string, object]>([
    ['fields that are no list', { editable_fields: 'all' }], ['a prototype as a field', { editable_fields: ['__proto__'] }], ['an inherited name', { editable_fields: ['constructor'] }],
    ['an unknown type', { editable_fields: { a: { type: 'magic' } } }], ['an unknown word', { editable_fields: { a: { $ref: 'http://x' } } }],
    ['too many fields', { editable_fields: Array.from({ length: 51 }, (_, n) => `f${n}`) }], ['no time', { timeout_seconds: 0 }], ['too much time', { timeout_seconds: 1e9 }],
    ['half a second', { timeout_seconds: 1.5 }], ['no action', { action_description: '' }], ['text as context', { browser_context: 'page' }], ['an unknown key', { surprise: 1 }],
  ])('refuses %s', async (_what, over) => {
    const { runId } = await start();
    expect((await ask({ run_id: runId, ...over })).body.code).toBe('VALIDATION_FAILED');
  });

  it('knows runs of others no more than those that are not there, and nothing ends up with strangers', async () => {
    const mine = await start(keyed, 'ann');
    const [ann, ben, admin] = [await key('ann', ['requester']), await key('ben', ['requester']), await key('root', ['admin'])];
    expect((await ask({ run_id: newId() })).body.code).toBe('RUN_NOT_FOUND');
    expect((await ask({ run_id: mine.runId }, keyed, ben)).body.code).toBe('RUN_NOT_FOUND');
    expect((await ask({ run_id: mine.runId, user_id: 'ben' }, keyed, ann)).body.code).toBe('FORBIDDEN');
    expect((await ask({ run_id: mine.runId, user_id: 'ben' }, keyed, admin)).body.user_id).toBe('ben');
    expect((await ask({ run_id: mine.runId }, keyed, ann)).body.user_id).toBe('ann');
  });

  it('has nothing to ask or to report for a run that has ended', async () => {
    const { runId } = await start();
    await stage.app.get(PostgresPool).pool.query(`UPDATE hitl_runs SET status = 'cancelled', standing = '{"finishedAt":"2026-11-22T10:00:00.000Z","by":"human:ann","reason":""}' WHERE run_id = $1`, [runId]);
    expect(await ask({ run_id: runId })).toMatchObject({ status: 409, body: { code: 'ILLEGAL_STATE' } });
    expect((await stage.call('POST', '/hitl/browser/completions', { body: { run_id: runId, action_result: 'done' } })).status).toBe(409);
  });

  it('hands a report to the orchestrator, once for one request_id', async () => {
    const { runId } = await start();
    const report = (body: object) => stage.call('POST', '/hitl/browser/completions', { body: { run_id: runId, user_id: 'ann', ...body } });
    const twice = await Promise.all([1, 2, 3].map(() => report({ action_result: { status: 'ok', steps: 3 }, request_id: 'r-1' })));
    expect(twice.map(({ status, body }) => [status, body])).toEqual(Array.from({ length: 3 }, () => [200, { success: true, message: expect.any(String) as string, run_id: runId }]));
    await report({ action_result: 'The shop was closed', success: false });
    const open = await stage.app.get(CommandStore).open(runId);
    expect(open.map(({ name, by, reason }) => [name, by, reason])).toEqual([['report', 'agent:ann', '{"status":"ok","steps":3}'], ['report', 'agent:ann', 'failed: The shop was closed']]);
    expect((await report({})).status).toBe(422);
    expect((await report({ action_result: 'x'.repeat(10_001) })).status).toBe(422);
    expect(await Promise.all(open.map(({ commandId }) => job(`run.commanded_${runId}_${commandId}`)))).not.toContain(undefined);
  });
});
