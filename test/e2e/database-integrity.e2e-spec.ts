import { startHouse, type House } from '../harness/house';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

/** The rows alone tell everything: what a run was asked, where it stands, who answered what, and in which order. */
describe('database integrity', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  type Row = Record<string, unknown>;
  const rowsOf = async (sql: string, ...values: unknown[]): Promise<Row[]> => (await house.db.query<Row>(sql, values)).rows;
  const rowOf = async (sql: string, ...values: unknown[]): Promise<Row> => (await rowsOf(sql, ...values))[0] ?? {};
  const start = async (user: string, session: string, ...rest: Parameters<typeof scriptedRequest>): Promise<string> =>
    (await house.client(user).startRun({ ...scriptedRequest(...rest), user_id: user, session_id: session })).run_id;

  it.each([
    ['hitl_runs', ['run_id', 'tenant_id', 'user_id', 'session_id', 'parent_run_id', 'version', 'status', 'step', 'provider', 'model', 'idempotency_key', 'config', 'original_input', 'created_at', 'updated_at']],
    ['hitl_step_events', ['run_id', 'seq', 'step', 'status', 'at', 'actor', 'message', 'metadata', 'prev_hash', 'hash']],
    ['hitl_approvals', ['approval_id', 'run_id', 'checkpoint', 'status', 'context', 'payload_hash', 'requested_at', 'expires_at', 'on_timeout', 'decision', 'decided_at']],
    ['hitl_launches', ['launch_id', 'run_id', 'attempt', 'payload_hash', 'status', 'job_id', 'submitted_at', 'outcome']],
    ['hitl_artifacts', ['artifact_id', 'run_id', 'sha256', 'mime', 'bytes']],
  ])('has the columns of %s, and every time in them knows its zone', async (table, wanted) => {
    const columns = await rowsOf('SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_name = $1', table);
    expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(wanted));
    expect(columns.filter(({ type }) => type === 'timestamp without time zone')).toEqual([]);
  });

  it('keeps a run as it was asked for, in typed columns and in JSON', async () => {
    const runId = await start('ann', 'rows-1', 'require_human', { uppercase: true });
    const approval = await untilAsked(house.client('ann'), runId, 'payload_suggestion');
    expect(await rowOf('SELECT * FROM hitl_runs WHERE run_id = $1', runId)).toMatchObject({
      user_id: 'ann', session_id: 'rows-1', status: 'awaiting_human', step: 'payload_review', provider: 'scripted', model: 'scripted/echo',
      approval_id: approval.approval_id, config: expect.objectContaining({ policy: 'require_human' }),
      original_input: expect.objectContaining({ user_id: 'ann', session_id: 'rows-1', provider: 'scripted' }),
      preparation: expect.objectContaining({ payloadHash: approval.payload_hash }), created_at: expect.any(Date),
    });
    await house.client('ann').cancel(runId);
  });

  it('keeps events in order with who and what, and lets nobody change them', async () => {
    const runId = await start('ann', 'events-1', 'require_human');
    await approveAll(house.client('ann'), runId);
    const events = await rowsOf('SELECT * FROM hitl_step_events WHERE run_id = $1 ORDER BY seq', runId);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, place) => place + 1));
    const times = events.map(({ at }) => (at as Date).getTime());
    expect(times).toEqual([...times].sort((one, other) => one - other));
    expect(events.filter(({ actor }) => actor === 'human:ann').map(({ type }) => type)).toEqual(['created', 'approved', 'accepted']);
    expect(events.find(({ type }) => type === 'approved')?.metadata).toMatchObject({ payload_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    for (const change of ['UPDATE hitl_step_events SET message = \'x\' WHERE run_id = $1', 'DELETE FROM hitl_step_events WHERE run_id = $1']) {
      await expect(house.db.query(change, [runId])).rejects.toThrow('append-only');
    }
  });

  it('keeps what was asked, the answer, who gave it and until when it could be given', async () => {
    const client = house.client('ann');
    const runId = await start('ann', 'asked-1', 'require_human', {}, { hitl_config: { allowed_steps: ['payload_review'], timeout_seconds: 900 } });
    const { approval_id: approvalId } = await untilAsked(client, runId, 'payload_suggestion');
    await client.decide(approvalId, { action: 'edit', edits: { repeat: 3 }, reason: 'louder' });
    await untilStatus(client, runId, 'completed');
    const row = await rowOf('SELECT *, extract(epoch FROM expires_at - requested_at) AS seconds FROM hitl_approvals WHERE approval_id = $1', approvalId);
    expect(row).toMatchObject({
      status: 'edited', checkpoint: 'payload_suggestion', context: expect.any(Object), decided_at: expect.any(Date),
      decision: expect.objectContaining({ action: 'edit', edits: { repeat: 3 }, by: 'human:ann' }),
    });
    expect(Number(row.seconds)).toBeCloseTo(900, 0);
  });

  it('agrees with itself: each run stands as its newest event says, and nothing points nowhere', async () => {
    const client = house.client('ann');
    await untilStatus(client, await start('ann', 'mixed', 'auto'), 'completed');
    const paused = await start('ann', 'mixed', 'require_human');
    await untilAsked(client, paused, 'payload_suggestion');
    await client.pause(paused);
    const rejected = await start('ann', 'mixed', 'require_human');
    await client.decide((await untilAsked(client, rejected, 'payload_suggestion')).approval_id, { action: 'reject', reason: 'no' });
    await untilStatus(client, rejected, 'cancelled');
    const expired = await start('ann', 'mixed', 'require_human', {}, { hitl_config: { timeout_seconds: 1 } });
    await untilStatus(client, expired, 'expired');

    const newest = `SELECT DISTINCT ON (run_id) * FROM hitl_step_events ORDER BY run_id, seq DESC`;
    expect(await rowsOf(`SELECT run.run_id FROM hitl_runs run LEFT JOIN (${newest}) event USING (run_id)
      WHERE event.seq IS DISTINCT FROM run.version OR event.status IS DISTINCT FROM run.status OR event.step IS DISTINCT FROM run.step OR event.hash IS DISTINCT FROM run.event_hash`)).toEqual([]);
    expect(await rowsOf(`SELECT run_id FROM hitl_runs WHERE status = 'awaiting_human'
      AND NOT EXISTS (SELECT 1 FROM hitl_approvals asked WHERE asked.approval_id = hitl_runs.approval_id AND asked.run_id = hitl_runs.run_id)`)).toEqual([]);
    expect(await rowsOf(`SELECT asked.approval_id FROM hitl_approvals asked JOIN hitl_runs run USING (run_id)
      WHERE asked.status = 'pending' AND run.status IN ('completed', 'failed', 'cancelled', 'expired')`)).toEqual([]);
    await client.cancel(paused);
  });

  it('answers mixed questions about sessions and users without mixing them', async () => {
    const places = [['mia', 's-a'], ['mia', 's-b'], ['noa', 's-a'], ['noa', 's-c']] as const;
    const ids = new Map<string, string>();
    for (const [user, session] of places) ids.set(`${user} ${session}`, await start(user, session, 'require_human'));
    for (const [user, session] of places) {
      const { runs, total } = await house.client().runs({ user_id: user, session_id: session });
      expect({ ids: runs.map(({ run_id }) => run_id), total }).toEqual({ ids: [ids.get(`${user} ${session}`)], total: 1 });
    }
    expect((await house.client().runs({ session_id: 's-a' })).total).toBe(2);
    expect((await house.client().runs({ user_id: 'noa' })).total).toBe(2);
    for (const id of ids.values()) await house.client('mia').cancel(id);
  });

  it('keeps what a card was told, however deep, and the issues with it', async () => {
    const client = house.client('ann');
    const runId = (await client.startRun({
      run_input: { prompt: '', provider: 'scripted', model: 'scripted/echo', parameters: { repeat: 99, palettes: { deep: [{ er: ['ünïcode', null, {}] }] } } },
      hitl_config: { policy: 'require_human' }, user_id: 'ann', session_id: 'deep-1',
    })).run_id;
    const approval = await untilAsked(client, runId, 'validation_review');
    const row = await rowOf('SELECT context, schema FROM hitl_approvals WHERE approval_id = $1', approval.approval_id);
    expect(row).toEqual({ context: approval.context, schema: approval.schema });
    const { validation_summary: summary } = await client.state(runId);
    const codes = summary?.checkpoints.flatMap(({ issues }) => issues.map(({ code, field }) => `${code} ${field}`)) ?? [];
    expect(codes).toEqual(expect.arrayContaining(['missing_required prompt', 'out_of_range repeat', 'unknown_field palettes']));
    expect(summary?.suggested_actions.length).toBeGreaterThan(0);
    await client.cancel(runId);
  });

  it('holds everything that is needed to go on: end of the wait, config, input, events and both times', async () => {
    const client = house.client('ann');
    const runId = await start('ann', 'resume-1', 'require_human', {}, { hitl_config: { timeout_seconds: 1800 } });
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    const row = await rowOf('SELECT config, original_input, times, standing FROM hitl_runs WHERE run_id = $1', runId);
    expect(row).toMatchObject({
      config: expect.objectContaining({ timeoutSeconds: 1800 }), original_input: expect.objectContaining({ prompt: expect.any(String) }),
      times: expect.objectContaining({ expiresAt: approval.expires_at, humanReviewMs: 0, providerMs: 0 }),
      standing: expect.objectContaining({ approvalId: approval.approval_id }),
    });
    await approveAll(client, runId);
    const { times } = await rowOf('SELECT times FROM hitl_runs WHERE run_id = $1', runId) as { times: { humanReviewMs: number; providerMs: number } };
    expect(times.humanReviewMs).toBeGreaterThan(0);
    expect((await client.status(runId)).metrics.human_review_time_ms).toBe(times.humanReviewMs);
  });
});
