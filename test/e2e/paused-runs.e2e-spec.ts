import { startHouse, SERVICES, type House } from '../harness/house';
import { scriptedRequest, untilAsked } from '../harness/drive';

/** Runs that stand still, seen with no process of ours alive: the rows alone must be enough to go on. */
describe('the rows of paused runs', () => {
  let house: House;
  let asked: { runId: string; approvalId: string };
  let paused: string;
  beforeAll(async () => {
    house = await startHouse();
    const client = house.client('ida');
    const blocked = (await client.startRun({
      run_input: { prompt: 'Make it bigger', provider: 'local', model: 'local/upscale' },
      hitl_config: { policy: 'require_human' }, user_id: 'ida', session_id: 'still-1',
    })).run_id;
    asked = { runId: blocked, approvalId: (await untilAsked(client, blocked, 'validation_review')).approval_id };
    paused = (await client.startRun({ ...scriptedRequest('require_human'), user_id: 'ida', session_id: 'still-1' })).run_id;
    await untilAsked(client, paused, 'payload_suggestion');
    await client.pause(paused);
    for (const service of SERVICES) await house.kill(service);
    await house.flushRedis();
  }, 120_000);
  afterAll(() => house.close());

  const row = async (sql: string, ...values: unknown[]): Promise<Record<string, unknown>> => (await house.db.query<Record<string, unknown>>(sql, values)).rows[0] ?? {};

  it('say where the run stands and what it goes back to', async () => {
    expect(await row('SELECT status, step FROM hitl_runs WHERE run_id = $1', asked.runId)).toEqual({ status: 'awaiting_human', step: 'information_review' });
    expect(await row('SELECT status, step, standing FROM hitl_runs WHERE run_id = $1', paused)).toMatchObject({
      status: 'paused', step: 'payload_review', standing: { held: { status: 'awaiting_human', checkpoint: 'payload_suggestion' } },
    });
  });

  it('say whose run it is, and in which session', async () => {
    for (const id of [asked.runId, paused]) {
      expect(await row('SELECT user_id, session_id FROM hitl_runs WHERE run_id = $1', id)).toEqual({ user_id: 'ida', session_id: 'still-1' });
    }
  });

  it('say what was asked', async () => {
    expect(await row('SELECT checkpoint, status FROM hitl_approvals WHERE approval_id = $1', asked.approvalId)).toEqual({ checkpoint: 'validation_review', status: 'pending' });
  });

  it('hold the issues, and the checkpoint that found the missing file', async () => {
    const { preparation } = await row('SELECT preparation FROM hitl_runs WHERE run_id = $1', asked.runId) as { preparation: { summary: { checkpoints: { type: string; issues: { code: string; field: string }[] }[] } } };
    const issues = preparation.summary.checkpoints.flatMap(({ issues: found }) => found.map(({ code, field }) => ({ code, field })));
    expect(issues).toContainEqual({ code: 'missing_required', field: 'image' });
  });

  it('hold what a person may do, and until when', async () => {
    const { allowed_actions: actions, expires_at: end, schema } = await row('SELECT allowed_actions, expires_at, schema FROM hitl_approvals WHERE approval_id = $1', asked.approvalId);
    expect(actions).toEqual(expect.arrayContaining(['edit', 'reject']));
    expect((end as Date).getTime()).toBeGreaterThan(Date.now());
    expect(schema).toMatchObject({ properties: { image: expect.any(Object) } });
  });

  it('are found by session', async () => {
    const { rows } = await house.db.query<{ run_id: string }>(`SELECT run_id FROM hitl_runs
      WHERE session_id = 'still-1' AND status NOT IN ('completed', 'failed', 'cancelled', 'expired') ORDER BY created_at`);
    expect(rows.map(({ run_id: id }) => id)).toEqual([asked.runId, paused]);
  });
});
