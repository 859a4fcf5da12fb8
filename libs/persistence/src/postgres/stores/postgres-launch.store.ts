/*
 * What this is: the book of paid calls.
 * Invariants: one launch per run and attempt, committed before the request is written (7), and only while the run
 * still stands at it: `begin` holds the run's row against a pause or cancel that comes at the same moment.
 * A launch that has ended never moves back, and its cost is booked in the same statement.
 */
import {
  actualMicros, LaunchStore, OPEN_LAUNCH_STATUSES, type BeginAnswer, type Bell, type ChangeAnswer, type Instant, type Launch, type LaunchChange, type Progress,
  type StoredBell,
} from '@countersign/core';
import type { Pool } from 'pg';
import type { LaunchEntity } from '../entities/launch.entity';
import { toLaunch } from '../mappers/launch.mapper';
import { storableJson } from '../mappers/storable';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';
import { settleParts } from './budget-parts';

const OPEN = OPEN_LAUNCH_STATUSES.map((status) => `'${status}'`).join(', ');

/** The run ($2) while it stands at this launch ($3), held against a pause or cancel of the same moment. */
const WANTED = `
          SELECT run_id, tenant_id FROM hitl_runs
          WHERE run_id = $2 AND status = 'running' AND step = 'api_call' AND attempt = $3 FOR SHARE`;

