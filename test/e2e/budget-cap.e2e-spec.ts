import type { CountersignClient } from '@countersign/client';
import type { BudgetView, RunView } from '@countersign/contracts';
import { waitFor } from '@countersign/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedRequest, untilAsked, untilRun, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const RUNS = 200;
/** How many of them the cap has room for. */
const FIT = 37;
const BOOKED_MS = 30_000;

describe('a budget cap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-prices-'));
  let house: House;
  beforeAll(async () => {
    const file = join(folder, 'prices.json');
    // A cent for each echo; a job is billed by the second and nobody knows how long it takes.
    writeFileSync(file, JSON.stringify([
      { model: 'scripted/echo', usd_per_run: 0.01, source: 'test', date: '2026-11-22' },
      { model: 'scripted/job', usd_per_compute_second: 1, source: 'test', date: '2026-11-22' },
    ]));
    house = await startHouse({ env: { MODEL_PRICES_FILE: file, WRITES_PER_MINUTE: '1000000' } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const lineOf = (budget: BudgetView, userId: string | null) => budget.lines.find((line) => line.user_id === userId);
  const booked = async (client: CountersignClient, userId: string | null, used: number): Promise<void> => {
    await waitFor(async () => lineOf(await client.budget(), userId)?.used_usd === used, { what: `$${used} to be booked for ${userId}`, timeoutMs: BOOKED_MS });
  };

  it(`lets exactly ${FIT} of ${RUNS} runs at once launch by policy auto; the others ask, and not a cent is passed`, async () => {
    const client = house.client('crowd');
    await client.setCap({ amount_usd: FIT / 100, for_user_id: 'crowd' });
    const started = await Promise.all(Array.from({ length: RUNS }, () => client.startRun(scriptedRequest('auto'))));
    const ends = await Promise.all(started.map(({ run_id: runId }) =>
      untilRun(client, runId, ({ status }) => status === 'completed' || status === 'awaiting_human', 'completed or asked')));
    expect(ends.filter(({ status }) => status === 'completed')).toHaveLength(FIT);
    const asked = ends.filter(({ status }) => status === 'awaiting_human');
    expect(asked).toHaveLength(RUNS - FIT);
    const { rows } = await house.db.query<{ launches: string }>(`SELECT count(*) AS launches FROM hitl_launches JOIN hitl_runs r USING (run_id) WHERE r.user_id = 'crowd'`);
    expect(Number(rows[0]?.launches)).toBe(FIT);
    expect(lineOf(await client.budget(), 'crowd')).toMatchObject({ cap_usd: FIT / 100, used_usd: FIT / 100, reserved_usd: 0, left_usd: 0 });
    const card = await client.approval(asked[0]?.pending_approval?.approval_id ?? '');
    expect(card).toMatchObject({ checkpoint_type: 'payload_suggestion', context: { reason: expect.stringMatching(/^budget: crowd's daily cap of \$0.37 is reached/), budget: { estimate_usd: 0.01 } } });
  }, 180_000);

  it('that is reached asks: no releases the money, a reviewer\'s yes passes it, and the cost is booked', async () => {
    const client = house.client('dana');
    await client.setCap({ amount_usd: 0.01, for_user_id: 'dana' });
    const { run_id: waiting } = await client.startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    const card = await untilAsked(client, waiting, 'payload_suggestion');
    expect(card.context.budget).toBeUndefined();
    expect(lineOf(await client.budget(), 'dana')).toMatchObject({ reserved_usd: 0.01, left_usd: 0 });

    const explained = await client.validate(scriptedRequest('auto'));
    expect(explained.gates).toMatchObject([{ checkpoint_type: 'payload_suggestion', reason: expect.stringMatching(/^budget: /) }]);
    const { run_id: second } = await client.startRun(scriptedRequest('auto'));
    const money = await untilAsked(client, second, 'payload_suggestion');
    expect(money.context.budget).toMatchObject({ estimate_usd: 0.01, estimate_basis: 'price list: one run (test, 2026-11-22)', caps: [{ scope: 'user', user_id: 'dana', cap_usd: 0.01, reserved_usd: 0.01 }] });

    await client.decide(card.approval_id, { action: 'reject', reason: 'not today' });
    await untilStatus(client, waiting, 'cancelled');
    expect(lineOf(await client.budget(), 'dana')).toBeDefined();
    await waitFor(async () => lineOf(await client.budget(), 'dana')?.reserved_usd === 0, { what: 'the money to be given back' });

    await client.setCap({ amount_usd: 0, for_user_id: 'dana' });
    await client.decide(money.approval_id, { action: 'approve' });
    expect((await untilStatus(client, second, 'completed')).metrics).toMatchObject({ estimate_usd: 0.01, cost_usd: 0.01, cost_basis: 'price list: one run (test, 2026-11-22)' });
    await booked(client, 'dana', 0.01);
    const state = await client.state(second);
    expect(state.step_history.find(({ type }) => type === 'approved')?.metadata).toMatchObject({ cap_passed: true, reserved_usd: 0.01 });
    expect(state.launches[0]?.cost).toMatchObject({ amount: 0.01 });
  }, 120_000);

  it('knows what a model costs by the second once it was seen to run, and asks until then', async () => {
    const client = house.client('emil');
    const job = (): Promise<RunView> => client.startRun(scriptedRequest('auto', { delay_ms: 300 }, { run_input: { prompt: 'work', provider: 'scripted', model: 'scripted/job', parameters: { delay_ms: 300 } } }))
      .then(({ run_id: runId }) => untilStatus(client, runId, 'completed'));
    expect((await job()).metrics).toMatchObject({ estimate_usd: null, cost_usd: expect.any(Number) });
    for (let runs = 1; runs < 3; runs += 1) await job();
    await client.setCap({ amount_usd: 1_000, for_user_id: 'emil' });
    // The gateway looks anew after its memory of "never seen" is over; the orchestrator asked too early as well.
    const { rows } = await house.db.query<{ seconds: number }>(`SELECT (outcome -> 'metrics' ->> 'computeSeconds')::float8 AS seconds FROM hitl_launches WHERE model = 'scripted/job'`);
    expect(rows.map(({ seconds }) => seconds > 0)).toEqual([true, true, true]);
    await house.kill('gateway');
    await house.start('gateway');
    const { estimate, gates } = await client.validate(scriptedRequest('auto', {}, { run_input: { prompt: 'work', provider: 'scripted', model: 'scripted/job' } }));
    expect(estimate).toMatchObject({ amount: expect.any(Number), basis: expect.stringMatching(/^hardware at \$1 a second × [\d.]+ s, the median of 3 runs$/) });
    expect(gates).toEqual([]);
  }, 120_000);
});
