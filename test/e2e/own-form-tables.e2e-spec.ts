import type { RunRequest } from '@countersign/client';
import { startHttp, type HttpAnswer, type HttpServer } from '@countersign/testing';
import { approveAll, untilAsked, untilRun, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const GRACE_SECONDS = 2;
const COMPLETION = {
  id: 'chatcmpl-e2e', object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: 'It is blue.' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 12, completion_tokens: 4 },
};

/** Models whose forms are our own tables, on a server that speaks the wire format. */
describe('a model that answers in the very call', () => {
  let server: HttpServer;
  let house: House;
  const faults: (HttpAnswer | 'cut')[] = [];
  beforeAll(async () => {
    server = await startHttp((request) => {
      const fault = faults.shift();
      if (fault === 'cut') request.cut();
      return fault === 'cut' ? undefined : fault ?? { body: COMPLETION };
    });
    house = await startHouse({ env: { OPENAI_API_KEY: 'sk-e2e', OPENAI_BASE_URL: `${server.url}/v1`, LAUNCH_GRACE_SECONDS: String(GRACE_SECONDS) } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await server.close();
  });

  const request = (parameters: Record<string, string | number> = {}, policy: 'auto' | 'require_human' = 'require_human'): RunRequest => ({
    run_input: { prompt: 'What colour is the sky?', provider: 'openai', model: 'openai/gpt-4o', parameters }, hitl_config: { policy },
  });
  const sent = () => server.requests.map(({ body }) => JSON.parse(body.toString('utf8')) as Record<string, unknown>);

  it('shows its form, checks against it, runs what was approved, once, and keeps the words', async () => {
    const client = house.client();
    const model = await (await fetch(client.address('/hitl/models/openai/openai/gpt-4o'))).json() as { fields: { name: string; maximum?: number }[] };
    expect(model.fields.find(({ name }) => name === 'temperature')).toMatchObject({ minimum: 0, maximum: 2, default: 1 });
    expect(await client.validate(request({ temperature: 3 }))).toMatchObject({ ready: false });

    const { run_id: runId } = await client.startRun(request({ temperature: 0.5 }));
    const card = await untilAsked(client, runId, 'payload_suggestion');
    expect(card.payload?.input).toEqual({ prompt: 'What colour is the sky?', temperature: 0.5 });
    expect(sent()).toHaveLength(0);
    await client.decide(card.approval_id, { action: 'approve', payload_hash: card.payload_hash ?? undefined });
    await approveAll(client, runId);
    expect((await client.state(runId)).outputs?.text).toBe('It is blue.');
    expect(sent()).toEqual([{ model: 'gpt-4o', temperature: 0.5, messages: [{ role: 'user', content: 'What colour is the sky?' }] }]);
  });

  it('asks for another value where the provider names the field', async () => {
    const client = house.client();
    faults.push({ status: 400, body: { error: { message: "'max_tokens' is too large", type: 'invalid_request_error', param: 'max_completion_tokens', code: null } } });
    const { run_id: runId } = await client.startRun(request({ max_tokens: 16_000 }, 'auto'));
    const card = await untilAsked(client, runId, 'error_recovery');
    expect(JSON.stringify(card.context)).toContain('max_tokens');
    await client.decide(card.approval_id, { action: 'edit', edits: { max_tokens: 100 } });
    await untilStatus(client, runId, 'completed');
    expect(sent().at(-1)).toMatchObject({ max_completion_tokens: 100 });
  });

  it('with its answer lost is asked about, and never sent again by itself', async () => {
    const client = house.client();
    const before = sent().length;
    faults.push('cut');
    const { run_id: runId } = await client.startRun(request({}, 'auto'));
    const card = await untilAsked(client, runId, 'execution_unknown');
    expect(sent()).toHaveLength(before + 1);
    await client.decide(card.approval_id, { action: 'retry' });
    await untilRun(client, runId, ({ status }) => status === 'completed', 'completed');
    expect(sent()).toHaveLength(before + 2);
  });
});
