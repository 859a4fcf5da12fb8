import { aCommand, aLaunch, anApproval, storedRun } from '@countersign/core/testing';
import type { DatabaseStage } from './database-stage';

/**
 * Fills every table with `rows` rows as a house has them after a month: nearly everything is over, some things wait,
 * few move. Statistics are up to date afterwards.
 */
export async function fillDatabase(stage: DatabaseStage, rows: number, now: string): Promise<void> {
  const { pool } = stage;
  const run = await storedRun(stage, 'completed', 'response_review');
  await stage.approvals.open(anApproval({ runId: run.runId }), []);
  await stage.commands.request(aCommand({ runId: run.runId }), []);
  const calling = await storedRun(stage, 'running', 'api_call');
  await stage.launches.begin(aLaunch({ runId: calling.runId, attempt: 1 }));
  const id = (kind: string): string => `('019e${kind}-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  const at = `$1::timestamptz - n * interval '2 minutes'`;
  const copies = (table: string, changes: string): string =>
    `INSERT INTO ${table} SELECT r.* FROM generate_series(1, ${rows}) n, (SELECT to_jsonb(x) AS row FROM ${table} x LIMIT 1) t,
     LATERAL jsonb_populate_record(NULL::${table}, t.row || ${changes}) r`;
  const parameters = [now];
  await pool.query(copies('hitl_runs', `jsonb_build_object('run_id', ${id('0001')}, 'created_at', ${at}, 'updated_at', ${at}, 'tenant_id', 't' || n % 5, 'user_id', 'u' || n % 100,
    'session_id', 's' || n % 500, 'step', CASE WHEN n % 30 = 0 THEN 'api_call' ELSE 'payload_review' END, 'approval_id', ${id('0002')}, 'version', 6, 'attempt', 1,
    'status', CASE WHEN n % 60 = 0 THEN 'running' WHEN n % 61 = 0 THEN 'queued' WHEN n % 20 = 0 THEN 'awaiting_human' WHEN n % 101 = 0 THEN 'paused' ELSE 'completed' END)`), parameters);
  await pool.query(copies('hitl_approvals', `jsonb_build_object('approval_id', ${id('0002')}, 'run_id', ${id('0001')}, 'tenant_id', 't' || n % 5, 'user_id', 'u' || n % 100, 'requested_at', ${at},
    'expires_at', ${at} + interval '1 hour', 'status', CASE WHEN n % 20 = 0 THEN 'pending' ELSE 'approved' END, 'decided_at', CASE WHEN n % 20 = 0 THEN NULL ELSE ${at} END)`), parameters);
  await pool.query(copies('hitl_launches', `jsonb_build_object('launch_id', ${id('0003')}, 'run_id', ${id('0001')}, 'attempt', 1, 'status', 'succeeded', 'outcome', '{}'::jsonb, 'job_id', 'j' || n,
    'submitted_at', ${at}, 'finished_at', ${at}, 'next_check_at', CASE WHEN n % 100 = 0 THEN ${at} END)`), parameters);
  await pool.query(copies('hitl_commands', `jsonb_build_object('command_id', ${id('0004')}, 'run_id', ${id('0001')}, 'requested_at', ${at}, 'outcome', CASE WHEN n % 500 <> 0 THEN 'done' END)`), parameters);
  await pool.query(`INSERT INTO notices SELECT ${id('0001')}, 'socket', 6, CASE WHEN n % 200 = 0 THEN ${at} END FROM generate_series(1, ${rows}) n`, parameters);
  await pool.query(`INSERT INTO hitl_model_calls (call_id, run_id, approval_id, purpose, asked_at, until, outcome)
    SELECT ${id('0005')}, ${id('0001')}, ${id('0002')}, 'reading', ${at}, ${at}, CASE WHEN n % 100 <> 0 THEN 'answered' END FROM generate_series(1, ${rows}) n`, parameters);
  await pool.query(copies('hitl_step_events', `jsonb_build_object('run_id', ${id('0001')}, 'at', ${at})`), parameters);
  await pool.query('ANALYZE');
}
