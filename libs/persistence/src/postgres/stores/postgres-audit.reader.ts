/*
 * What this is: reads runs with everything on record beside them, for auditors.
 * Invariant: a page is read in one snapshot, so that a run that moves meanwhile never looks broken; its memory is bounded
 * by runs and by events, whatever a run's history holds.
 */
import { auditRecord, AuditReader, type AuditFilter, type AuditRecord, type AuditRows, type Sha256 } from '@countersign/core';
import type { Pool, PoolClient } from 'pg';
import type { ApprovalEntity } from '../entities/approval.entity';
import type { ArtifactEntity } from '../entities/artifact.entity';
import type { LaunchEntity } from '../entities/launch.entity';
import type { RunEntity } from '../entities/run.entity';
import type { StepEventEntity } from '../entities/step-event.entity';
import { toApproval } from '../mappers/approval.mapper';
import { toArtifact } from '../mappers/artifact.mapper';
import { toLaunch } from '../mappers/launch.mapper';
import { toRun } from '../mappers/run.mapper';
import { toStepEvent } from '../mappers/step-event.mapper';
import { APPROVAL_COLUMNS, RUN_COLUMNS, STEP_EVENT_COLUMNS } from './columns';
import { onOwnConnection } from './own-connection';

/** Events in memory at a time; a single run with more is read alone. */
const MAX_EVENTS = 5_000;

export class PostgresAuditReader extends AuditReader {
  constructor(private readonly pool: Pool, private readonly sha256: Sha256) {
    super();
  }

  async records(filter: AuditFilter, after: string | null, limit: number): Promise<AuditRecord[]> {
    const rows = await onOwnConnection(this.pool, async (client) => {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const page = await this.page(client, await pageIds(client, { filter, after, limit }));
      await client.query('COMMIT');
      return page;
    });
    return rows.map((row) => auditRecord(row, this.sha256));
  }

  private async page(client: PoolClient, ids: string[]): Promise<AuditRows[]> {
    if (ids.length === 0) return [];
    const read = async <T extends { run_id: string | null }>(columns: string, table: string, order: string): Promise<Map<string, T[]>> =>
      byRun((await client.query<T>(`SELECT ${columns} FROM ${table} WHERE run_id = ANY($1::uuid[]) ORDER BY ${order}`, [ids])).rows);
    const runs = await read<RunEntity>(RUN_COLUMNS, 'hitl_runs', 'run_id');
    const events = await read<StepEventEntity>(STEP_EVENT_COLUMNS, 'hitl_step_events', 'run_id, seq');
    const approvals = await read<ApprovalEntity>(APPROVAL_COLUMNS, 'hitl_approvals', 'requested_at, approval_id');
    const launches = await read<LaunchEntity>('*', 'hitl_launches', 'attempt');
    const artifacts = await read<ArtifactEntity>('*', 'hitl_artifacts', 'artifact_id');
    return [...runs.values()].flat().map((run) => ({
      run: toRun(run),
      events: (events.get(run.run_id) ?? []).map(toStepEvent),
      approvals: (approvals.get(run.run_id) ?? []).map(toApproval),
      launches: (launches.get(run.run_id) ?? []).map(toLaunch),
      artifacts: (artifacts.get(run.run_id) ?? []).map(toArtifact),
    }));
  }
}

async function pageIds(client: PoolClient, { filter, after, limit }: { filter: AuditFilter; after: string | null; limit: number }): Promise<string[]> {
  const { rows } = await client.query<{ run_id: string; version: number }>(
    `SELECT run_id, version FROM hitl_runs WHERE ($1::uuid IS NULL OR run_id > $1) AND ($2::uuid IS NULL OR run_id = $2)
     AND ($3::text IS NULL OR tenant_id = $3) AND ($4::timestamptz IS NULL OR updated_at >= $4) ORDER BY run_id LIMIT $5`,
    [after, filter.runId ?? null, filter.tenantId ?? null, filter.since ?? null, limit],
  );
  let events = 0;
  // The sum only grows: what is left out is the end of the page, and comes first on the next one.
  return rows.filter(({ version }, n) => (events += version) <= MAX_EVENTS || n === 0).map(({ run_id: runId }) => runId);
}

function byRun<T extends { run_id: string | null }>(rows: T[]): Map<string, T[]> {
  const map = new Map<string, T[]>();
  for (const row of rows) {
    const list = map.get(row.run_id ?? '');
    if (list) list.push(row);
    else map.set(row.run_id ?? '', [row]);
  }
  return map;
}
