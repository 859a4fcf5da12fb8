/*
 * What this is: the only writer of runs and their history.
 * Invariants: a run changes only by a `Transition` and only `WHERE version = n` (2, 4); run, event, approvals,
 * doorbells and handled commands are one SQL statement, so they commit together or not at all.
 * To extend: a new column that moves goes into MOVING; a new effect with a table of its own gets a CTE in COMMIT.
 */
import {
  RunStore, type Approval, type Bell, type CommitAnswer, type Effect, type Idempotency, type InsertAnswer, type Run,
  type RunIn, type Sha256, type StepEvent, type Transition,
} from '@countersign/core';
import type { Pool } from 'pg';
import type { RunEntity } from '../entities/run.entity';
import type { StepEventEntity } from '../entities/step-event.entity';
import { toApprovalRow } from '../mappers/approval.mapper';
import { toRow, toRun } from '../mappers/run.mapper';
import { storable, storableJson } from '../mappers/storable';
import { CHAIN_START, chained, toStepEvent, toStepEventRow } from '../mappers/step-event.mapper';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';

/** Columns a transition may change; `original_input`, owner and model never do. */
const MOVING = [
  'version', 'status', 'step', 'attempt', 'auto_retries', 'approval_id', 'edits', 'preparation', 'consent', 'output',
  'cost', 'standing', 'times', 'event_hash', 'updated_at',
] as const;
/** Large columns are written only when they changed: an unchanged TOASTed value costs nothing. */
const LARGE = new Set<string>(['preparation', 'output', 'edits', 'consent']);

export class PostgresRunStore extends RunStore {
  constructor(private readonly pool: Pool, private readonly sha256: Sha256) {
    super();
  }

  async insert(run: RunIn<'queued'>, bells: Bell[], idempotency: Idempotency | null): Promise<InsertAnswer> {
    const line = {
      type: 'created' as const, step: run.step, status: run.status, actor: `human:${run.userId}`,
      message: 'Run created', metadata: { provider: run.provider, model: run.model, policy: run.config.policy },
    };
    const events = chained(run.runId, [{ ...line, seq: run.version, at: run.times.createdAt }], CHAIN_START, this.sha256);
    const row = {
      ...toRow({ ...run, eventHash: newestHash(events) }),
      idempotency_key: idempotency?.key ?? null, request_hash: idempotency?.bodyHash ?? null,
    };
    const { rows } = await this.pool.query<{ moved: string; bell_ids: string[] }>({
      name: 'run-insert', text: INSERT, values: [storableJson(row), JSON.stringify(events.map(toStepEventRow)), bellsJson(bells)],
    });
    const answer = rows[0];
    if (answer && Number(answer.moved) === 1) return { kind: 'inserted', bells: storedBells(bells, answer.bell_ids) };
    return this.earlier(run, idempotency);
  }

  /** The insert hit the idempotency index: say which run has the key. */
  private async earlier(run: Run, idempotency: Idempotency | null): Promise<InsertAnswer> {
    const { rows } = await this.pool.query<RunEntity>(
      'SELECT * FROM hitl_runs WHERE tenant_id = $1 AND user_id = $2 AND idempotency_key = $3',
      [run.tenantId, run.userId, idempotency?.key ?? null],
    );
    const row = rows[0];
    if (!row) throw new Error(`run ${run.runId} exists already`);
    return row.request_hash === idempotency?.bodyHash ? { kind: 'existing', run: toRun(row) } : { kind: 'conflict', runId: row.run_id };
  }

  async find(runId: string): Promise<Run | null> {
    const { rows } = await this.pool.query<RunEntity>({ name: 'run-find', text: 'SELECT * FROM hitl_runs WHERE run_id = $1', values: [runId] });
    return rows[0] ? toRun(rows[0]) : null;
  }

