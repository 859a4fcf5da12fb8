/*
 * What this is: the book of questions to language models.
 * Invariants: a question is sent once (`began_at IS NULL`); what was spent is counted under one lock, so that many callers
 * at once do not spend more than one alone.
 */
import {
  ModelCalls, type Bell, type CallEnd, type CallOutcome, type CallPurpose, type Instant, type Json, type ModelBudget, type ModelCall,
  type NewModelCall, type StoredBell,
} from '@countersign/core';
import type { Pool } from 'pg';
import { storableJson, storableText } from '../mappers/storable';
import { instant } from '../mappers/time.mapper';
import { BELL_COLUMNS, bellsJson, storedBells } from './bells';

/** Any number that no other advisory lock of ours has. */
const BUDGET_LOCK = 7_213_004;
const DAY = `interval '24 hours'`;
const COLUMNS = 'call_id, run_id, approval_id, purpose, words, asked_at, until, model, outcome, answer';

interface CallRow {
  call_id: string;
  run_id: string;
  approval_id: string;
  purpose: CallPurpose;
  words: string | null;
  asked_at: Date;
  until: Date;
  model: string | null;
  outcome: CallOutcome | null;
  answer: Json;
}

export class PostgresModelCalls extends ModelCalls {
  constructor(private readonly pool: Pool) {
    super();
  }

  async announce(model: string | null): Promise<void> {
    if (model === null) await this.pool.query('DELETE FROM language_model');
    else await this.pool.query('INSERT INTO language_model (name) VALUES ($1) ON CONFLICT (only_one) DO UPDATE SET name = $1', [model]);
  }

  async announced(): Promise<string | null> {
    const { rows } = await this.pool.query<{ name: string }>('SELECT name FROM language_model');
    return rows[0]?.name ?? null;
  }

  async request(call: NewModelCall, bells: Bell[]): Promise<{ call: ModelCall; bells: StoredBell[] }> {
    const earlier = await this.alike(call);
    if (earlier) return { call: earlier, bells: [] };
    const { rows } = await this.pool.query<CallRow & { bell_ids: string[] }>(
      `WITH asked AS (
         INSERT INTO hitl_model_calls (call_id, run_id, approval_id, purpose, words, asked_at, until) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (call_id) DO NOTHING RETURNING ${COLUMNS}
       ), rung AS (
         INSERT INTO outbox (job, data, not_before)
         SELECT b.job, b.data, b.not_before FROM json_to_recordset($8::json) AS b(${BELL_COLUMNS}), asked ORDER BY b.n RETURNING id
       )
       SELECT asked.*, ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM asked`,
      [call.callId, call.runId, call.approvalId, call.purpose, call.words === null ? null : storableText(call.words), call.askedAt, call.until, bellsJson(bells)],
    );
    const row = rows[0];
    if (row) return { call: toCall(row), bells: storedBells(bells, row.bell_ids) };
    const same = await this.find(call.callId);
    if (!same) throw new Error(`the model call ${call.callId} can be neither made nor found`);
    return { call: same, bells: [] };
  }

  async find(callId: string): Promise<ModelCall | null> {
    const { rows } = await this.pool.query<CallRow>(`SELECT ${COLUMNS} FROM hitl_model_calls WHERE call_id = $1`, [callId]);
    return rows[0] ? toCall(rows[0]) : null;
  }

  async begin(callId: string, by: { model: string; tokens: number; at: Instant }, budget: ModelBudget): Promise<'begun' | 'taken' | 'over_budget'> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT pg_advisory_xact_lock($1)', [BUDGET_LOCK]);
      const { rowCount } = await client.query(
        `UPDATE hitl_model_calls c SET began_at = $2, model = $3, tokens = $4
         WHERE call_id = $1 AND began_at IS NULL AND outcome IS NULL
         AND (SELECT count(*) FROM hitl_model_calls WHERE run_id = c.run_id AND began_at IS NOT NULL) < $5
         AND (SELECT count(*) < $6 AND coalesce(sum(tokens), 0) + $4 <= $7 FROM hitl_model_calls WHERE began_at > $2::timestamptz - ${DAY})`,
        [callId, by.at, by.model, by.tokens, budget.callsPerRun, budget.callsPerDay, budget.tokensPerDay],
      );
      const { rows } = await client.query<{ isFree: boolean }>('SELECT began_at IS NULL AND outcome IS NULL AS "isFree" FROM hitl_model_calls WHERE call_id = $1', [callId]);
      await client.query('COMMIT');
      if (rowCount === 1) return 'begun';
      return rows[0]?.isFree === true ? 'over_budget' : 'taken';
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async end(callId: string, end: CallEnd, bells: Bell[]): Promise<{ isMine: boolean; bells: StoredBell[] }> {
    const { rows } = await this.pool.query<{ bell_ids: string[] }>(
      `WITH ended AS (
         UPDATE hitl_model_calls SET outcome = $2, answer = $3::jsonb, tokens = coalesce($4, tokens), ended_at = $5
         WHERE call_id = $1 AND outcome IS NULL RETURNING call_id
       ), rung AS (
         INSERT INTO outbox (job, data, not_before)
         SELECT b.job, b.data, b.not_before FROM json_to_recordset($6::json) AS b(${BELL_COLUMNS}), ended ORDER BY b.n RETURNING id
       )
       SELECT ARRAY(SELECT id FROM rung ORDER BY id)::text[] AS bell_ids FROM ended`,
      [callId, end.outcome, end.answer === null ? null : storableJson(end.answer), end.tokens, end.at, bellsJson(bells)],
    );
    const row = rows[0];
    return row ? { isMine: true, bells: storedBells(bells, row.bell_ids) } : { isMine: false, bells: [] };
  }

  /** A reading of the same words that is under way, or has an answer. */
  private async alike({ approvalId, purpose, words, askedAt }: NewModelCall): Promise<ModelCall | null> {
    if (words === null) return null;
    const { rows } = await this.pool.query<CallRow>(
      `SELECT ${COLUMNS} FROM hitl_model_calls WHERE approval_id = $1 AND purpose = $2 AND words = $3
       AND (outcome = 'answered' OR (outcome IS NULL AND until > $4::timestamptz)) ORDER BY asked_at DESC LIMIT 1`,
      [approvalId, purpose, storableText(words), askedAt],
    );
    return rows[0] ? toCall(rows[0]) : null;
  }
}

function toCall(row: CallRow): ModelCall {
  return {
    callId: row.call_id, runId: row.run_id, approvalId: row.approval_id, purpose: row.purpose, words: row.words,
    askedAt: instant(row.asked_at), until: instant(row.until), model: row.model, outcome: row.outcome, answer: row.answer,
  };
}
