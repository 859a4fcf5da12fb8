import type { JsonObject, LaunchAnswer } from '@countersign/core';
import { describeAiProvider, launchRequest } from '@countersign/core/testing';
import type { HttpAnswer } from '@countersign/testing';
import { KEY, OWN_PICTURE, PNG, oneCallStage, type OneCallStage, type StageParts } from '../one-call/testing/one-call-stage';
import type { OneCallSettings } from '../one-call/one-call.provider';
import { AnthropicProvider } from './anthropic.provider';
import { OFFERED } from './anthropic-models';

const MESSAGE = {
  id: 'msg_1', type: 'message', role: 'assistant', model: 'claude-sonnet-4-6', stop_reason: 'end_turn', stop_sequence: null,
  content: [{ type: 'thinking', thinking: '…', signature: 's' }, { type: 'text', text: 'Blue.' }],
  usage: { input_tokens: 10, cache_read_input_tokens: 4, cache_creation_input_tokens: 0, output_tokens: 3 },
};
const answer = ({ path }: { path: string }): HttpAnswer => (path === '/v1/messages' ? { body: MESSAGE } : { status: 404, body: { type: 'error', error: { type: 'not_found_error', message: 'Not found' } } });
const make = (more: Partial<OneCallSettings> = {}) => (baseUrl: string) => new AnthropicProvider({ apiKey: KEY, baseUrl, ...more });
const PARTS: StageParts = {
  make: make(), answer, model: 'anthropic/claude-sonnet-4-6', input: { prompt: 'What colour is the sky?' },
  refused: { input: { prompt: 'x', temperature: 1.5 }, field: 'temperature' }, ownFile: { prompt: 'What is this?', images: [OWN_PICTURE] },
};

describeAiProvider('AnthropicProvider', () => oneCallStage(PARTS));

