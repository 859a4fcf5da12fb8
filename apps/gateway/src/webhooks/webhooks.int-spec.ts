import { LaunchStore, newRun, RunStore, DEFAULT_CONFIG, type Launch } from '@countersign/core';
import { newId } from '@countersign/service-kit';
import { createHmac } from 'node:crypto';
import { PostgresPool } from '../gateway-ports.module';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';

const SECRET_BYTES = Buffer.from('a-secret-of-this-test');
const SECRET = `whsec_${SECRET_BYTES.toString('base64')}`;
const TOKEN = 'token-of-this-launch';

describe('call-backs of providers', () => {
  let stage: GatewayStage;
  beforeAll(async () => {
    stage = await startGateway({ REPLICATE_WEBHOOK_SECRET: SECRET, AUTH_MODE: 'api_key' });
  });
  afterAll(() => stage.close());

  const launched = async (over: Partial<Launch> = {}): Promise<Launch> => {
    const now = new Date().toISOString();
    const run = newRun({
      runId: newId(), tenantId: 'default', userId: 'ann', sessionId: null, parentRunId: null, provider: 'replicate', model: 'lucataco/remove-bg',
      modelVersion: null, tool: null, config: DEFAULT_CONFIG, originalInput: {},
    }, now);
    await stage.app.get(RunStore).insert(run, [], null);
    await stage.app.get(PostgresPool).pool.query(`UPDATE hitl_runs SET status = 'running', step = 'api_call', attempt = 1 WHERE run_id = $1`, [run.runId]);
    const launch: Launch = {
      launchId: newId(), runId: run.runId, tenantId: 'default', attempt: 1, provider: 'replicate', model: run.model, modelVersion: null, payloadHash: 'a'.repeat(64), status: 'submitting',
      callbackToken: TOKEN, jobId: null, callbackJobId: null, submittedAt: now, launchedAt: null, finishedAt: null, nextCheckAt: now, checks: 0, progress: null, outcome: null, ...over,
    };
    await stage.app.get(LaunchStore).begin(launch);
    return launch;
  };
  const post = (path: string, body: string, { at = Date.now(), key = SECRET_BYTES } = {}) => {
    const timestamp = String(Math.floor(at / 1000));
    const signature = `v1,${createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64')}`;
    return stage.call<{ received?: boolean; code?: string }>('POST', path, {
      body, headers: { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    });
  };
  const bells = async (launchId: string): Promise<number> => {
    const { rows } = await stage.app.get(PostgresPool).pool.query<{ count: string }>(`SELECT count(*) FROM outbox WHERE data ->> 'launch_id' = $1`, [launchId]);
    return Number(rows[0]?.count);
  };
  const BODY = '{ "id": "rrr4z55ocneqzikepnug6xezpe",  "status": "succeeded", "output": "https://evil.example/x.png" }';

  it('notes the job of a lost answer and asks somebody to look, also when it comes again', async () => {
    const { launchId } = await launched();
    for (let n = 0; n < 3; n += 1) {
      expect(await post(`/webhooks/replicate/${launchId}?token=${TOKEN}`, BODY)).toMatchObject({ status: 200, body: { received: true } });
    }
    const launch = await stage.app.get(LaunchStore).find(launchId);
    expect(launch).toMatchObject({ callbackJobId: 'rrr4z55ocneqzikepnug6xezpe', status: 'submitting', outcome: null });
  });

  it('believes nothing of a job that is not this launch\'s', async () => {
    const { launchId } = await launched();
    await stage.app.get(LaunchStore).change(launchId, { status: 'launched', jobId: 'job-own', nextCheckAt: null }, []);
    expect((await post(`/webhooks/replicate/${launchId}?token=${TOKEN}`, BODY)).status).toBe(200);
    expect(await stage.app.get(LaunchStore).find(launchId)).toMatchObject({ jobId: 'job-own', callbackJobId: null });
  });

  it('never moves a launch that has ended', async () => {
    const { launchId } = await launched();
    const outcome = { kind: 'stopped' as const, billed: false, detail: '' };
    await stage.app.get(LaunchStore).change(launchId, { status: 'stopped', nextCheckAt: null, outcome, finishedAt: new Date().toISOString() }, []);
    expect((await post(`/webhooks/replicate/${launchId}?token=${TOKEN}`, BODY)).status).toBe(200);
    expect(await stage.app.get(LaunchStore).find(launchId)).toMatchObject({ status: 'stopped', callbackJobId: null });
    expect(await bells(launchId)).toBe(0);
  });

  it('refuses what is not signed for these very bytes, is old, or has another token', async () => {
    const { launchId } = await launched();
    const path = `/webhooks/replicate/${launchId}?token=${TOKEN}`;
    const forged = await post(path, BODY, { key: Buffer.from('another') });
    expect([forged.status, forged.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    expect((await post(path, BODY, { at: Date.now() - 10 * 60_000 })).status).toBe(401);
    expect((await stage.call('POST', path, { body: BODY })).status).toBe(401);
    expect((await post(`/webhooks/replicate/${launchId}?token=another`, BODY)).status).toBe(401);
    expect((await post(`/webhooks/replicate/${launchId}`, BODY)).status).toBe(422);
    expect(await stage.app.get(LaunchStore).find(launchId)).toMatchObject({ callbackJobId: null });
  });

  it('knows no such launch and no such provider', async () => {
    const { launchId } = await launched();
    expect((await post(`/webhooks/replicate/${newId()}?token=${TOKEN}`, BODY)).body.code).toBe('LAUNCH_NOT_FOUND');
    expect((await post(`/webhooks/replicate/nonsense?token=${TOKEN}`, BODY)).body.code).toBe('LAUNCH_NOT_FOUND');
    expect((await post(`/webhooks/scripted/${launchId}?token=${TOKEN}`, BODY)).body.code).toBe('LAUNCH_NOT_FOUND');
    expect((await post(`/webhooks/nobody/${launchId}?token=${TOKEN}`, BODY)).body.code).toBe('PROVIDER_NOT_FOUND');
  });
});
