import { addMs, dayOf, type HitlConfig, type JsonObject, type LaunchOutcome, type Refusal, type Run, type Spending } from '@countersign/core';
import { anOutput, testId } from '@countersign/core/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const DAY_MS = 86_400_000;
const CENT = 10_000;
const REFUSAL: Refusal = { reason: 'throttled', message: 'busy', detail: '429', retryAfterMs: 10, fields: [] };
const ended = (kind: 'succeeded' | 'failed', amount: number | null): LaunchOutcome => {
  const cost = { amount, currency: 'USD', basis: 'told' } as const;
  const metrics = { computeSeconds: 1, totalSeconds: 1 };
  return kind === 'succeeded' ? { kind, output: anOutput(), metrics, cost } : { kind, reason: 'model_error', message: 'm', detail: 'd', metrics, cost };
};

/** scripted/echo costs a cent a run here. */
describe('a daily cap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-prices-'));
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    const file = join(folder, 'prices.json');
    writeFileSync(file, JSON.stringify([{ model: 'scripted/echo', usd_per_run: 0.01, source: 'test', date: '2026-11-22' }, { model: 'scripted/image', usd_per_compute_second: 0.001, source: 'test', date: '2026-11-22' }]));
    stage = await orchestratorStage({ MODEL_PRICES_FILE: file });
    people = new People(stage);
  });
  afterAll(async () => {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const setCap = (tenantId: string, cents: number, userId: string | null = null) =>
    stage.budgets.setCap({ tenantId, userId, micros: cents * CENT, onUnknown: 'ask', setBy: 'human:admin', setAt: stage.clock.now() });
  const spent = async (tenantId: string): Promise<Spending | undefined> => (await stage.budgets.spending(tenantId, dayOf(stage.clock.now()), 10))[0];
  async function run(tenantId: string, config: Partial<HitlConfig> = { policy: 'auto' }, over: { model?: string } = {}): Promise<Run> {
    const { runId } = await people.start(config, { tenantId, ...over });
    return people.advance(runId);
  }
  const capCard = async ({ runId }: Run): Promise<{ checkpoint: string; budget: JsonObject }> => {
    const { checkpoint, context } = await people.pending(runId);
    return { checkpoint, budget: context.budget as JsonObject };
  };

  it('sets money aside with the launch of an automatic run, and books what it cost when it ended', async () => {
    const tenantId = testId();
    const { runId, attempt } = await run(tenantId);
    expect([attempt, await spent(tenantId)]).toEqual([1, { userId: null, usedMicros: 0, reservedMicros: CENT }]);
    await people.launch(runId, ended('succeeded', 0.004));
    expect(await spent(tenantId)).toEqual({ userId: null, usedMicros: 4_000, reservedMicros: 0 });
    expect((await people.advance(runId)).cost).toMatchObject({ amount: 0.004 });
  });

  it('that is reached asks under policy auto, and says which cap and how much', async () => {
    const tenantId = testId();
    await setCap(tenantId, 1);
    await run(tenantId);
    const second = await run(tenantId);
    expect(second).toMatchObject({ status: 'awaiting_human', step: 'payload_review', attempt: 0 });
    expect(await capCard(second)).toMatchObject({
      checkpoint: 'payload_suggestion',
      budget: { estimate_usd: 0.01, estimate_basis: 'price list: one run (test, 2026-11-22)', caps: [{ scope: 'tenant', cap_usd: 0.01, used_usd: 0, reserved_usd: 0.01 }] },
    });
    expect((await people.pending(second.runId)).context.reason).toMatch(/^budget: the daily cap of \$0.01 is reached/);
  });

  it('is passed by a person who may, knowingly, and the history says so', async () => {
    const tenantId = testId();
    await setCap(tenantId, 0);
    const { runId } = await run(tenantId);
    expect(await people.decide(runId, { overridesCap: true, by: 'human:rita' })).toMatchObject({ status: 'running', step: 'api_call', attempt: 1 });
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: CENT });
    expect((await stage.history(runId)).at(-1)).toMatchObject({ type: 'approved', actor: 'human:rita', metadata: { cap_passed: true, reserved_usd: 0.01 } });
    const rows = await stage.query<{ overridden_by: string }>('SELECT overridden_by FROM budget_reservations WHERE run_id = $1', [runId]);
    expect(rows).toEqual([{ overridden_by: 'human:rita' }]);
  });

  it('is passed by no clock: a card about money expires', async () => {
    const tenantId = testId();
    await setCap(tenantId, 0);
    const { runId } = await run(tenantId, { policy: 'auto', onTimeout: 'approve', timeoutSeconds: 60 });
    stage.clock.skip(60_000);
    expect(await people.advance(runId)).toMatchObject({ status: 'expired', attempt: 0 });
  });

  it('holds money while a person is asked, and gives it back when they say no, nobody answers, or it is called off', async () => {
    const tenantId = testId();
    const ask = () => run(tenantId, { policy: 'require_human', timeoutSeconds: 60 });
    const [rejected, expired, cancelled] = [await ask(), await ask(), await ask()];
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: 3 * CENT });
    await people.decide(rejected.runId, { action: 'reject', reason: 'no' });
    await people.command(cancelled.runId, 'cancel');
    await people.advance(cancelled.runId);
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: CENT });
    stage.clock.skip(60_000);
    await people.advance(expired.runId);
    expect(await spent(tenantId)).toBeUndefined();
  });

  it('asks again when a yes comes after the money is gone: over midnight, the new day decides', async () => {
    const tenantId = testId();
    const waiting = await run(tenantId, { policy: 'require_human', timeoutSeconds: 10 * 86_400 });
    await setCap(tenantId, 1);
    stage.clock.skip(DAY_MS);
    await run(tenantId);
    const before = await people.pending(waiting.runId);
    const again = await people.decide(waiting.runId);
    const after = await people.pending(waiting.runId);
    expect([again.status, again.attempt, after.approvalId === before.approvalId]).toEqual(['awaiting_human', 0, false]);
    expect(await capCard(again)).toMatchObject({ checkpoint: 'payload_suggestion', budget: { caps: [{ cap_usd: 0.01 }] } });
    expect((await stage.history(waiting.runId)).map(({ type }) => type).slice(-2)).toEqual(['returned', 'asked']);
    await people.decide(waiting.runId, { overridesCap: true });
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: 2 * CENT });
    expect(await stage.budgets.spending(tenantId, dayOf(addMs(stage.clock.now(), -DAY_MS)), 10)).toEqual([]);
  });

  it('asks again at a failed launch too, with the same error and the money beside it', async () => {
    const tenantId = testId();
    const { runId } = await run(tenantId, { policy: 'require_human', allowedSteps: ['payload_review'] });
    await people.decide(runId);
    await people.launch(runId, ended('failed', 0.01));
    expect(await people.advance(runId)).toMatchObject({ standing: { checkpoint: 'error_recovery' }, cost: { amount: 0.01 } });
    await setCap(tenantId, 1);
    const again = await people.decide(runId, { action: 'retry' });
    expect([again.status, again.attempt]).toEqual(['awaiting_human', 1]);
    expect(await capCard(again)).toMatchObject({ checkpoint: 'error_recovery', budget: { caps: [{ used_usd: 0.01 }] } });
    expect(await people.decide(runId, { action: 'retry', overridesCap: true })).toMatchObject({ status: 'running', attempt: 2 });
    await people.launch(runId, ended('succeeded', 0.02));
    expect((await people.advance(runId)).cost).toMatchObject({ amount: 0.03, basis: '2 launches: $0.01 + $0.02' });
  });

  it('asks before a launch is repeated by code when the money went to somebody else meanwhile', async () => {
    const tenantId = testId();
    await setCap(tenantId, 1);
    const { runId } = await run(tenantId);
    await people.launch(runId, { kind: 'refused', refusal: REFUSAL });
    expect(await spent(tenantId)).toBeUndefined();
    await run(tenantId);
    const stopped = await people.advance(runId);
    expect([stopped.status, stopped.attempt]).toEqual(['awaiting_human', 1]);
    expect(await capCard(stopped)).toMatchObject({ checkpoint: 'error_recovery', budget: { caps: [{ reserved_usd: 0.01 }] } });
  });

  it('asks about a cost that nobody knows, and books what it was', async () => {
    const tenantId = testId();
    await setCap(tenantId, 100);
    await people.knowForm('scripted/image');
    const unknown = await run(tenantId, { policy: 'auto' }, { model: 'scripted/image' });
    expect(await capCard(unknown)).toMatchObject({ budget: { estimate_usd: null, why: 'the cost is not known and a cap is set' } });
    expect(await people.decide(unknown.runId, { overridesCap: true })).toMatchObject({ status: 'running', step: 'api_call' });
    await people.launch(unknown.runId, ended('succeeded', 0.05));
    expect(await spent(tenantId)).toMatchObject({ usedMicros: 5 * CENT });
  });

  it('holds back a user before the tenant, and no other user', async () => {
    const tenantId = testId();
    await setCap(tenantId, 100);
    await setCap(tenantId, 0, 'bob');
    const start = async (userId: string) => people.advance((await people.start({ policy: 'auto' }, { tenantId, userId })).runId);
    expect([(await start('bob')).status, (await start('ann')).attempt]).toEqual(['awaiting_human', 1]);
  });

  it('says what a launch called off while it ran may have cost', async () => {
    const tenantId = testId();
    const { runId } = await run(tenantId);
    const launchId = await people.launch(runId, null);
    await people.command(runId, 'cancel');
    expect((await people.advance(runId)).cost).toMatchObject({ amount: null, basis: 'called off before its cost was known' });
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: CENT });
    await stage.launches.change(launchId, { status: 'stopped', outcome: { kind: 'stopped', billed: true, detail: '' }, finishedAt: stage.clock.now(), nextCheckAt: null }, []);
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: 0, usedMicros: CENT });
  });

  it('lets two orchestrators launch no more than fits', async () => {
    const tenantId = testId();
    const other = await stage.another();
    await setCap(tenantId, 7);
    const runs = await Promise.all(Array.from({ length: 30 }, () => people.start({ policy: 'auto' }, { tenantId })));
    await Promise.all(runs.map(({ runId }, n) => (n % 2 === 0 ? stage.advanceRun : other.advanceRun).advance(runId)));
    const now = await Promise.all(runs.map(({ runId }) => people.run(runId)));
    expect([now.filter(({ attempt }) => attempt === 1).length, now.filter(({ status }) => status === 'awaiting_human').length]).toEqual([7, 23]);
    expect(await spent(tenantId)).toMatchObject({ reservedMicros: 7 * CENT });
  });
});
