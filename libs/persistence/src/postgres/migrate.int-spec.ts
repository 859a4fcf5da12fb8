import { freshDatabase, type FreshDatabase } from '@countersign/testing';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataSource } from 'typeorm';
import { databaseStage, openDataSource } from '../testing/database-stage';
import { fillDatabase } from '../testing/fill-database';
import { describeSchema } from './describe-schema';
import { migrate, revertLast } from './migrate';
import { MIGRATIONS } from './migrations/migrations';

const GOLDEN = path.resolve(__dirname, '../../schema.sql');
const STARTERS = 20;
const NAMES = MIGRATIONS.map((migration) => new migration().name);

describe('migrations', () => {
  const databases: FreshDatabase[] = [];
  const sources: DataSource[] = [];
  afterEach(async () => {
    await Promise.all(sources.splice(0).map((source) => source.destroy()));
    await Promise.all(databases.splice(0).map((database) => database.drop()));
  });
  async function empty(poolSize = 1): Promise<{ url: string; source: DataSource }> {
    const database = await freshDatabase();
    databases.push(database);
    return { url: database.url, source: await open(database.url, poolSize) };
  }
  async function open(url: string, poolSize = 1): Promise<DataSource> {
    const source = await openDataSource(url, poolSize);
    sources.push(source);
    return source;
  }
  async function revertAll(source: DataSource): Promise<number> {
    let reverted = 0;
    while (await revertLast(source)) reverted += 1;
    return reverted;
  }

  it('make the schema that is written down (when it is meant to change: npm run db:schema)', async () => {
    const { source } = await empty();
    expect(await migrate(source)).toEqual(NAMES);
    expect(await migrate(source)).toEqual([]);
    expect(await describeSchema(source)).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('are written down whole: the written schema makes the same schema', async () => {
    const { source } = await empty();
    await source.query(readFileSync(GOLDEN, 'utf8'));
    expect(await describeSchema(source)).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('go down to nothing, and up again to the same', async () => {
    const { source } = await empty();
    expect(await revertLast(source)).toBe(false);
    await migrate(source);
    expect(await revertAll(source)).toBe(MIGRATIONS.length);
    expect((await describeSchema(source)).trim()).toBe('');
    expect(await revertLast(source)).toBe(false);
    expect(await migrate(source)).toEqual(NAMES);
    expect(await describeSchema(source)).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('go back one at a time, each up again to where it was', async () => {
    const { source } = await empty();
    await migrate(source);
    const down: string[] = [];
    do down.push(await describeSchema(source));
    while (await revertLast(source));
    expect(new Set(down).size).toBe(MIGRATIONS.length + 1);
  });

  it('run once when many services start at the same moment', async () => {
    const { url } = await empty();
    const starters = await Promise.all(Array.from({ length: STARTERS }, () => open(url)));
    const ran = await Promise.all(starters.map((source) => migrate(source)));
    expect(ran.filter((names) => names.length > 0)).toEqual([NAMES]);
    expect(await describeSchema(starters[0] as DataSource)).toBe(readFileSync(GOLDEN, 'utf8'));
  });

  it('leave the time limit of everyday statements as it was', async () => {
    const { source } = await empty();
    const limit = async () => (await source.query<{ statement_timeout: string }[]>('SHOW statement_timeout'))[0]?.statement_timeout;
    const before = await limit();
    await migrate(source);
    expect([before, await limit()]).toEqual(['15s', '15s']);
  });

  it('lose nothing of a full database', async () => {
    const stage = await databaseStage();
    try {
      await fillDatabase(stage, 1_000, '2026-12-24T00:00:00.000Z');
      const counts = () => stage.dataSource.query(`SELECT (SELECT count(*) FROM hitl_runs) AS runs, (SELECT count(*) FROM hitl_step_events) AS events, (SELECT count(*) FROM hitl_approvals) AS approvals,
        (SELECT count(*) FROM hitl_launches) AS launches, (SELECT count(*) FROM hitl_commands) AS commands, (SELECT count(*) FROM notices) AS notices`);
      const before = await counts();
      expect(await migrate(stage.dataSource)).toEqual([]);
      await revertLast(stage.dataSource);
      await migrate(stage.dataSource);
      expect(await counts()).toEqual(before);
    } finally {
      await stage.close();
    }
  });

  it('agree with the entities in every column, type and null', async () => {
    const { source } = await empty(2);
    await migrate(source);
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    const drift = upQueries.map(({ query }) => query).filter((query) => !isOnlyInMigrations(query));
    expect(drift).toEqual([]);
  });

  it('have an entity for every table but those that only SQL reaches', async () => {
    const { source } = await empty();
    await migrate(source);
    const tables = (await source.query<{ name: string }[]>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`)).map(({ name }) => name);
    const mapped = source.entityMetadatas.map(({ tableName }) => tableName);
    expect(tables.filter((table) => !mapped.includes(table))).toEqual([
      'budget_cap_changes', 'budget_caps', 'budget_days', 'budget_reservations', 'hitl_model_calls', 'hitl_observations', 'hitl_parameter_memory', 'language_model', 'migrations', 'notices', 'outbox',
    ]);
  });
});

/** Indexes, foreign keys and defaults stand in the migrations alone; entities map columns. */
function isOnlyInMigrations(query: string): boolean {
  return /^DROP INDEX|DROP CONSTRAINT|ALTER COLUMN "\w+" DROP DEFAULT|ADD CONSTRAINT "\w+" UNIQUE|^CREATE (UNIQUE )?INDEX/.test(query);
}
