import { startReplicateEmulator, type ReplicateEmulator } from '@countersign/providers';
import { waitFor } from '@countersign/testing';
import { startHouse, type House } from '../harness/house';
import { approveAll, untilAsked, untilRun, untilStatus } from '../harness/drive';
import type { RunRequest } from '@countersign/client';

/** Long enough for a reply to be found by listing, short enough for a test. */
const GRACE_SECONDS = 4;

describe('Replicate, by its emulator', () => {
  let emulator: ReplicateEmulator;
  let house: House;
  beforeAll(async () => {
    emulator = await startReplicateEmulator({ createsPerMinute: 10_000 });
    house = await startHouse({
      env: {
        REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, LAUNCH_GRACE_SECONDS: String(GRACE_SECONDS),
        FETCH_ALLOW_HOSTS: new URL(emulator.url).host,
      },
    });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });
  beforeEach(() => emulator.faults.clear());

  const request = (prompt: string, policy: 'auto' | 'require_human' = 'require_human'): RunRequest => ({
    run_input: { prompt, provider: 'replicate', model: 'black-forest-labs/flux-schnell' },
    hitl_config: { policy },
  });
  const creates = (): ReturnType<ReplicateEmulator['createCalls']> => emulator.createCalls();

  it('sends exactly the approved payload, once, and keeps the output', async () => {
    const client = house.client();
    const before = creates().length;
    const { run_id: runId } = await client.startRun(request('a lighthouse at dusk'));
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    expect(creates()).toHaveLength(before);
    await client.decide(approval.approval_id, { action: 'approve', payload_hash: approval.payload_hash ?? undefined });
    await approveAll(client, runId);
    const sent = creates().slice(before);
    expect(sent).toHaveLength(1);
    expect((sent[0]?.json as { input: unknown }).input).toEqual(approval.payload?.input);
    const part = (await client.state(runId)).outputs?.parts.find(({ kind }) => kind === 'file');
    const file = await fetch(client.address(part?.url ?? ''));
    expect(file.headers.get('content-type')).toMatch(/^image\//);
    expect((await file.arrayBuffer()).byteLength).toBe(part?.bytes);
  });

  it('finds a job whose reply was lost instead of paying twice', async () => {
    const client = house.client();
    const before = creates().length;
    emulator.faults.add({ on: 'create', action: { do: 'drop_after' }, times: 1 });
    const { run_id: runId } = await client.startRun(request('a reply that gets lost', 'auto'));
    await untilStatus(client, runId, 'completed');
    expect(creates()).toHaveLength(before + 1);
  });

  it('asks a person when it stays unclear, and spends again only on their word', async () => {
    const client = house.client();
    const before = creates().length;
    emulator.faults.add({ on: 'create', action: { do: 'drop_before' }, times: 1 });
    const { run_id: runId } = await client.startRun(request('a request that may have arrived', 'auto'));
    const approval = await untilAsked(client, runId, 'execution_unknown');
    expect(creates()).toHaveLength(before + 1);
    await client.decide(approval.approval_id, { action: 'retry' });
    await untilStatus(client, runId, 'completed');
    expect(creates()).toHaveLength(before + 2);
  });

  it('makes no call when the payload is not what was approved', async () => {
    const client = house.client();
    const before = creates().length;
    const { run_id: runId } = await client.startRun(request('approved words'));
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    await house.db.query(
      `UPDATE hitl_runs SET preparation = jsonb_set(preparation, '{payload,input,prompt}', '"other words"') WHERE run_id = $1`, [runId]);
    await client.decide(approval.approval_id, { action: 'approve' });
    const run = await untilRun(client, runId, ({ status }) => status === 'failed', 'failed');
    expect(run.error?.code).toBe('CONSENT_MISMATCH');
    expect(creates()).toHaveLength(before);
  });

  it('never launches a rejected run', async () => {
    const client = house.client();
    const before = creates().length;
    const { run_id: runId } = await client.startRun(request('not today'));
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    await client.decide(approval.approval_id, { action: 'reject', reason: 'too expensive' });
    await untilStatus(client, runId, 'cancelled');
    expect(creates()).toHaveLength(before);
  });

  it('follows an executor that was killed between the request and its answer', async () => {
    const client = house.client();
    const before = creates().length;
    emulator.faults.add({ on: 'create', action: { do: 'delay', ms: 3_000 }, times: 1 });
    const { run_id: runId } = await client.startRun(request('an executor that dies', 'auto'));
    await waitFor(() => creates().length === before + 1, { what: 'the request to arrive' });
    await house.kill('executor');
    await house.start('executor');
    await untilStatus(client, runId, 'completed');
    expect(creates()).toHaveLength(before + 1);
  }, 120_000);
});
