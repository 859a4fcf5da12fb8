import { startHttp, waitFor, type HttpServer } from '@countersign/testing';
import { approveAll, scriptedRequest, untilAsked, untilRun } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('an approval that is no longer good', () => {
  let house: House;
  let web: HttpServer;
  let tail = '';
  beforeAll(async () => {
    web = await startHttp(() => ({ headers: { 'content-type': 'image/png' }, body: Buffer.concat([PNG, Buffer.from(tail)]) }));
    house = await startHouse({ env: { FETCH_ALLOW_HOSTS: new URL(web.url).host } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await web.close();
  });

  it('launches nothing when the file behind an address changed, asks again with only that, and runs after a new yes', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { run_input: { prompt: 'Say something friendly to everybody.', attachments: [`${web.url}/cat.png`] } }));
    const first = await untilAsked(client, runId, 'payload_suggestion');
    await house.kill('executor');
    await client.decide(first.approval_id, { action: 'approve' });
    await untilRun(client, runId, ({ current_step: step }) => step === 'api_call', 'at its launch');
    tail = 'another picture';
    await house.start('executor');
    const again = await untilAsked(client, runId, 'payload_suggestion');
    expect(again.approval_id).not.toBe(first.approval_id);
    expect(again).toMatchObject({
      payload_hash: first.payload_hash, message: 'This was approved, and not started. The file for “reference” is another one now, at the same address.',
      context: { asked_again: { approved_by: 'human:dana', changes: [{ what: 'file', field: 'reference' }] } },
    });
    expect((await client.state(runId)).launches).toMatchObject([{ status: 'consent_stale', provider_job_id: null }]);
    await approveAll(client, runId);
    expect((await client.state(runId)).launches.map(({ status }) => status)).toEqual(['consent_stale', 'succeeded']);
  });

  it('launches nothing after its time', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { hitl_config: { execute_within_seconds: 1 } }));
    const first = await untilAsked(client, runId, 'payload_suggestion');
    await house.kill('executor');
    const { approval } = await client.decide(first.approval_id, { action: 'approve' });
    await waitFor(() => Date.now() > Date.parse(approval.decided_at ?? '') + 1_000, { what: 'the approval to grow old' });
    await house.start('executor');
    const again = await untilAsked(client, runId, 'payload_suggestion');
    expect(again.context.asked_again).toMatchObject({ changes: [{ what: 'time', before: 1 }] });
    await client.decide(again.approval_id, { action: 'reject', reason: 'too late' });
  });

  it.each([0, -1, 1.5, 604_801, '60'])('cannot be asked for with a nonsense time (%s)', async (seconds) => {
    const refusal = house.client().startRun(scriptedRequest('require_human', {}, { hitl_config: { execute_within_seconds: seconds as number } }));
    await expect(refusal).rejects.toMatchObject({ code: 'VALIDATION_FAILED', status: 422 });
  });
});
