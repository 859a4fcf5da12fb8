import { addMs, type Launch, type Run } from '@countersign/core';
import { aLaunch, allowed, anApproval, anOutput, aPreparation, budgetContract, insertRun, move, NOON, storedRun, testId } from '@countersign/core/testing';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { databaseStage, openDataSource, sha256, type DatabaseStage } from '../../testing/database-stage';
import { StoredBudget } from '../../testing/stored-budget';
import { poolOf } from '../data-source';
import { PostgresBudgetStore } from './postgres-budget.store';
import { PostgresRunStore } from './postgres-run.store';

const RANDOM_LIVES = 12;
const RACERS = 200;
const PROCESSES = 4;
const CENT = 10_000;
const DAY = '2026-11-22';

describe('money in the commits of runs and launches', () => {
  let stage: DatabaseStage;
  let budgets: PostgresBudgetStore;
  const sources: DataSource[] = [];
  beforeAll(async () => {
    stage = await databaseStage();
    budgets = new PostgresBudgetStore(stage.pool);
    for (let n = 0; n < PROCESSES; n += 1) sources.push(await openDataSource(stage.url, 10));
  });
  afterAll(async () => {
    await Promise.all(sources.map((source) => source.destroy()));
    await stage.close();
  });

  const setCap = (tenantId: string, userId: string | null, micros: number) =>
    budgets.setCap({ tenantId, userId, micros, onUnknown: 'ask', setBy: 'human:admin', setAt: NOON });

  describe('as the plain model says', () => {
    budgetContract(async () => new StoredBudget(stage, testId()), (check) => fc.assert(fc.asyncProperty(fc.array(fc.nat(), { maxLength: 25 }), check), { numRuns: RANDOM_LIVES }));
  });

  async function priced(tenantId: string, userId: string): Promise<Run> {
    const started = await move(stage, await insertRun(stage, { tenantId, userId }), 'started', NOON);
    return move(stage, started, { type: 'prepared', preparation: aPreparation({ estimate: { amount: 0.01, currency: 'USD', basis: 'a cent' } }) }, NOON);
  }

  /** Asks until the commit holds, or until the cap has no room: as an orchestrator does. */
  async function race(run: Run, store: PostgresRunStore): Promise<boolean> {
    for (let tries = 0; tries < 30; tries += 1) {
      const lines = (await store.onRecord(run.runId, NOON))?.budget?.lines ?? [];
      if (lines.some((line) => line.usedMicros + line.reservedMicros + CENT > line.micros)) return false;
      const booking = { micros: CENT, overriddenBy: null };
      const answer = await store.commit(allowed(run, { type: 'asked', approval: anApproval({ runId: run.runId }), booking }, NOON), [], []);
      if (answer.ok) return true;
    }
    throw new Error('it never came to rest');
  }

  it(`lets ${RACERS} at once on ${PROCESSES * 10} connections pass neither the tenant's cap nor a user's by a cent`, async () => {
    const tenantId = testId();
    await setCap(tenantId, null, 77 * CENT);
    await setCap(tenantId, 'u1', 5 * CENT);
    const runs = await Promise.all(Array.from({ length: RACERS }, (_, n) => priced(tenantId, `u${n % 8}`)));
    const won = await Promise.all(runs.map((run, n) => race(run, new PostgresRunStore(poolOf(sources[n % PROCESSES] as DataSource), sha256))));
    expect(won.filter(Boolean)).toHaveLength(77);
    const spending = await budgets.spending(tenantId, DAY, 100);
    expect(spending[0]).toEqual({ userId: null, usedMicros: 0, reservedMicros: 77 * CENT });
    expect(spending.find(({ userId }) => userId === 'u1')?.reservedMicros).toBeLessThanOrEqual(5 * CENT);
    const { rows } = await stage.pool.query<{ sum: string }>('SELECT sum(micros) FROM budget_reservations WHERE tenant_id = $1', [tenantId]);
    expect(Number(rows[0]?.sum)).toBe(77 * CENT);
  });

  it('has no circle of waiting: asking, launching, ending and calling off at once all come through', async () => {
    const tenantId = testId();
    const book = new StoredBudget(stage, tenantId);
    const names = Array.from({ length: 60 }, (_, n) => `run-${n}`);
    const wish = (run: string, n: number) => ({ run, userId: `u${n % 3}`, micros: CENT, at: n % 2 === 0 ? NOON : addMs(NOON, 86_400_000), overriddenBy: null });
    await Promise.all(names.map((run, n) => book.reserve(wish(run, n))));
    await Promise.all(names.map((run, n) => (n % 3 === 0 ? book.release(run) : n % 3 === 1 ? book.settle(run, 2 * CENT) : book.reserve(wish(run, n + 1)))));
    const [today, tomorrow] = await Promise.all([budgets.spending(tenantId, DAY, 100), budgets.spending(tenantId, '2026-11-23', 100)]);
    expect([today[0], tomorrow[0]].reduce((sum, line) => sum + (line?.usedMicros ?? 0), 0)).toBe(20 * 2 * CENT);
    expect([today[0], tomorrow[0]].reduce((sum, line) => sum + (line?.reservedMicros ?? 0), 0)).toBe(20 * CENT);
  });

  it('moves nothing when the money does not fit: no card, no line of history', async () => {
    const tenantId = testId();
    await setCap(tenantId, null, CENT);
    const run = await priced(tenantId, 'ann');
    const asked = () => allowed(run, { type: 'asked', approval: anApproval({ runId: run.runId }), booking: { micros: CENT + 1, overriddenBy: null } }, NOON);
    for (let tries = 0; tries < 3; tries += 1) expect(await stage.runs.commit(asked(), [], [])).toEqual({ ok: false, reason: 'stale' });
    expect(await stage.approvals.ofRun(run.runId)).toEqual([]);
    expect(await stage.runs.events(run.runId, run.version, 10)).toEqual([]);
  });

  it('settles a launch whose run was called off, and again when a launch that was given up is found', async () => {
    const tenantId = testId();
    const book = new StoredBudget(stage, tenantId);
    await book.reserve({ run: 'a', userId: 'ann', micros: CENT, at: NOON, overriddenBy: null });
    const [asked] = (await stage.pool.query<{ run_id: string }>('SELECT run_id FROM budget_reservations WHERE tenant_id = $1', [tenantId])).rows;
    const waiting = await stage.runs.find(asked?.run_id ?? '');
    const run = await move(stage, waiting as Run, 'approved', NOON);
    const launch = aLaunch({ runId: run.runId, attempt: 1 });
    await stage.launches.begin(launch);
    const called = await move(stage, run, { type: 'cancelled', by: 'human:ann', reason: 'enough' }, NOON);
    expect((await book.spending(NOON))[0]).toMatchObject({ reservedMicros: CENT, usedMicros: 0 });
    await stage.launches.change(launch.launchId, { status: 'unknown', nextCheckAt: null, finishedAt: NOON, outcome: { kind: 'unknown', detail: '', jobIds: [] } }, []);
    expect((await book.spending(NOON))[0]).toMatchObject({ reservedMicros: 0, usedMicros: CENT });
    await stage.pool.query(`UPDATE hitl_launches SET status = 'launched' WHERE launch_id = $1`, [launch.launchId]);
    await stage.launches.change(launch.launchId, { status: 'succeeded', nextCheckAt: null, finishedAt: NOON, outcome: succeeded(2, 0.03) }, []);
    expect((await book.spending(NOON))[0]).toMatchObject({ reservedMicros: 0, usedMicros: 3 * CENT });
    expect(called.cost).toMatchObject({ amount: null });
  });

  it('keeps who set which cap, and who took it away', async () => {
    const tenantId = testId();
    await setCap(tenantId, 'ann', CENT);
    await setCap(tenantId, 'ann', 2 * CENT);
    await setCap(tenantId, null, 5 * CENT);
    expect((await budgets.caps(tenantId)).map(({ userId, micros }) => [userId, micros])).toEqual([[null, 5 * CENT], ['ann', 2 * CENT]]);
    expect(await budgets.facts(tenantId, 'bob', DAY)).toMatchObject({ lines: [{ userId: null }] });
    expect([await budgets.removeCap(tenantId, 'ann', 'human:rita', NOON), await budgets.removeCap(tenantId, 'ann', 'human:rita', NOON)]).toEqual([true, false]);
    const { rows } = await stage.pool.query('SELECT user_id, before_micros, after_micros, changed_by FROM budget_cap_changes WHERE tenant_id = $1 ORDER BY id', [tenantId]);
    expect(rows).toEqual([
      { user_id: 'ann', before_micros: null, after_micros: '10000', changed_by: 'human:admin' }, { user_id: 'ann', before_micros: '10000', after_micros: '20000', changed_by: 'human:admin' },
      { user_id: '', before_micros: null, after_micros: '50000', changed_by: 'human:admin' }, { user_id: 'ann', before_micros: '20000', after_micros: null, changed_by: 'human:rita' },
    ]);
    expect(await budgets.facts(testId(), 'bob', DAY)).toBeNull();
  });

  it('observes the median time of a version\'s newest launches that succeeded', async () => {
    const which = { provider: 'replicate', model: `a/${testId()}`, version: 'v1' };
    expect(await budgets.observedTime(which)).toBeNull();
    const ended = async (seconds: number, over: Partial<Launch> = {}): Promise<void> => {
      const run = await storedRun(stage, 'running', 'api_call');
      const launch = aLaunch({ runId: run.runId, provider: which.provider, model: which.model, modelVersion: 'v1', ...over });
      await stage.launches.begin(launch);
      await stage.launches.change(launch.launchId, { status: 'succeeded', nextCheckAt: null, finishedAt: NOON, outcome: succeeded(seconds, null) }, []);
    };
    for (const seconds of [9, 1, 2]) await ended(seconds);
    await ended(500, { modelVersion: 'v2' });
    expect(await budgets.observedTime(which)).toEqual({ seconds: 2, runs: 3 });
  });
});

function succeeded(seconds: number, usd: number | null) {
  const cost = { amount: usd, currency: 'USD', basis: 'told' } as const;
  return { kind: 'succeeded', output: anOutput(), metrics: { computeSeconds: seconds, totalSeconds: seconds }, cost } as const;
}
