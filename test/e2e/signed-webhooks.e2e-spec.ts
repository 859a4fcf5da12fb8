import { startReplicateEmulator, type ReplicateEmulator } from '@countersign/providers';
import { freePort, waitFor } from '@countersign/testing';
import { startHouse, type House } from '../harness/house';
import { untilStatus } from '../harness/drive';

describe('signed call-backs', () => {
  let emulator: ReplicateEmulator;
  let house: House;
  beforeAll(async () => {
    emulator = await startReplicateEmulator({ createsPerMinute: 10_000, startMs: 50, runMs: 1_500 });
    const port = String(await freePort());
    house = await startHouse({
      env: {
        PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, LAUNCH_GRACE_SECONDS: '20',
        REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, REPLICATE_WEBHOOK_SECRET: emulator.webhookSecret,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });
  beforeEach(() => emulator.faults.clear());

  const start = async (prompt: string): Promise<string> => (await house.client().startRun({
    run_input: { prompt, provider: 'replicate', model: 'black-forest-labs/flux-schnell' }, hitl_config: { policy: 'auto' },
  })).run_id;
  const launchOf = async (runId: string) => {
    const { rows } = await house.db.query<{ launch_id: string; callback_token: string; job_id: string; status: string }>(
      'SELECT launch_id, callback_token, job_id, status FROM hitl_launches WHERE run_id = $1', [runId]);
    return rows[0];
  };

  it('finishes a run by its call-back, delivered twice and out of order', async () => {
    emulator.faults.addWebhook({ event: 'completed', do: 'duplicate' }, { event: 'start', do: 'after_next' });
    const runId = await start('call me back');
    await untilStatus(house.client(), runId, 'completed');
    await waitFor(() => emulator.webhooks.length >= 2, { what: 'the call-backs to be sent' });
    expect((await house.client().status(runId)).status).toBe('completed');
  });

  it('learns the job of a lost reply from the start call-back', async () => {
    const before = emulator.createCalls().length;
    emulator.faults.add({ on: 'create', action: { do: 'drop_after' } });
    // The list is down, so nothing but the call-back can tell.
    emulator.faults.add({ on: 'list', action: { do: 'answer', status: 503 }, times: 100 });
    const runId = await start('a lost reply, found by its call-back');
    await untilStatus(house.client(), runId, 'completed');
    expect(emulator.createCalls()).toHaveLength(before + 1);
  });

  it('finishes by polling when the call-backs are lost', async () => {
    emulator.faults.addWebhook({ event: 'start', do: 'withhold' }, { event: 'completed', do: 'withhold' });
    await untilStatus(house.client(), await start('nobody calls'), 'completed');
  });

  it('believes no call-back that is forged, or that names another job', async () => {
    const runId = await start('forge me');
    const launch = await waitFor(async () => {
      const found = await launchOf(runId);
      return found?.job_id ? found : undefined;
    }, { what: 'the launch' });
    const forge = (token: string, headers: Record<string, string> = {}) => fetch(`${house.url}/webhooks/replicate/${launch.launch_id}?token=${token}`, {
      method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ id: 'forged', status: 'succeeded', output: 'https://evil.example/x.png' }),
    });
    expect((await forge(launch.callback_token)).status).toBe(401);
    expect((await forge('wrong', { 'webhook-id': 'x', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)), 'webhook-signature': 'v1,AAAA' })).status).toBeGreaterThanOrEqual(400);
    const run = await untilStatus(house.client(), runId, 'completed');
    expect(JSON.stringify(await house.client().state(run.run_id))).not.toContain('evil.example');
  });
});
