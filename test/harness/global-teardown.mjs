import { stopServers } from './global-setup.mjs';

/** Ends the servers of this run; in a given Postgres it drops the databases that the run made. */
export default async function globalTeardown() {
  const servers = globalThis.countersignTestServers ?? [];
  if (process.env.DATABASE_URL && !servers.some(({ name }) => name === 'DATABASE_URL')) await dropDatabases();
  await stopServers(servers);
}

async function dropDatabases() {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE datname LIKE $1', [`${process.env.TEST_RUN}\\_%`]);
  for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS "${datname}" WITH (FORCE)`);
  await client.end();
}
