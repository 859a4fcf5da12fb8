import sharp from 'sharp';
import { startHouse, SERVICES, type House } from '../harness/house';
import { approveAll, scriptedRequest, untilAsked, untilRun, untilStatus } from '../harness/drive';

/** A session goes on where it stood, whatever stopped in between: a person, a pause, or every process of the house. */
describe('session resumability', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const start = async (user: string, session: string, ...rest: Parameters<typeof scriptedRequest>): Promise<string> => {
    const request = scriptedRequest(...rest);
    return (await house.client(user).startRun({ ...request, user_id: user, session_id: session })).run_id;
  };
  const restartHouse = async (): Promise<void> => {
    for (const service of SERVICES) await house.kill(service);
    await house.flushRedis();
    await Promise.all(SERVICES.map((service) => house.start(service)));
  };
  /** What does not change while nobody acts: everything but the running clock and links that are signed anew. */
  const still = async (user: string, runId: string): Promise<unknown> => {
    const { metrics, ...state } = await house.client(user).state(runId);
    return { ...state, attempts: metrics.attempts };
  };

  it('goes on after a pause, with the answer as it was given', async () => {
    const client = house.client('ann');
    const runId = await start('ann', 'pause-1', 'require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } });
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    await client.pause(runId);
    expect(await client.status(runId)).toMatchObject({ status: 'paused', current_step: 'payload_review', session_id: 'pause-1', user_id: 'ann' });
    expect((await client.sessionRuns('pause-1')).runs.map(({ run_id }) => run_id)).toEqual([runId]);
    await client.resume(runId);
    expect(await client.status(runId)).toMatchObject({ status: 'awaiting_human', pending_approval: { approval_id: approval.approval_id } });
    await client.decide(approval.approval_id, { action: 'approve', message: 'go on, please' });
    await untilStatus(client, runId, 'completed');
    expect(await client.approval(approval.approval_id)).toMatchObject({
      status: 'approved', decided_by: 'human:ann', response: { action: 'approve', message: 'go on, please', payload_hash: approval.payload_hash },
    });
  });

  it('holds an answer that comes while the run is paused, and starts no step before it is resumed', async () => {
    const client = house.client('ann');
    const runId = await start('ann', 'pause-2', 'require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } });
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    await client.pause(runId);
    await client.decide(approval.approval_id, { action: 'approve' });
    expect(await client.status(runId)).toMatchObject({ status: 'paused' });
    expect((await client.state(runId)).launches).toEqual([]);
    await client.resume(runId);
    await untilStatus(client, runId, 'completed');
  });

  it('keeps sessions and users apart', async () => {
    const ids = [await start('ann', 'apart-1', 'require_human'), await start('bob', 'apart-2', 'require_human'), await start('bob', 'apart-3', 'require_human')];
    for (const [place, session] of ['apart-1', 'apart-2', 'apart-3'].entries()) {
      expect((await house.client().runs({ session_id: session })).runs.map(({ run_id }) => run_id)).toEqual([ids[place]]);
    }
    const ofUser = async (user: string) => (await house.client().runs({ user_id: user, q: undefined })).runs
      .filter(({ session_id: session }) => session?.startsWith('apart-')).map(({ run_id }) => run_id);
    expect(await ofUser('ann')).toEqual([ids[0]]);
    expect(await ofUser('bob')).toEqual([ids[2], ids[1]]);
    for (const id of ids) await house.client('ann').cancel(id);
  });

  it('keeps the whole state while every process is killed and Redis is emptied', async () => {
    const client = house.client('cleo');
    const runId = await start('cleo', 'whole-1', 'require_human', { uppercase: 'true', repeat: '2' });
    await untilAsked(client, runId, 'payload_suggestion');
    const before = await still('cleo', runId);
    expect(before).toMatchObject({
      status: 'awaiting_human', capabilities: expect.any(Object), suggested_payload: { input: { uppercase: true, repeat: 2 } },
      fixes: [expect.objectContaining({ field: 'uppercase' }), expect.objectContaining({ field: 'repeat' })],
    });
    await restartHouse();
    expect(await still('cleo', runId)).toEqual(before);
    expect((await approveAll(client, runId)).status).toBe('completed');
  }, 120_000);

  it('keeps the history of steps in the database, in order and without gap', async () => {
    const client = house.client('cleo');
    const runId = await start('cleo', 'history-1', 'require_human');
    await approveAll(client, runId);
    const { rows } = await house.db.query<{ seq: number; type: string; hash: string; prev_hash: string }>(
      'SELECT seq, type, hash, prev_hash FROM hitl_step_events WHERE run_id = $1 ORDER BY seq', [runId]);
    expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, place) => place + 1));
    expect(rows.slice(1).map(({ prev_hash: hash }) => hash)).toEqual(rows.slice(0, -1).map(({ hash }) => hash));
    const shown = (await client.state(runId)).step_history;
    expect(shown.map(({ seq, type, hash }) => ({ seq, type, hash }))).toEqual(rows.map(({ seq, type, hash }) => ({ seq, type, hash })));
    expect(shown.map(({ type }) => type)).toEqual(['created', 'started', 'prepared', 'asked', 'approved', 'executed', 'asked', 'accepted']);
  });

  it('finds that an image model got no image, asks for it, and goes on with the one that is given', async () => {
    const client = house.client('dora');
    const { run_id: runId } = await client.startRun({
      run_input: { prompt: 'Make it bigger', provider: 'local', model: 'local/upscale' },
      hitl_config: { policy: 'auto' }, user_id: 'dora', session_id: 'picture-1',
    });
    const approval = await untilAsked(client, runId, 'validation_review');
    const { validation_summary: summary } = await client.state(runId);
    expect(summary).toMatchObject({ ready_for_execution: false, missing_inputs: { image: [expect.stringContaining('image')] } });
    const issues = summary?.checkpoints.flatMap(({ issues: found }) => found) ?? [];
    expect(issues).toContainEqual(expect.objectContaining({ code: 'missing_required', field: 'image', severity: 'error', message: expect.stringMatching(/missing/i) }));
    expect((await client.state(runId)).launches).toEqual([]);

    const bytes = await sharp({ create: { width: 24, height: 16, channels: 3, background: { r: 200, g: 90, b: 30 } } }).png().toBuffer();
    const { url } = await client.upload(new Blob([new Uint8Array(bytes)], { type: 'image/png' }), 'small.png');
    await client.decide(approval.approval_id, { action: 'edit', edits: { image: url } });
    await untilStatus(client, runId, 'completed');
    const file = (await client.state(runId)).outputs?.parts.find(({ kind }) => kind === 'file');
    const picture = await client.download(file?.url ?? '');
    expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({ width: 48, height: 32 });
  }, 120_000);

  it('lists a session as active until its last run has ended, well or badly', async () => {
    const client = house.client('eve');
    expect(await client.sessionRuns('ends-1')).toMatchObject({ runs: [], total: 0, has_pending_approvals: false });
    const good = await start('eve', 'ends-1', 'require_human');
    await untilAsked(client, good, 'payload_suggestion');
    expect(await client.sessionRuns('ends-1')).toMatchObject({ runs: [{ run_id: good }], has_pending_approvals: true });
    await approveAll(client, good);
    expect(await client.sessionRuns('ends-1')).toMatchObject({ runs: [], has_pending_approvals: false });
    const bad = await start('eve', 'ends-1', 'auto', { outcome: 'moderate' });
    await untilRun(client, bad, ({ status, pending_approval: asked }) => status === 'failed' || asked !== null, 'failed or asked');
    await client.cancel(bad).catch(() => undefined);
    expect(await client.sessionRuns('ends-1')).toMatchObject({ runs: [], has_pending_approvals: false });
  });

  it('keeps a waiting run and its issues when a further request comes in the same session', async () => {
    const client = house.client('fay');
    const waiting = (await client.startRun({
      run_input: { prompt: '', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' }, user_id: 'fay', session_id: 'two-1',
    })).run_id;
    const asked = await untilAsked(client, waiting, 'validation_review');
    const second = await start('fay', 'two-1', 'auto');
    await untilStatus(client, second, 'completed');
    expect(await client.sessionRuns('two-1')).toMatchObject({ runs: [{ run_id: waiting, pending_approval: { approval_id: asked.approval_id } }] });
    expect((await client.approval(asked.approval_id)).context).toEqual(asked.context);
    await client.decide(asked.approval_id, { action: 'edit', edits: { prompt: 'Now with words in it' } });
    await approveAll(client, waiting);
  });
});
