/*
 * What this is: the net under every timer and doorbell. Whatever Redis forgot is found here again.
 * Invariant: Postgres is the truth (1): each query finds work from rows alone.
 * To extend: a new wait or timer needs a query here, on an index, bounded by `limit`.
 */
import { Overdue, type Bell, type Instant, type JsonObject } from '@countersign/core';
import type { Pool } from 'pg';

/** A doorbell normally rings within milliseconds; after this long it counts as lost. */
const LOST_AFTER = `interval '10 seconds'`;
/** How far back runs are searched for history that a channel was never told (Redis flushed between ringing and telling). */
const UNTOLD_WINDOW = `interval '10 minutes'`;
/** Answers that nobody acted on are searched this far back at every sweep, and without an end at the seldom ones: reading what a hundred
 * thousand waiting runs wait for costs a tenth of a second. */
const ANSWERED_WINDOW = `interval '2 minutes'`;
/** Every how many sweeps the seldom ones are made: every five minutes, and at the start of a process. */
const SELDOM_EVERY = 60;

/** How far back browser questions are searched for lines that are missing: an outage of a day is made up for. */
const UNNOTED_WINDOW = `interval '1 day'`;

interface Sweep {
  job: string;
  sql: string;
  isSeldom?: true;
}

/** $1 = now, $2 = limit; each row is the data of one doorbell. */
export const SWEEPS: readonly Sweep[] = [
  {
    job: 'run.advance',
    sql: `SELECT run_id, version FROM hitl_runs WHERE status IN ('queued', 'running') AND step <> 'api_call'
          AND updated_at < $1::timestamptz - ${LOST_AFTER} ORDER BY updated_at LIMIT $2`,
  },
  {
    job: 'run.advance',
    sql: `SELECT r.run_id, r.version FROM hitl_runs r JOIN hitl_launches l ON l.run_id = r.run_id AND l.attempt = r.attempt
          WHERE r.status = 'running' AND r.step = 'api_call' AND l.outcome IS NOT NULL
          AND l.finished_at < $1::timestamptz - ${LOST_AFTER} AND r.updated_at < $1::timestamptz - ${LOST_AFTER} LIMIT $2`,
  },
  {
    job: 'run.advance',
    sql: `SELECT r.run_id, r.version FROM hitl_approvals a JOIN hitl_runs r ON r.approval_id = a.approval_id AND r.status = 'awaiting_human'
          WHERE a.status <> 'pending' AND a.decided_at BETWEEN $1::timestamptz - ${ANSWERED_WINDOW} AND $1::timestamptz - ${LOST_AFTER}
          ORDER BY a.decided_at LIMIT $2`,
  },
  {
    job: 'run.advance',
    isSeldom: true,
    // A join would read all answers ever given; this looks up one row for each run that waits.
    sql: `SELECT r.run_id, r.version FROM hitl_runs r WHERE r.status = 'awaiting_human'
          AND (SELECT a.status <> 'pending' AND a.decided_at < $1::timestamptz - ${LOST_AFTER} FROM hitl_approvals a WHERE a.approval_id = r.approval_id) LIMIT $2`,
  },
  {
    job: 'run.advance',
    // Whoever made a wait longer died before the run's history told of it.
    sql: `SELECT r.run_id, r.version FROM hitl_approvals a JOIN hitl_runs r ON r.run_id = a.run_id AND r.approval_id = a.approval_id AND r.status = 'awaiting_human'
          WHERE a.status = 'pending' AND a.extensions > 0
          AND r.updated_at < $1::timestamptz - ${LOST_AFTER} AND a.expires_at <> (r.times ->> 'expiresAt')::timestamptz LIMIT $2`,
  },
  {
    job: 'execution.launch',
    sql: `SELECT r.run_id, r.attempt, r.version FROM hitl_runs r
          WHERE r.status = 'running' AND r.step = 'api_call' AND r.updated_at < $1::timestamptz - ${LOST_AFTER}
          AND NOT EXISTS (SELECT 1 FROM hitl_launches l WHERE l.run_id = r.run_id AND l.attempt = r.attempt)
          AND coalesce((r.times ->> 'launchNotBefore')::timestamptz, '-infinity') < $1::timestamptz
          ORDER BY r.updated_at LIMIT $2`,
  },
  {
    job: 'execution.follow',
    sql: `SELECT launch_id, checks AS check FROM hitl_launches
          WHERE next_check_at < $1::timestamptz - ${LOST_AFTER} ORDER BY next_check_at LIMIT $2`,
  },
  {
    job: 'run.commanded',
    sql: `SELECT run_id, command_id FROM hitl_commands WHERE outcome IS NULL AND requested_at < $1::timestamptz - ${LOST_AFTER} LIMIT $2`,
  },
  {
    job: 'approval.noted',
    // A question and its end each get one line in the history of a run that still goes on; an ended one is closed.
    sql: `SELECT a.run_id, a.approval_id, f.fact FROM hitl_approvals a JOIN hitl_runs r ON r.run_id = a.run_id
          CROSS JOIN LATERAL (VALUES ('browser_asked'), (CASE a.status WHEN 'pending' THEN NULL WHEN 'expired' THEN 'browser_expired'
            WHEN 'cancelled' THEN 'browser_cancelled' ELSE 'browser_decided' END)) f(fact)
          WHERE a.checkpoint = 'browser_action' AND f.fact IS NOT NULL AND r.status IN ('queued', 'running', 'awaiting_human', 'paused')
          AND coalesce(a.decided_at, a.requested_at) BETWEEN $1::timestamptz - ${UNNOTED_WINDOW} AND $1::timestamptz - ${LOST_AFTER}
          AND NOT EXISTS (SELECT 1 FROM hitl_step_events e WHERE e.run_id = a.run_id AND e.type = 'noted'
            AND e.metadata ->> 'approval_id' = a.approval_id::text AND e.metadata ->> 'fact' = f.fact) LIMIT $2`,
  },
  {
    job: 'approval.expire',
    // A paused run's question can be ended by nobody: ringing for it again and again would crowd out the others.
    sql: `SELECT a.run_id, a.approval_id, a.extensions AS extension FROM hitl_approvals a
          WHERE a.status = 'pending' AND a.expires_at < $1::timestamptz - interval '1 second'
          AND NOT EXISTS (SELECT 1 FROM hitl_runs r WHERE r.run_id = a.run_id AND r.status = 'paused' AND r.approval_id = a.approval_id)
          ORDER BY a.expires_at LIMIT $2`,
  },
  {
    job: 'model.ask',
    sql: `SELECT call_id FROM hitl_model_calls WHERE outcome IS NULL AND until < $1::timestamptz - ${LOST_AFTER} ORDER BY until LIMIT $2`,
  },
  {
    job: 'notice.tell',
    sql: `SELECT n.run_id, r.version AS seq FROM notices n JOIN hitl_runs r USING (run_id)
          WHERE n.next_try_at < $1::timestamptz ORDER BY n.next_try_at LIMIT $2`,
  },
  {
    job: 'notice.tell',
    sql: `SELECT r.run_id, r.version AS seq FROM hitl_runs r
          WHERE r.updated_at BETWEEN $1::timestamptz - ${UNTOLD_WINDOW} AND $1::timestamptz - ${LOST_AFTER}
          AND (NOT EXISTS (SELECT 1 FROM notices n WHERE n.run_id = r.run_id AND n.channel = 'socket')
            OR EXISTS (SELECT 1 FROM notices n WHERE n.run_id = r.run_id AND n.told_seq < r.version AND n.next_try_at IS NULL)) LIMIT $2`,
  },
];

export class PostgresOverdue extends Overdue {
  private sweeps = 0;

  constructor(private readonly pool: Pool, private readonly seldomEvery = SELDOM_EVERY) {
    super();
  }

  async bells(now: Instant, limit: number): Promise<Bell[]> {
    const bells: Bell[] = [];
    const withSeldom = this.sweeps % this.seldomEvery === 0;
    this.sweeps += 1;
    for (const { job, sql } of SWEEPS.filter(({ isSeldom }) => withSeldom || !isSeldom)) {
      const { rows } = await this.pool.query<JsonObject>(sql, [now, limit]);
      bells.push(...rows.map((data) => ({ job, data, notBefore: null })));
    }
    return bells;
  }
}
