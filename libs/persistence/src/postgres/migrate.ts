import { MigrationExecutor, type DataSource } from 'typeorm';

/** Any number nothing else in the database locks on: starters queue up here, one migrates, the others find it done. */
const MIGRATION_LOCK = 7_301_985;

/** Brings the schema up to date; safe for many starters at once. Returns the names that ran. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  return withMigrationLock(dataSource, async (executor) => {
    const done = await executor.executePendingMigrations();
    return done.map((migration) => migration.name);
  });
}

/** Takes the newest migration back; false when there is none left. */
export async function revertLast(dataSource: DataSource): Promise<boolean> {
  return withMigrationLock(dataSource, async (executor) => {
    if ((await executor.getExecutedMigrations()).length === 0) return false;
    await executor.undoLastMigration();
    return true;
  });
}

/**
 * Locks and migrates on one connection, so that a pool of one is enough, and without the time limit that our everyday
 * statements have: an index on a full table may take minutes.
 */
async function withMigrationLock<T>(dataSource: DataSource, work: (executor: MigrationExecutor) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const executor = new MigrationExecutor(dataSource, runner);
    executor.transaction = 'each';
    return await work(executor);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.query('RESET statement_timeout').catch(() => undefined);
    await runner.release();
  }
}
