import 'reflect-metadata';
import { DatabaseEnv, envOf, loadEnv } from '@countersign/service-kit';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { createDataSource } from './postgres/data-source';
import { describeSchema } from './postgres/describe-schema';
import { migrate } from './postgres/migrate';

class SchemaEnv extends envOf(DatabaseEnv) {}

const SCHEMA_FILE = path.resolve(__dirname, '../schema.sql');

/** `npm run db:schema`: migrates an empty database of its own and writes down what came out, for review with the migration. */
async function main(): Promise<void> {
  const { DATABASE_URL } = loadEnv(SchemaEnv);
  const scratch = `countersign_schema_${randomBytes(4).toString('hex')}`;
  const url = new URL(DATABASE_URL);
  url.pathname = `/${scratch}`;
  const server = await createDataSource({ url: DATABASE_URL, poolSize: 1, applicationName: 'countersign-schema' }).initialize();
  try {
    await server.query(`CREATE DATABASE ${scratch} TEMPLATE template0`);
    const dataSource = await createDataSource({ url: url.toString(), poolSize: 1, applicationName: 'countersign-schema' }).initialize();
    await migrate(dataSource);
    writeFileSync(SCHEMA_FILE, await describeSchema(dataSource));
    await dataSource.destroy();
    process.stdout.write(`wrote ${path.relative(process.cwd(), SCHEMA_FILE)}\n`);
  } finally {
    await server.query(`DROP DATABASE IF EXISTS ${scratch} WITH (FORCE)`);
    await server.destroy();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`could not write the schema down: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
