import { quickestAnswer } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';
import { fillDatabase } from '../../testing/fill-database';
import { PostgresOverdue, SWEEPS } from './postgres-overdue';

describe('every sweep on a full database', () => {
  const ROWS = 20_000;
  const NOW = '2026-12-24T00:00:00.000Z';
  /** A batch as the orchestrator asks for it. */
  const BATCH = 500;
  let stage: DatabaseStage;
  beforeAll(async () => {
    stage = await databaseStage();
    await fillDatabase(stage, ROWS, NOW);
  });
  afterAll(() => stage.close());

  it.each(SWEEPS.map(({ job, sql }, n) => [`${n + 1}, ${job}`, sql]))('%s, finds its rows by an index', async (_name, sql) => {
    const { rows } = await stage.pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, [NOW, BATCH]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toMatch(/Index/);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  it('is done quickly', async () => {
    let bells: Awaited<ReturnType<PostgresOverdue['bells']>> = [];
    expect(await quickestAnswer(async () => { bells = await new PostgresOverdue(stage.pool).bells(NOW, BATCH); }, 1_000)).toBeLessThan(1_000);
    expect(new Set(bells.map(({ job }) => job)).size).toBeGreaterThan(4);
  });
});
