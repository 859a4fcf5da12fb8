import type { StoreStage } from '@countersign/core/testing';
import { freshDatabase } from '@countersign/testing';
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource, poolOf } from '../postgres/data-source';
import { migrate } from '../postgres/migrate';
import { PostgresApprovalStore } from '../postgres/stores/postgres-approval.store';
import { PostgresCommandStore } from '../postgres/stores/postgres-command.store';
import { PostgresLaunchStore } from '../postgres/stores/postgres-launch.store';
import { PostgresOutbox } from '../postgres/stores/postgres-outbox';
import { PostgresRunStore } from '../postgres/stores/postgres-run.store';

export const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Racing specs need real connections to race on. */
const POOL_SIZE = 20;

export interface DatabaseStage extends StoreStage {
  url: string;
  dataSource: DataSource;
  pool: Pool;
  close(): Promise<void>;
}

export async function openDataSource(url: string, poolSize = POOL_SIZE): Promise<DataSource> {
  return createDataSource({ url, poolSize, applicationName: 'countersign-test' }).initialize();
}

export async function migrateAt(url: string): Promise<void> {
  const dataSource = await openDataSource(url, 2);
  await migrate(dataSource).finally(() => dataSource.destroy());
}

/** The stores on a migrated database of their own. */
export async function databaseStage(): Promise<DatabaseStage> {
  const database = await freshDatabase({ migrate: migrateAt });
  const dataSource = await openDataSource(database.url);
  const pool = poolOf(dataSource);
  return {
    url: database.url, dataSource, pool, sha256,
    runs: new PostgresRunStore(pool, sha256),
    approvals: new PostgresApprovalStore(pool),
    launches: new PostgresLaunchStore(pool),
    commands: new PostgresCommandStore(pool),
    outbox: new PostgresOutbox(pool),
    close: async () => {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
