import pg from 'pg';

/** Spread over three days, as questions are that nobody hurries to answer. */
const DAYS = 3;
const USERS = 500;
const SESSIONS = 1_000;

/**
 * Copies one run that waits for a person, with its approval, its events and its notices, `count` times under new ids, users
 * and times; all for one user in one session with `together`. A copied history does not verify (its ids are not those that were hashed); nothing that is measured reads it.
 */
export async function park({ url, runId, count, together = false }) {
  const client = new pg.Client({ connectionString: url, application_name: 'bench-park' });
  await client.connect();
  try {
    const id = (kind) => `('019e${kind}-0000-7000-9000-' || lpad(to_hex(n), 12, '0'))::uuid`;
    const age = `(n::float8 / ${count}) * interval '${DAYS} days'`;
    const copies = (table, changes) => `INSERT INTO ${table} OVERRIDING USER VALUE
      SELECT r.* FROM generate_series(1, ${count}) n, ${table} t, LATERAL jsonb_populate_record(NULL::${table}, to_jsonb(t) || ${changes}) r WHERE t.run_id = $1`;
    const whose = together ? `'user_id', 'u7', 'session_id', 's7'` : `'user_id', 'u' || n % ${USERS}, 'session_id', 's' || n % ${SESSIONS}`;
    await client.query('SET statement_timeout = 0');
    // At once, or the sweeper would find runs that nobody was told of.
    await client.query('BEGIN');
    await client.query(copies('hitl_runs', `jsonb_build_object('run_id', ${id('a001')}, 'approval_id', ${id('a002')}, ${whose}, 'idempotency_key', NULL,
      'standing', t.standing || jsonb_build_object('approvalId', ${id('a002')}), 'created_at', now() - ${age}, 'updated_at', now() - ${age},
      'times', t.times || jsonb_build_object('expiresAt', ${isoTime(`now() + interval '1 day' + ${age}`)}))`), [runId]);
    await client.query(copies('hitl_approvals', `jsonb_build_object('run_id', ${id('a001')}, 'approval_id', ${id('a002')}, ${whose}, 'requested_at', now() - ${age},
      'expires_at', ${isoTime(`now() + interval '1 day' + ${age}`)})`), [runId]);
    await client.query(copies('hitl_step_events', `jsonb_build_object('run_id', ${id('a001')}, 'at', now() - ${age})`), [runId]);
    await client.query(copies('notices', `jsonb_build_object('run_id', ${id('a001')})`), [runId]);
    await client.query('COMMIT');
    await client.query('VACUUM ANALYZE');
    const { rows: [{ waiting, mib }] } = await client.query(`SELECT count(*)::int AS waiting, pg_database_size(current_database()) / 1048576 AS mib
      FROM hitl_runs JOIN hitl_approvals USING (approval_id) WHERE hitl_runs.status = 'awaiting_human' AND hitl_approvals.status = 'pending'`);
    return { waiting, mib: Number(mib) };
  } finally {
    await client.end();
  }
}

/** As the services write instants into JSON. */
const isoTime = (sql) => `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
