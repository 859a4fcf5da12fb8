/*
 * What this is: the only writer of runs and their history.
 * Invariants: a run changes only by a `Transition` and only `WHERE version = n` (2, 4); run, event, approvals,
 * doorbells and handled commands are one SQL statement, so they commit together or not at all.
 * To extend: a new column goes into columns.ts, and into MOVING when it moves.
 */
import {
  CHAIN_START, dayOf, requestFacts, RunStore, standingFacts, type Bell, type CommitAnswer, type FreshRun, type Idempotency, type InsertAnswer,
  type Instant, type Run, type RunOnRecord, type RunWithHistory, type Sha256, type StepEvent, type Transition,
} from '@countersign/core';
import type { Pool } from 'pg';
import type { RunEntity } from '../entities/run.entity';
import type { StepEventEntity } from '../entities/step-event.entity';
import { toRunOnRecord, toRunWithHistory, type OnRecordRow, type WithHistoryRow } from '../mappers/on-record.mapper';
import { toRow, toRun } from '../mappers/run.mapper';
import { storable, storableJson } from '../mappers/storable';
import { chained, toStepEvent, toStepEventRow } from '../mappers/step-event.mapper';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';
import { BUDGET_COLUMNS, MAKE_COUNTERS } from './budget-parts';
import { APPROVAL_COLUMNS, RUN_COLUMNS, STEP_EVENT_COLUMNS } from './columns';
import { commitStatement, prefixed, reserveOf } from './commit-statement';

/** Columns a transition may change; `original_input`, owner and model never do. */
const MOVING = [
  'version', 'status', 'step', 'attempt', 'auto_retries', 'approval_id', 'edits', 'preparation', 'proposal', 'consent', 'stale_consent', 'output',
  'cost', 'standing', 'times', 'event_hash', 'updated_at',
] as const;
/** Large columns are written only when they changed: an unchanged TOASTed value costs nothing. */
const LARGE = new Set<string>(['preparation', 'proposal', 'output', 'edits', 'consent', 'stale_consent']);

export class PostgresRunStore extends RunStore {
  constructor(private readonly pool: Pool, private readonly sha256: Sha256) {
    super();
  }

  async insert(run: FreshRun, bells: Bell[], idempotency: Idempotency | null): Promise<InsertAnswer> {
    const line = {
      type: 'created' as const, step: run.step, status: run.status, actor: `human:${run.userId}`,
      message: 'Run created', metadata: { tenant_id: run.tenantId, provider: run.provider, model: run.model, policy: run.config.policy, ...(run.parentRunId !== null && { forked_from: run.parentRunId }) },
      sealed: { request: requestFacts(run), run: standingFacts(run) },
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
      `SELECT ${RUN_COLUMNS} FROM hitl_runs WHERE tenant_id = $1 AND user_id = $2 AND idempotency_key = $3`,
      [run.tenantId, run.userId, idempotency?.key ?? null],
    );
    const row = rows[0];
    if (!row) throw new Error(`run ${run.runId} exists already`);
    return row.request_hash === idempotency?.bodyHash ? { kind: 'existing', run: toRun(row) } : { kind: 'conflict', runId: row.run_id };
  }

  async find(runId: string): Promise<Run | null> {
    const { rows } = await this.pool.query<RunEntity>({ name: 'run-find', text: `SELECT ${RUN_COLUMNS} FROM hitl_runs WHERE run_id = $1`, values: [runId] });
    return rows[0] ? toRun(rows[0]) : null;
  }

  async onRecord(runId: string, now: Instant): Promise<RunOnRecord | null> {
    const { rows } = await this.pool.query<OnRecordRow>({ name: 'run-on-record', text: ON_RECORD, values: [runId, dayOf(now)] });
    return rows[0] ? toRunOnRecord(rows[0], dayOf(now)) : null;
  }

  async commit(transition: Transition, bells: Bell[], handledCommands: string[]): Promise<CommitAnswer> {
    const { before } = transition;
    const events = chained(before.runId, withStanding(transition), before.eventHash, this.sha256);
    const run: Run = { ...transition.run, eventHash: newestHash(events) };
    const changed = changedColumns(before, run);
    const { rows } = await this.pool.query<{ moved: string; bell_ids: string[] }>(commitStatement({ transition, events, changed, bells, handledCommands }));
    const answer = rows[0];
    if (!answer || Number(answer.moved) !== 1) return this.notMoved(transition);
    return { ok: true, run: storable(run), bells: storedBells(bells, answer.bell_ids) };
  }

