import { DataSource } from 'typeorm';
import type { ClientBase, Pool } from 'pg';
import { ApiKeyEntity } from './entities/api-key.entity';
import { ApprovalEntity } from './entities/approval.entity';
import { ArtifactEntity } from './entities/artifact.entity';
import { CommandEntity } from './entities/command.entity';
import { LaunchEntity } from './entities/launch.entity';
import { ModelFormEntity } from './entities/model-form.entity';
import { RunEntity } from './entities/run.entity';
import { StepEventEntity } from './entities/step-event.entity';
import { MIGRATIONS } from './migrations/migrations';

export interface PostgresSettings {
  url: string;
  /** Connections this process may hold. */
  poolSize: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
}

/** Longest a statement may run, ms: every statement of ours is an index look-up; more means trouble. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** Longest wait for a connection of the pool, ms: after that the caller gets an error and the job is retried. */
const CONNECT_TIMEOUT_MS = 5_000;

export function createDataSource({ url, poolSize, applicationName }: PostgresSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    poolSize,
    applicationName,
    entities: [RunEntity, StepEventEntity, ApprovalEntity, LaunchEntity, CommandEntity, ArtifactEntity, ModelFormEntity, ApiKeyEntity],
    migrations: MIGRATIONS,
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: { statement_timeout: STATEMENT_TIMEOUT_MS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, keepAlive: true, onConnect: hear },
    poolErrorHandler: () => undefined,
  });
}

/**
 * A connection tells by an event that it died, and such an event that nobody hears ends the process. The pool listens only
 * while it has the connection; the last word of a dying server also comes while somebody else has it, or when it is thrown
 * away. Whoever works with it is told by the statement that fails.
 */
function hear(client: ClientBase): void {
  client.on('error', () => undefined);
}

/**
 * TypeORM's own `pg` pool. Commits that hold several writes go through it as one statement each: one round trip,
 * atomic without BEGIN and COMMIT.
 */
export function poolOf(dataSource: DataSource): Pool {
  return (dataSource.driver as unknown as { master: Pool }).master;
}
