import {
  ApprovalStore, ArtifactStore, AuditReader, BudgetStore, Clock, CommandStore, FormStore, Ids, KeyStore, LaunchStore, ModelCalls, NoticeStore, Outbox, Overdue,
  ParameterMemory, RunReader,
  RunStore, type Instant, type Sha256,
} from '@countersign/core';
import type { Provider } from '@nestjs/common';
import type { Pool } from 'pg';
import { DataSource } from 'typeorm';
import { createDataSource, poolOf, type PostgresSettings } from './postgres/data-source';
import { PostgresApprovalStore } from './postgres/stores/postgres-approval.store';
import { PostgresArtifactStore } from './postgres/stores/postgres-artifact.store';
import { PostgresAuditReader } from './postgres/stores/postgres-audit.reader';
import { PostgresBudgetStore } from './postgres/stores/postgres-budget.store';
import { PostgresCommandStore } from './postgres/stores/postgres-command.store';
import { PostgresFormStore } from './postgres/stores/postgres-form.store';
import { PostgresKeyStore } from './postgres/stores/postgres-key.store';
import { PostgresLaunchStore } from './postgres/stores/postgres-launch.store';
import { PostgresModelCalls } from './postgres/stores/postgres-model-calls';
import { PostgresNoticeStore } from './postgres/stores/postgres-notice.store';
import { PostgresOutbox } from './postgres/stores/postgres-outbox';
import { PostgresOverdue } from './postgres/stores/postgres-overdue';
import { PostgresParameterMemory } from './postgres/stores/postgres-parameter-memory';
import { PostgresRunReader } from './postgres/stores/postgres-run.reader';
import { PostgresRunStore } from './postgres/stores/postgres-run.store';

/** The machine's own time. */
class SystemClock extends Clock {
  now(): Instant {
    return new Date().toISOString();
  }
}

/** An abstract class of the core: type and token in one. */
type Port = abstract new (...args: never[]) => object;

export interface StoreSettings extends PostgresSettings {
  sha256: Sha256;
  newId: () => string;
}

/**
 * Every store port of the core bound to Postgres, with the clock and the ids that go into its rows, for a Nest module.
 * `DataSource` is provided too; whoever uses this destroys it at the end. Stores hold nothing, so unused ones cost nothing.
 */
export function storeProviders({ sha256, newId, ...postgres }: StoreSettings): Provider[] {
  const onPool = (provide: Port, make: (pool: Pool) => object): Provider =>
    ({ provide, useFactory: (source: DataSource) => make(poolOf(source)), inject: [DataSource] });
  const onSource = (provide: Port, make: (source: DataSource) => object): Provider => ({ provide, useFactory: make, inject: [DataSource] });
  return [
    { provide: Clock, useClass: SystemClock },
    { provide: Ids, useValue: { next: newId } satisfies Ids },
    { provide: DataSource, useFactory: () => createDataSource(postgres).initialize() },
    onPool(RunStore, (pool) => new PostgresRunStore(pool, sha256)),
    onPool(ApprovalStore, (pool) => new PostgresApprovalStore(pool)),
    onPool(AuditReader, (pool) => new PostgresAuditReader(pool, sha256)),
    onPool(BudgetStore, (pool) => new PostgresBudgetStore(pool)),
    onPool(CommandStore, (pool) => new PostgresCommandStore(pool)),
    onPool(LaunchStore, (pool) => new PostgresLaunchStore(pool)),
    onPool(ModelCalls, (pool) => new PostgresModelCalls(pool)),
    onPool(NoticeStore, (pool) => new PostgresNoticeStore(pool)),
    onPool(Outbox, (pool) => new PostgresOutbox(pool)),
    onPool(Overdue, (pool) => new PostgresOverdue(pool)),
    onPool(ParameterMemory, (pool) => new PostgresParameterMemory(pool)),
    onSource(RunReader, (source) => new PostgresRunReader(source)),
    onSource(FormStore, (source) => new PostgresFormStore(source)),
    onSource(KeyStore, (source) => new PostgresKeyStore(source)),
    onSource(ArtifactStore, (source) => new PostgresArtifactStore(source)),
  ];
}
