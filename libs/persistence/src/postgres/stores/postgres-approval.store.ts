/*
 * What this is: the one place where an answer becomes final.
 * Invariant: one answer per approval (5): `UPDATE … WHERE status = 'pending'`, together with its doorbell.
 * To extend: whatever else may end an approval goes through `settle`, never around it.
 */
import {
  ApprovalStore, type Approval, type ApprovalStatus, type Bell, type Claim, type ClaimAnswer, type Decision, type Instant, type RecordAnswer, type StoredBell,
} from '@countersign/core';
import type { Pool } from 'pg';
import type { ApprovalEntity } from '../entities/approval.entity';
import { toApproval, toApprovalRow } from '../mappers/approval.mapper';
import { storableJson } from '../mappers/storable';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';
import { APPROVAL_COLUMNS } from './columns';

export class PostgresApprovalStore extends ApprovalStore {
  constructor(private readonly pool: Pool) {
    super();
  }

  async find(approvalId: string): Promise<Approval | null> {
    const { rows } = await this.pool.query<ApprovalEntity>({
      name: 'approval-find', text: `SELECT ${APPROVAL_COLUMNS} FROM hitl_approvals WHERE approval_id = $1`, values: [approvalId],
    });
    return rows[0] ? toApproval(rows[0]) : null;
  }

  async ofRun(runId: string): Promise<Approval[]> {
    const { rows } = await this.pool.query<ApprovalEntity>({
      name: 'approvals-of-run', text: `SELECT ${APPROVAL_COLUMNS} FROM hitl_approvals WHERE run_id = $1 ORDER BY requested_at, approval_id`, values: [runId],
    });
    return rows.map(toApproval);
  }

  async record(approvalId: string, status: ApprovalStatus, decision: Decision, bells: Bell[]): Promise<RecordAnswer> {
    return this.settle({ approvalId, status, decision, at: decision.at, bells, guard: IN_TIME });
  }

  async expire(approvalId: string, at: Instant, bells: Bell[]): Promise<RecordAnswer> {
    return this.settle({ approvalId, status: 'expired', decision: null, at, bells, guard: OVERDUE });
  }

  async cancel(approvalId: string, bells: Bell[]): Promise<RecordAnswer> {
    return this.settle({ approvalId, status: 'cancelled', decision: null, at: new Date().toISOString(), bells, guard: ANY_TIME });
  }

  private async settle({ approvalId, status, decision, at, bells, guard }: Settlement): Promise<RecordAnswer> {
    const { rows } = await this.pool.query<ApprovalEntity & { bell_ids: string[] }>({
      name: `approval-settle-${guard.name}`,
      text: `
        WITH won AS (
          UPDATE hitl_approvals SET status = $2, decision = $3::jsonb, decided_at = $4::timestamptz
          WHERE approval_id = $1 AND status = 'pending' AND ${guard.sql} RETURNING ${APPROVAL_COLUMNS}
        ), rung AS (
          INSERT INTO outbox (job, data, not_before)
          SELECT b.job, b.data, b.not_before FROM json_to_recordset($5::json) AS b(${BELL_COLUMNS}), won ORDER BY b.n RETURNING id
        )
        SELECT won.*, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM won`,
      values: [approvalId, status, decision === null ? null : storableJson(decision), at, bellsJson(bells)],
    });
    const row = rows[0];
    if (row) return { ok: true, approval: toApproval(row), bells: storedBells(bells, row.bell_ids) };
    return { ok: false, approval: await this.find(approvalId) };
  }

