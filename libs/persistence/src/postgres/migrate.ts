import type { DataSource } from 'typeorm';

/** Any number nothing else in the database locks on: starters queue up here, one migrates, the others find it done. */
const MIGRATION_LOCK = 7_301_985;

/** Brings the schema up to date; safe for many starters at once. Returns the names that ran. */
export async function migrate(dataSource: DataSource): Promise<string[]> {
  return withMigrationLock(dataSource, async () => {
    const done = await dataSource.runMigrations({ transaction: 'each' });
    return done.map((migration) => migration.name);
  });
}

/** Takes the newest migration back; false when there is none left. */
export async function revertLast(dataSource: DataSource): Promise<boolean> {
  return withMigrationLock(dataSource, async () => {
    const before = await countMigrations(dataSource);
    if (before === 0) return false;
    await dataSource.undoLastMigration({ transaction: 'each' });
    return true;
  });
}

async function countMigrations(dataSource: DataSource): Promise<number> {
  const rows = await dataSource.query<{ count: string }[]>('SELECT count(*) AS count FROM migrations');
  return Number(rows[0]?.count ?? 0);
}

async function withMigrationLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const lock = dataSource.createQueryRunner();
  await lock.connect();
  try {
    await lock.query('SET statement_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.query('RESET statement_timeout').catch(() => undefined);
    await lock.release();
  }
}
