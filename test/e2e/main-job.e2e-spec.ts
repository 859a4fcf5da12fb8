import sharp from 'sharp';
import { startHouse, type House } from '../harness/house';
import { approveAll, untilAsked, untilRun, untilStatus } from '../harness/drive';

describe('the main job, on models that run on this machine', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const picture = () => sharp({ create: { width: 48, height: 32, channels: 3, background: { r: 200, g: 80, b: 40 } } }).png().toBuffer();
  const fileOf = async (runId: string): Promise<{ bytes: Buffer; type: string | null }> => {
    const client = house.client();
    const part = (await client.state(runId)).outputs?.parts.find(({ kind }) => kind === 'file');
    const answer = await fetch(client.address(part?.url ?? ''));
    return { bytes: Buffer.from(await answer.arrayBuffer()), type: answer.headers.get('content-type') };
  };

  it('upscales a picture: asked, approved, kept, reviewed', async () => {
    const client = house.client();
    const upload = await client.upload(new Blob([new Uint8Array(await picture())], { type: 'image/png' }), 'small.png');
    const { run_id: runId } = await client.startRun({
      run_input: { prompt: '', provider: 'local', model: 'local/upscale', attachments: [upload.url] }, hitl_config: { policy: 'require_human' },
    });
    const card = await untilAsked(client, runId, 'payload_suggestion');
    expect(card.payload?.input).toEqual({ image: upload.url });
    await client.decide(card.approval_id, { action: 'approve' });
    const result = await untilAsked(client, runId, 'response_review');
    expect(result.allowed_actions).toEqual(['approve', 'edit', 'reject', 'retry']);
    await client.decide(result.approval_id, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
    const { bytes, type } = await fileOf(runId);
    expect(type).toBe('image/png');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 96, height: 64 });
  }, 120_000);

  it('speaks words into a WAV file', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun({
      run_input: { prompt: 'Approved by a person.', provider: 'local', model: 'local/speak' }, hitl_config: { policy: 'require_human' },
    });
    await approveAll(client, runId);
    const { bytes, type } = await fileOf(runId);
    expect(type).toMatch(/^audio\//);
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
  }, 120_000);

  it('asks for all that is missing in one card, takes it, and goes on', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun({
      run_input: { prompt: 'make it larger', provider: 'local', model: 'local/upscale' }, hitl_config: { policy: 'auto' },
    });
    const card = await untilAsked(client, runId, 'validation_review');
    expect(card.allowed_actions).toEqual(['edit', 'respond', 'reject']);
    await expect(client.decide(card.approval_id, { action: 'approve' })).rejects.toMatchObject({ status: 422 });
    await expect(client.decide(card.approval_id, { action: 'edit', edits: { image: 'not a file' } })).rejects.toMatchObject({ status: 422 });
    const upload = await client.upload(new Blob([new Uint8Array(await picture())], { type: 'image/png' }), 'late.png');
    await client.decide(card.approval_id, { action: 'edit', edits: { image: upload.url } });
    await untilStatus(client, runId, 'completed');
  }, 120_000);

  it('pauses, resumes and cancels', async () => {
    const client = house.client();
    const start = async () => (await client.startRun({
      run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' },
    })).run_id;
    const runId = await start();
    const card = await untilAsked(client, runId, 'payload_suggestion');
    expect((await client.pause(runId)).status).toBe('paused');
    await client.decide(card.approval_id, { action: 'approve' });
    await expect(client.pause(runId)).rejects.toMatchObject({ status: 409, code: 'ILLEGAL_STATE' });
    const { rows } = await house.db.query('SELECT 1 FROM hitl_launches WHERE run_id = $1', [runId]);
    expect(rows).toEqual([]);
    await client.resume(runId);
    await untilAsked(client, runId, 'response_review');
    await client.cancel(runId);
    expect((await untilRun(client, runId, ({ status }) => status === 'cancelled', 'cancelled')).pending_approval).toBeNull();
    await expect(client.cancel(runId)).rejects.toMatchObject({ status: 409, code: 'ILLEGAL_STATE' });
  });

  it('runs again on a reviewer\'s word, with edits, and keeps both launches on record', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun({
      run_input: { prompt: 'quiet words', provider: 'scripted', model: 'scripted/echo' },
      hitl_config: { policy: 'require_human', allowed_steps: ['response_review'] },
    });
    const first = await untilAsked(client, runId, 'response_review');
    await client.decide(first.approval_id, { action: 'retry', edits: { uppercase: true } });
    const second = await untilRun(client, runId, (run) => run.pending_approval !== null && run.pending_approval.approval_id !== first.approval_id, 'asked again');
    await client.decide(second.pending_approval?.approval_id ?? '', { action: 'approve' });
    await untilStatus(client, runId, 'completed');
    const state = await client.state(runId);
    expect(state.final_result).toBe('QUIET WORDS');
    expect(state.launches.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 'succeeded'], [2, 'succeeded']]);
  });
});
