import 'reflect-metadata';
import { DatabaseEnv, envOf, loadEnv } from '@countersign/service-kit';
import { createDataSource } from './postgres/data-source';
import { migrate, revertLast } from './postgres/migrate';

class MigrateEnv extends envOf(DatabaseEnv) {}

/** `npm run db:migrate`: brings the schema up to date; with `--revert` takes the newest migration back. */
async function main(): Promise<void> {
  const env = loadEnv(MigrateEnv);
  const dataSource = createDataSource({ url: env.DATABASE_URL, poolSize: 2, applicationName: 'countersign-migrate' });
  await dataSource.initialize();
  try {
    if (process.argv.includes('--revert')) {
      process.stdout.write((await revertLast(dataSource)) ? 'took the newest migration back\n' : 'there is no migration to take back\n');
      return;
    }
    const names = await migrate(dataSource);
    process.stdout.write(names.length > 0 ? `migrated: ${names.join(', ')}\n` : 'the schema is up to date\n');
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`could not migrate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
