import { waitFor } from '@countersign/testing';
import { startHouse, type House } from '../harness/house';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

describe('Redis flushed', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  it('brings runs of every status to their end, each launched once (invariant 1)', async () => {
    const client = house.client();
    const start = async (...request: Parameters<typeof scriptedRequest>) => (await client.startRun(scriptedRequest(...request))).run_id;
    const job = { run_input: { prompt: 'a slow job', provider: 'scripted', model: 'scripted/job' } };

    const waiting = await start('require_human');
    await untilAsked(client, waiting, 'payload_suggestion');
    const reviewing = await start('require_human', {}, { hitl_config: { allowed_steps: ['response_review'] } });
    await untilAsked(client, reviewing, 'response_review');
    const calling = await start('auto', {}, { run_input: { ...job.run_input, parameters: { delay_ms: 4_000 } } });
    await waitFor(async () => (await client.state(calling)).launches[0]?.status === 'launched', { what: 'the job to run' });
    const paused = await start('require_human');
    await untilAsked(client, paused, 'payload_suggestion');
    await client.pause(paused);
    const expiring = await start('require_human', {}, { hitl_config: { timeout_seconds: 5 } });
    await untilAsked(client, expiring, 'payload_suggestion');
    const done = await start('auto');
    await untilStatus(client, done, 'completed');

    // Started and decided while the orchestrator is down, so that only rows know of it when Redis forgets.
    await house.kill('orchestrator');
    const queued = await start('auto');
    const decided = await client.pendingApprovals({ run_id: reviewing });
    await client.decide(decided.approvals[0]?.approval_id ?? '', { action: 'approve' });
    await house.flushRedis();
    await house.start('orchestrator');

    await untilStatus(client, queued, 'completed');
    await untilStatus(client, reviewing, 'completed');
    await untilStatus(client, calling, 'completed');
    await untilStatus(client, expiring, 'expired');
    expect((await client.status(done)).status).toBe('completed');
    expect((await client.status(paused)).status).toBe('paused');
    await client.resume(paused);
    await approveAll(client, paused);
    await approveAll(client, waiting);

    const { rows } = await house.db.query<{ run_id: string; launches: string }>(
      'SELECT run_id, count(*) AS launches FROM hitl_launches GROUP BY run_id HAVING count(*) > 1');
    expect(rows).toEqual([]);
  }, 120_000);
});
