import type { CountersignClient } from '@countersign/client';
import { waitFor } from '@countersign/testing';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

describe('a run that is forked', () => {
  let house: House;
  let client: CountersignClient;
  beforeAll(async () => {
    house = await startHouse();
    client = house.client();
  }, 120_000);
  afterAll(() => house.close());

  const request = scriptedRequest('require_human', { repeat: 2 });
  async function completed(): Promise<string> {
    const { run_id: runId } = await client.startRun(request, { idempotencyKey: `fork-${Math.random()}` });
    const card = await untilAsked(client, runId, 'payload_suggestion');
    await client.decide(card.approval_id, { action: 'edit', edits: { uppercase: true } });
    await untilAsked(client, runId, 'response_review');
    await approveAll(client, runId);
    return runId;
  }

  it('runs the same payload again only after a new yes, and shares nothing else with the first run', async () => {
    const parentId = await completed();
    const before = await client.state(parentId);
    const { run_id: runId } = await client.fork(parentId, { from_step: 'api_call' });
    const card = await untilAsked(client, runId, 'payload_suggestion');
    expect(card.payload_hash).toBe(before.payload_hash);
    const waiting = await client.state(runId);
    expect(waiting).toMatchObject({ parent_run_id: parentId, launches: [], outputs: null, consent: null, session_id: before.session_id });
    expect(waiting.hitl_config).toEqual(before.hitl_config);
    expect(waiting.approvals.map(({ approval_id: id }) => id)).toEqual([card.approval_id]);
    expect(waiting.step_history[0]?.metadata).toMatchObject({ forked_from: parentId });
    await approveAll(client, runId);
    expect((await client.state(runId)).final_result).toBe(before.final_result);
    expect(await client.state(parentId)).toMatchObject({ version: before.version, status: 'completed' });
  });

  it('keeps what people changed from payload_review on, and forgets it before', async () => {
    const parentId = await completed();
    const { run_id: later } = await client.fork(parentId, { from_step: 'payload_review', edits: { repeat: 3 } });
    expect((await untilAsked(client, later, 'payload_suggestion')).payload?.input).toMatchObject({ uppercase: true, repeat: 3 });
    const { run_id: earlier } = await client.fork(parentId, { from_step: 'information_review' });
    const input = (await untilAsked(client, earlier, 'payload_suggestion')).payload?.input;
    expect(input).toMatchObject({ repeat: 2 });
    expect(input).not.toHaveProperty('uppercase');
  });

  it('is told in the history of a run that goes on', async () => {
    const { run_id: parentId } = await client.startRun(request);
    await untilAsked(client, parentId, 'payload_suggestion');
    const { run_id: runId } = await client.fork(parentId, { from_step: 'created' });
    await waitFor(async () => (await client.state(parentId)).step_history.some(({ metadata }) => metadata.forked_run_id === runId), { what: 'the note in the first run' });
    await client.cancel(parentId);
    await untilStatus(client, parentId, 'cancelled');
    expect((await untilAsked(client, runId, 'payload_suggestion')).status).toBe('pending');
    const { run_id: third } = await client.fork(parentId, { from_step: 'payload_review' });
    await untilAsked(client, third, 'payload_suggestion');
  });

  it.each([
    [{ from_step: 'response_review' }, 'from_step'], [{ from_step: 'completed' }, 'from_step'], [{ from_step: 'nowhere' }, 'from_step'], [{}, 'from_step'],
    [{ from_step: 'payload_review', edits: { nonsense: 1 } }, 'edits.nonsense'], [{ from_step: 'payload_review', edits: { repeat: 'many' } }, 'edits.repeat'],
    [{ from_step: 'api_call', edits: { repeat: 1 } }, 'edits'],
  ])('refuses %j', async (body, field) => {
    const { run_id: runId } = await client.startRun(request);
    await untilAsked(client, runId, 'payload_suggestion');
    await expect(client.fork(runId, body as never)).rejects.toMatchObject({ status: 422, errors: expect.arrayContaining([expect.objectContaining({ field })]) });
  });

  it('refuses a step that the run never came to, and runs of others', async () => {
    const { run_id: runId } = await client.startRun({ ...request, run_input: { ...request.run_input, prompt: '' } });
    await untilAsked(client, runId, 'validation_review');
    await expect(client.fork(runId, { from_step: 'api_call' })).rejects.toMatchObject({ status: 422 });
    await expect(client.fork('019e0000-0000-7000-8000-000000000000', { from_step: 'created' })).rejects.toMatchObject({ status: 404 });
  });
});