export class PostgresLaunchStore extends LaunchStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async begin(launch: Launch): Promise<BeginAnswer> {
    const { rows } = await this.pool.query<LaunchEntity>({
      name: 'launch-begin',
      text: `
        WITH wanted AS (${WANTED})
        INSERT INTO hitl_launches (launch_id, run_id, tenant_id, attempt, provider, model, payload_hash, status, callback_token, submitted_at, next_check_at, model_version)
        SELECT $1, run_id, tenant_id, $3, $4, $5, $6, 'submitting', $7, $8, $9, $10 FROM wanted
        ON CONFLICT (run_id, attempt) DO NOTHING RETURNING *`,
      values: [
        launch.launchId, launch.runId, launch.attempt, launch.provider, launch.model, launch.payloadHash,
        launch.callbackToken, launch.submittedAt, launch.nextCheckAt, launch.modelVersion,
      ],
    });
    if (rows[0]) return { kind: 'begun', launch: toLaunch(rows[0]) };
    return this.earlier(launch);
  }

  async refuse(launch: Launch, bells: Bell[]): Promise<BeginAnswer & { bells: StoredBell[] }> {
    const { rows } = await this.pool.query<LaunchEntity & { bell_ids: string[] }>({
      name: 'launch-refuse',
      text: `
        WITH wanted AS (${WANTED}), moved AS (
          INSERT INTO hitl_launches (launch_id, run_id, tenant_id, attempt, provider, model, payload_hash, status, callback_token, submitted_at, finished_at, outcome, model_version)
          SELECT $1, run_id, tenant_id, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, $13 FROM wanted
          ON CONFLICT (run_id, attempt) DO NOTHING RETURNING *
        ), rung AS (
          INSERT INTO outbox (job, data, not_before)
          SELECT b.job, b.data, b.not_before FROM json_to_recordset($12::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id
        ), ${settleParts('0')}
        SELECT moved.*, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM moved`,
      values: [
        launch.launchId, launch.runId, launch.attempt, launch.provider, launch.model, launch.payloadHash, launch.status,
        launch.callbackToken, launch.submittedAt, launch.finishedAt, storableJson(launch.outcome), bellsJson(bells), launch.modelVersion,
      ],
    });
    const row = rows[0];
    if (row) return { kind: 'begun', launch: toLaunch(row), bells: storedBells(bells, row.bell_ids) };
    return { ...(await this.earlier(launch)), bells: [] };
  }

  private async earlier({ runId, attempt }: Launch): Promise<BeginAnswer> {
    const earlier = await this.ofAttempt(runId, attempt);
    return earlier ? { kind: 'existing', launch: earlier } : { kind: 'not_wanted' };
  }

  async find(launchId: string): Promise<Launch | null> {
    return this.one('SELECT * FROM hitl_launches WHERE launch_id = $1', [launchId]);
  }

  async ofAttempt(runId: string, attempt: number): Promise<Launch | null> {
    return this.one('SELECT * FROM hitl_launches WHERE run_id = $1 AND attempt = $2', [runId, attempt]);
  }

  async ofRun(runId: string): Promise<Launch[]> {
    const { rows } = await this.pool.query<LaunchEntity>('SELECT * FROM hitl_launches WHERE run_id = $1 ORDER BY attempt', [runId]);
    return rows.map(toLaunch);
  }

  private async one(text: string, values: unknown[]): Promise<Launch | null> {
    const { rows } = await this.pool.query<LaunchEntity>(text, values);
    return rows[0] ? toLaunch(rows[0]) : null;
  }

  async change(launchId: string, change: LaunchChange, bells: Bell[]): Promise<ChangeAnswer> {
    const { outcome } = change;
    const values = [
      launchId, change.status, change.jobId ?? null, change.launchedAt ?? null, change.finishedAt ?? null,
      change.nextCheckAt, outcome === undefined ? null : storableJson(outcome), bellsJson(bells),
    ];
    const query = this.pool.query<{ moved: string; bell_ids: string[] }>(
      outcome === undefined ? { name: 'launch-change', text: CHANGE, values } : { name: 'launch-end', text: END, values: [...values, actualMicros(outcome)] },
    );
    try {
      const answer = (await query).rows[0];
      if (!answer || Number(answer.moved) !== 1) return { ok: false, reason: 'ended' };
      return { ok: true, bells: storedBells(bells, answer.bell_ids) };
    } catch (error) {
      if (isJobClaimed(error)) return { ok: false, reason: 'job_claimed' };
      throw error;
    }
  }

  async noteProgress(launchId: string, progress: Progress): Promise<void> {
    await this.pool.query(`UPDATE hitl_launches SET progress = $2::jsonb WHERE launch_id = $1 AND status IN (${OPEN})`, [launchId, storableJson(progress)]);
  }

  async scheduleCheck(launchId: string, nextCheckAt: Instant): Promise<void> {
    await this.pool.query(`UPDATE hitl_launches SET next_check_at = $2, checks = checks + 1 WHERE launch_id = $1 AND status IN (${OPEN})`, [launchId, nextCheckAt]);
  }

  async noteCallback(launchId: string, jobId: string, bells: Bell[]): Promise<{ bells: StoredBell[] }> {
    const { rows } = await this.pool.query<{ bell_ids: string[] }>(
      `WITH noted AS (
         UPDATE hitl_launches SET callback_job_id = coalesce(callback_job_id, $2) WHERE launch_id = $1 RETURNING launch_id
       ), rung AS (
         INSERT INTO outbox (job, data, not_before)
         SELECT b.job, b.data, b.not_before FROM json_to_recordset($3::json) AS b(${BELL_COLUMNS}), noted ORDER BY b.n RETURNING id
       )
       SELECT ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM noted`,
      [launchId, jobId, bellsJson(bells)],
    );
    return { bells: rows[0] ? storedBells(bells, rows[0].bell_ids) : [] };
  }

  async claimedJobIds(provider: string, since: Instant): Promise<string[]> {
    const { rows } = await this.pool.query<{ job_id: string }>(
      'SELECT job_id FROM hitl_launches WHERE provider = $1 AND job_id IS NOT NULL AND submitted_at >= $2', [provider, since],
    );
    return rows.map((row) => row.job_id);
  }
}

const changing = (more: string): string => `
  WITH moved AS (
    UPDATE hitl_launches SET status = $2, job_id = coalesce($3, job_id), launched_at = coalesce($4::timestamptz, launched_at),
      finished_at = $5::timestamptz, next_check_at = $6::timestamptz, outcome = coalesce($7::jsonb, outcome)
    WHERE launch_id = $1 AND status IN (${OPEN}) RETURNING launch_id, run_id, attempt, submitted_at
  ), rung AS (
    INSERT INTO outbox (job, data, not_before)
    SELECT b.job, b.data, b.not_before FROM json_to_recordset($8::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id
  )${more}
  SELECT (SELECT count(*) FROM moved) AS moved, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids`;

const CHANGE = changing('');
/** $9 = what it cost in micro-dollars. */
const END = changing(`, ${settleParts('$9')}`);

/** Postgres' code for a unique violation, on the index that gives each provider job one launch. */
function isJobClaimed(error: unknown): boolean {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === '23505' && constraint === 'hitl_launches_job';
}
