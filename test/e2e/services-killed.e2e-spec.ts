import { waitFor } from '@countersign/testing';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHouse, type House, type ServiceName } from '../harness/house';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

describe('services killed mid-run', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse({ env: { LAUNCH_GRACE_SECONDS: '5' } });
  }, 120_000);
  afterAll(() => house.close());

  const restarted = async (service: ServiceName): Promise<void> => {
    await house.kill(service);
    await house.start(service);
  };
  const launchesOf = async (runId: string): Promise<number> => {
    const { rows } = await house.db.query<{ count: string }>('SELECT count(*) FROM hitl_launches WHERE run_id = $1', [runId]);
    return Number(rows[0]?.count);
  };

  it('goes on after the orchestrator died before and after an answer', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human'));
    const first = await untilAsked(client, runId, 'payload_suggestion');
    await house.kill('orchestrator');
    await client.decide(first.approval_id, { action: 'approve' });
    await house.start('orchestrator');
    await untilAsked(client, runId, 'response_review');
    await restarted('orchestrator');
    await approveAll(client, runId);
    expect(await launchesOf(runId)).toBe(1);
  }, 120_000);

  it('clears away the half-written files of a killed process, not those in the making', async () => {
    const folder = join(house.env.DATA_DIR ?? '', 'tmp');
    mkdirSync(folder, { recursive: true });
    const [left, young] = [join(folder, 'put-left'), join(folder, 'put-young')];
    for (const file of [left, young]) writeFileSync(file, 'half');
    const twoHoursAgo = Date.now() / 1000 - 7_200;
    utimesSync(left, twoHoursAgo, twoHoursAgo);
    await restarted('executor');
    expect([existsSync(left), existsSync(young)]).toEqual([false, true]);
  }, 120_000);

  it('goes on after the executor died while a job ran at the provider', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('auto', {}, {
      run_input: { prompt: 'a slow job', provider: 'scripted', model: 'scripted/job', parameters: { delay_ms: 3_000 } },
    }));
    await waitFor(async () => (await client.state(runId)).launches[0]?.status === 'launched', { what: 'the job to run' });
    await restarted('executor');
    await untilStatus(client, runId, 'completed');
    expect(await launchesOf(runId)).toBe(1);
  }, 120_000);

  it('goes on after the executor died in the middle of a launch that can be repeated', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('auto', { delay_ms: 5_000 }));
    await waitFor(async () => (await client.state(runId)).launches[0]?.status === 'submitting', { what: 'the launch to be under way' });
    await restarted('executor');
    await untilStatus(client, runId, 'completed');
    expect(await launchesOf(runId)).toBe(1);
  }, 120_000);

  it('loses nothing when the gateway or the notifier die', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human'));
    await untilAsked(client, runId, 'payload_suggestion');
    await Promise.all([restarted('gateway'), restarted('notifier')]);
    await approveAll(client, runId);
    const { rows } = await house.db.query<{ told_seq: number; version: number }>(
      `SELECT n.told_seq, r.version FROM notices n JOIN hitl_runs r USING (run_id) WHERE run_id = $1 AND channel = 'socket'`, [runId]);
    await waitFor(async () => (rows[0]?.told_seq ?? 0) > 0, { what: 'the channel to be told' });
  }, 120_000);
});