describe('AnthropicProvider', () => {
  let stage: OneCallStage | undefined;
  afterEach(() => stage?.close());
  const begin = async (parts: Partial<StageParts> = {}): Promise<OneCallStage> => (stage = await oneCallStage({ ...PARTS, ...parts }));
  const launch = (on: OneCallStage, input: JsonObject = on.payload.input): Promise<LaunchAnswer> => on.provider.launch(launchRequest(on, { ...on.payload, input }));

  it('sends what was approved, with its key and version', async () => {
    const on = await begin();
    await launch(on, { prompt: 'And at night?', system_prompt: 'Be short.', messages: [{ role: 'user', content: 'Hi' }], top_k: 5, images: [OWN_PICTURE, 'https://example.com/b.png'], stop_sequences: ['END'] });
    expect(on.sent()).toEqual([{
      model: 'claude-sonnet-4-6', max_tokens: 4_096, system: 'Be short.', top_k: 5, stop_sequences: ['END'],
      messages: [{ role: 'user', content: 'Hi' }, { role: 'user', content: [
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: Buffer.from(PNG).toString('base64') } },
        { type: 'image', source: { type: 'url', url: 'https://example.com/b.png' } },
        { type: 'text', text: 'And at night?' },
      ] }],
    }]);
    expect(on.server.requests[0]?.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' });
  });

  it('finds the API with and without /v1 in its address', async () => {
    const on = await begin({ make: (baseUrl) => make()(baseUrl.replace(/\/v1$/, '/')) });
    expect(await launch(on)).toMatchObject({ kind: 'launched' });
    expect(on.server.requests.map(({ path }) => path)).toEqual(['/v1/messages']);
  });

  it('keeps the words and what was used, and reckons by its price list', async () => {
    const on = await begin();
    const answered = await launch(on);
    expect(answered).toMatchObject({
      kind: 'launched', jobId: 'launch-1',
      state: { status: 'succeeded', output: { parts: [{ kind: 'text', pointer: '/content/1/text', text: 'Blue.' }], doubts: [] }, metrics: { usage: { inputTokens: 14, outputTokens: 3 } } },
    });
    const metrics = { computeSeconds: null, totalSeconds: 1, usage: { inputTokens: 1_000_000, outputTokens: 100_000 } };
    expect(on.provider.cost({ ...on.payload, model: 'anthropic/claude-haiku-4-5-20251001' }, metrics)).toMatchObject({ amount: 1.5, basis: expect.stringContaining('2026') });
    expect(on.provider.cost(on.payload, metrics).amount).toBeNull();
  });

  it.each<[string, object, string]>([
    ['was cut off', { ...MESSAGE, stop_reason: 'max_tokens' }, 'cut off'],
    ['is a refusal', { ...MESSAGE, stop_reason: 'refusal' }, 'declined'],
    ['is empty', { ...MESSAGE, content: [] }, 'empty'],
  ])('doubts an answer that %s', async (_, body, doubt) => {
    const on = await begin();
    on.faults.push({ body });
    expect(await launch(on)).toMatchObject({ state: { output: { doubts: [expect.stringContaining(doubt)] } } });
  });

  it.each<[number, { type: string; message: string }, Record<string, string>, object]>([
    [401, { type: 'authentication_error', message: `invalid x-api-key ${KEY}` }, {}, { reason: 'unauthorized' }],
    [400, { type: 'invalid_request_error', message: 'Your credit balance is too low to access the Anthropic API.' }, {}, { reason: 'payment_required' }],
    [400, { type: 'invalid_request_error', message: 'temperature: Input should be less than or equal to 1' }, {}, { reason: 'invalid_input', fields: [{ field: 'temperature', code: 'invalid', message: 'temperature: Input should be less than or equal to 1' }] }],
    [400, { type: 'invalid_request_error', message: 'messages.0.content.0.image.source: unsupported' }, {}, { reason: 'invalid_input', fields: [{ field: 'prompt' }] }],
    [404, { type: 'not_found_error', message: 'model: claude-x' }, {}, { reason: 'model_not_found' }],
    [413, { type: 'request_too_large', message: 'Request exceeds the maximum size' }, {}, { reason: 'invalid_input' }],
    [429, { type: 'rate_limit_error', message: 'slow down' }, { 'retry-after': '12' }, { reason: 'throttled', retryAfterMs: 12_000 }],
    [529, { type: 'overloaded_error', message: 'Overloaded' }, {}, { reason: 'throttled' }],
  ])('reads %s %j as a refusal, after one POST', async (status, error, headers, told) => {
    const on = await begin();
    on.faults.push({ status, headers, body: { type: 'error', error, request_id: 'req_1' } });
    const answered = await launch(on);
    expect(answered).toMatchObject({ kind: 'refused', refusal: told });
    expect(JSON.stringify(answered)).not.toContain(KEY);
    expect(on.createRequests()).toBe(1);
  });

  it.each<[string, HttpAnswer | 'cut' | 'hang']>([
    ['that broke off', 'cut'],
    ['that never came', 'hang'],
    ['of 500', { status: 500, body: { type: 'error', error: { type: 'api_error', message: 'Internal server error' } } }],
    ['of a gateway that calls itself overloaded', { status: 529, body: '<html>' }],
    ['that is no message', { status: 200, body: { type: 'error' } }],
  ])('takes an answer %s as unclear, after one POST', async (_, fault) => {
    const on = await begin({ make: make({ answerMs: 2_000 }) });
    on.faults.push(fault);
    expect(await launch(on)).toMatchObject({ kind: 'unclear' });
    expect(on.createRequests()).toBe(1);
  });

  it('offers no temperature where the model refuses it, and forbids two ways of sampling at once elsewhere', async () => {
    const provider = make()('https://api.anthropic.com/v1');
    for (const model of OFFERED) {
      const answered = await provider.form({ model, version: null });
      if (!answered.ok) throw new Error(answered.detail);
      const samples = answered.form.fields.some(({ name }) => name === 'temperature');
      expect([model, samples]).toEqual([model, /-4-/.test(model)]);
      expect(answered.form.rules).toEqual(samples ? [expect.objectContaining({ kind: 'at_most_one', fields: ['temperature', 'top_p'] })] : []);
    }
  });
});