  async commit(transition: Transition, bells: Bell[], handledCommands: string[]): Promise<CommitAnswer> {
    const { before } = transition;
    const events = chained(before.runId, transition.lines, before.eventHash, this.sha256);
    const run: Run = storable({ ...transition.run, eventHash: newestHash(events) });
    const columns = changedColumns(before, run);
    const { rows } = await this.pool.query<{ moved: string; bell_ids: string[] }>({
      name: `run-commit-${columns.filter((column) => LARGE.has(column)).join('-')}`,
      text: commitText(columns),
      values: [
        run.runId, before.version, JSON.stringify(toRow(run)), JSON.stringify(events.map(toStepEventRow)),
        storableJson(openedApprovals(transition.effects).map(toApprovalRow)),
        transition.effects.some(({ kind }) => kind === 'cancel_approvals'), bellsJson(bells), handledCommands,
        run.times.updatedAt, JSON.stringify(followed(transition.effects)),
      ],
    });
    const answer = rows[0];
    if (!answer || Number(answer.moved) !== 1) return { ok: false, reason: 'stale' };
    return { ok: true, run, bells: storedBells(bells, answer.bell_ids) };
  }

  async events(runId: string, after: number, limit: number): Promise<StepEvent[]> {
    const { rows } = await this.pool.query<StepEventEntity>({
      name: 'run-events',
      text: 'SELECT * FROM hitl_step_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3',
      values: [runId, after, limit],
    });
    return rows.map(toStepEvent);
  }
}

const newestHash = (events: StepEvent[]): string => events.at(-1)?.hash ?? CHAIN_START;

function changedColumns(before: Run, run: Run): string[] {
  const was = toRow(before) as unknown as Record<string, unknown>;
  const is = toRow(run) as unknown as Record<string, unknown>;
  return MOVING.filter((column) => !LARGE.has(column) || was[column] !== is[column]);
}

function openedApprovals(effects: readonly Effect[]): Approval[] {
  return effects.flatMap((effect) => (effect.kind === 'open_approval' ? [effect.approval] : []));
}

function followed(effects: readonly Effect[]): { attempt: number; job_id: string }[] {
  return effects.flatMap((effect) => (effect.kind === 'follow' ? [{ attempt: effect.attempt, job_id: effect.jobId }] : []));
}

const INSERT = `
  WITH moved AS (
    INSERT INTO hitl_runs SELECT * FROM json_populate_record(NULL::hitl_runs, $1::json)
    ON CONFLICT DO NOTHING RETURNING run_id
  ), told AS (
    INSERT INTO hitl_step_events SELECT e.* FROM json_populate_recordset(NULL::hitl_step_events, $2::json) e, moved
  ), rung AS (
    INSERT INTO outbox (job, data, not_before)
    SELECT b.job, b.data, b.not_before FROM json_to_recordset($3::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id
  )
  SELECT (SELECT count(*) FROM moved) AS moved, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids`;

function commitText(columns: string[]): string {
  return `
  WITH moved AS (
    UPDATE hitl_runs r SET ${columns.map((column) => `${column} = n.${column}`).join(', ')}
    FROM json_populate_record(NULL::hitl_runs, $3::json) n
    WHERE r.run_id = $1 AND r.version = $2 RETURNING r.run_id
  ), told AS (
    INSERT INTO hitl_step_events SELECT e.* FROM json_populate_recordset(NULL::hitl_step_events, $4::json) e, moved
  ), asked AS (
    INSERT INTO hitl_approvals SELECT a.* FROM json_populate_recordset(NULL::hitl_approvals, $5::json) a, moved
  ), ended AS (
    UPDATE hitl_approvals a SET status = 'cancelled', decided_at = $9::timestamptz
    FROM moved WHERE $6::boolean AND a.run_id = moved.run_id AND a.status = 'pending'
  ), rung AS (
    INSERT INTO outbox (job, data, not_before)
    SELECT b.job, b.data, b.not_before FROM json_to_recordset($7::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id
  ), handled AS (
    UPDATE hitl_commands c SET outcome = 'done' FROM moved WHERE c.command_id = ANY($8::uuid[]) AND c.run_id = moved.run_id
  ), followed AS (
    UPDATE hitl_launches l SET status = 'launched', job_id = f.job_id, outcome = NULL, finished_at = NULL, next_check_at = $9::timestamptz
    FROM json_to_recordset($10::json) AS f(attempt integer, job_id text), moved
    WHERE l.run_id = moved.run_id AND l.attempt = f.attempt AND l.status = 'unknown'
      AND NOT EXISTS (SELECT 1 FROM hitl_launches o WHERE o.provider = l.provider AND o.job_id = f.job_id)
  )
  SELECT (SELECT count(*) FROM moved) AS moved, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids`;
}