  async extend({ approvalId, extensions }: Pick<Approval, 'approvalId' | 'extensions'>, expiresAt: Instant, toEverybody: boolean): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `UPDATE hitl_approvals SET expires_at = $2, extensions = extensions + 1, user_id = CASE WHEN $3 THEN NULL ELSE user_id END
       WHERE approval_id = $1 AND status = 'pending' AND expires_at < $2 AND extensions = $4`,
      [approvalId, expiresAt, toEverybody, extensions],
    );
    return rowCount === 1;
  }

  async claim(approvalId: string, { by, at, until }: Claim): Promise<ClaimAnswer> {
    const { rows } = await this.pool.query<ApprovalEntity>({
      name: 'approval-claim',
      text: `UPDATE hitl_approvals SET claimed_by = $2, claimed_until = $4::timestamptz
        WHERE approval_id = $1 AND status = 'pending' AND (claimed_by = $2 OR claimed_until IS NULL OR claimed_until <= $3::timestamptz)
        RETURNING ${APPROVAL_COLUMNS}`,
      values: [approvalId, by, at, until],
    });
    return this.claimAnswer(approvalId, rows[0]);
  }

  async release(approvalId: string, by: string, at: Instant): Promise<ClaimAnswer> {
    const { rows } = await this.pool.query<ApprovalEntity>({
      name: 'approval-release',
      text: `UPDATE hitl_approvals SET claimed_by = NULL, claimed_until = NULL
        WHERE approval_id = $1 AND status = 'pending' AND (claimed_by = $2 OR claimed_until IS NULL OR claimed_until <= $3::timestamptz)
        RETURNING ${APPROVAL_COLUMNS}`,
      values: [approvalId, by, at],
    });
    return this.claimAnswer(approvalId, rows[0]);
  }

  private async claimAnswer(approvalId: string, row: ApprovalEntity | undefined): Promise<ClaimAnswer> {
    return row ? { ok: true, approval: toApproval(row) } : { ok: false, approval: await this.find(approvalId) };
  }

  async open(approval: Approval, bells: Bell[]): Promise<{ approval: Approval; created: boolean; bells: StoredBell[] }> {
    const { rows } = await this.pool.query<ApprovalEntity & { bell_ids: string[] }>(
      `WITH opened AS (
         INSERT INTO hitl_approvals (${APPROVAL_COLUMNS}) SELECT ${APPROVAL_COLUMNS} FROM json_populate_record(NULL::hitl_approvals, $1::json)
         ON CONFLICT DO NOTHING RETURNING ${APPROVAL_COLUMNS}
       ), rung AS (
         INSERT INTO outbox (job, data, not_before)
         SELECT b.job, b.data, b.not_before FROM json_to_recordset($2::json) AS b(${BELL_COLUMNS}), opened ORDER BY b.n RETURNING id
       )
       SELECT opened.*, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM opened`,
      [storableJson(toApprovalRow(approval)), bellsJson(bells)],
    );
    const row = rows[0];
    if (row) return { approval: toApproval(row), created: true, bells: storedBells(bells, row.bell_ids) };
    const earlier = await this.pool.query<ApprovalEntity>(
      `SELECT ${APPROVAL_COLUMNS} FROM hitl_approvals WHERE run_id = $1 AND request_id = $2`, [approval.runId, approval.requestId],
    );
    const first = earlier.rows[0];
    if (!first) throw new Error(`approval ${approval.approvalId} exists already`);
    return { approval: toApproval(first), created: false, bells: [] };
  }
}

interface Settlement {
  approvalId: string;
  status: ApprovalStatus;
  decision: Decision | null;
  at: Instant;
  bells: Bell[];
  guard: { name: string; sql: string };
}

/** A time-out that does not end the wait leaves it answerable (core's `waitsOn`). */
const IN_TIME = {
  name: 'in-time',
  sql: `(expires_at > $4::timestamptz OR on_timeout = 'keep_waiting' OR (on_timeout = 'escalate' AND extensions = 0)
         OR ($3::jsonb ->> 'by') = 'policy:on_timeout')`,
};
const OVERDUE = { name: 'overdue', sql: 'expires_at <= $4::timestamptz' };
const ANY_TIME = { name: 'any-time', sql: 'true' };