  /** Somebody was faster, the money did not fit, or it is the day's first money and has no counters yet. */
  private async notMoved({ run, effects }: Transition): Promise<CommitAnswer> {
    if (reserveOf(effects)) await this.pool.query(MAKE_COUNTERS, [run.tenantId, run.userId, dayOf(run.times.updatedAt)]);
    return { ok: false, reason: 'stale' };
  }

  async withHistory(runId: string, most: number): Promise<RunWithHistory | null> {
    const { rows } = await this.pool.query<WithHistoryRow>({ name: 'run-with-history', text: WITH_HISTORY, values: [runId, most] });
    return rows[0] ? toRunWithHistory(rows[0]) : null;
  }

  async events(runId: string, after: number, limit: number): Promise<StepEvent[]> {
    const { rows } = await this.pool.query<StepEventEntity>({
      name: 'run-events',
      text: `SELECT ${STEP_EVENT_COLUMNS} FROM hitl_step_events WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      values: [runId, after, limit],
    });
    return rows.map(toStepEvent);
  }
}

const newestHash = (events: StepEvent[]): string => events.at(-1)?.hash ?? CHAIN_START;

/** The run's row is as it is after the last line, so that line seals it. */
function withStanding({ lines, run }: Transition): Transition['lines'] {
  return lines.map((line, n) => (n === lines.length - 1 ? { ...line, sealed: { ...line.sealed, run: standingFacts(run) } } : line));
}

function changedColumns(before: Run, run: Run): Record<string, unknown> {
  const was = toRow(before) as unknown as Record<string, unknown>;
  const is = toRow(run) as unknown as Record<string, unknown>;
  return Object.fromEntries(MOVING.filter((column) => !LARGE.has(column) || was[column] !== is[column]).map((column) => [column, is[column]]));
}

const INSERT = `
  WITH moved AS (
    INSERT INTO hitl_runs (${RUN_COLUMNS}) SELECT ${RUN_COLUMNS} FROM json_populate_record(NULL::hitl_runs, $1::json)
    ON CONFLICT DO NOTHING RETURNING run_id
  ), told AS (
    INSERT INTO hitl_step_events (${STEP_EVENT_COLUMNS}) SELECT ${prefixed('e', STEP_EVENT_COLUMNS)} FROM json_populate_recordset(NULL::hitl_step_events, $2::json) e, moved
  ), rung AS (
    INSERT INTO outbox (job, data, not_before)
    SELECT b.job, b.data, b.not_before FROM json_to_recordset($3::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id
  )
  SELECT (SELECT count(*) FROM moved) AS moved, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids`;

const WITH_HISTORY = `
  SELECT ${prefixed('r', RUN_COLUMNS)},
    (SELECT json_agg(a ORDER BY a.requested_at, a.approval_id) FROM (SELECT ${APPROVAL_COLUMNS} FROM hitl_approvals WHERE run_id = r.run_id) a) AS approvals,
    (SELECT json_agg(e ORDER BY e.seq) FROM (
      SELECT ${STEP_EVENT_COLUMNS} FROM hitl_step_events WHERE run_id = r.run_id ORDER BY seq LIMIT $2) e) AS events
  FROM hitl_runs r WHERE r.run_id = $1`;

/** A run with what a decision about its next move needs: one round trip, by primary keys and the open-commands index. */
const ON_RECORD = `
  SELECT ${prefixed('r', RUN_COLUMNS)},
    (SELECT row_to_json(c) FROM hitl_commands c WHERE c.run_id = r.run_id AND c.outcome IS NULL ORDER BY c.requested_at, c.command_id LIMIT 1) AS command,
    (SELECT row_to_json(a) FROM hitl_approvals a WHERE a.approval_id = r.approval_id) AS approval,
    (SELECT row_to_json(l) FROM hitl_launches l WHERE l.run_id = r.run_id AND l.attempt = r.attempt AND r.step = 'api_call') AS launch,${BUDGET_COLUMNS}
  FROM hitl_runs r WHERE r.run_id = $1`;
