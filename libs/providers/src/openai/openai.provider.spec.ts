import type { JsonObject, LaunchAnswer, LaunchRequest, Payload } from '@countersign/core';
import { describeAiProvider, launchRequest } from '@countersign/core/testing';
import { waitFor, type HttpAnswer } from '@countersign/testing';
import { KEY, OWN_PICTURE, PNG, oneCallStage, type OneCallStage, type StageParts } from '../one-call/testing/one-call-stage';
import type { OneCallSettings } from '../one-call/one-call.provider';
import { OpenAiProvider } from './openai.provider';
import { OFFERED } from './openai-models';

const COMPLETION = {
  id: 'chatcmpl-1', object: 'chat.completion', model: 'gpt-4o-2024-11-20',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Blue.', refusal: null }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 11, completion_tokens: 2, total_tokens: 13 },
};
const image = { b64_json: Buffer.from(PNG).toString('base64') };

const answer: StageParts['answer'] = ({ path }, body): HttpAnswer => {
  switch (path) {
    case '/v1/chat/completions': return { headers: { 'x-request-id': 'req_1' }, body: COMPLETION };
    case '/v1/images/generations': return { body: { created: 1, output_format: 'png', data: Array.from({ length: Number(body['n'] ?? 1) }, () => image), usage: { input_tokens: 9, output_tokens: 272 } } };
    case '/v1/audio/speech': return { headers: { 'content-type': 'audio/mpeg' }, body: Uint8Array.from([0xff, 0xf3, 0x00, 0x80]) };
    case '/v1/embeddings': return { body: { object: 'list', data: [{ index: 0, embedding: [0.1, -0.2] }], usage: { prompt_tokens: 3, total_tokens: 3 } } };
    default: return { status: 404, body: { error: { message: 'Invalid URL', type: 'invalid_request_error', param: null, code: null } } };
  }
};

const make = (more: Partial<OneCallSettings> = {}) => (baseUrl: string) => new OpenAiProvider({ apiKey: KEY, baseUrl, ...more });
const CHAT: StageParts = {
  make: make(), answer, model: 'openai/gpt-4o', input: { prompt: 'What colour is the sky?' },
  refused: { input: { prompt: 'x', temperature: 3 }, field: 'temperature' }, ownFile: { prompt: 'What is this?', images: [OWN_PICTURE] },
};
const IMAGE: StageParts = { make: make(), answer, model: 'openai/gpt-image-2', input: { prompt: 'a red boat', n: 2 }, refused: { input: { prompt: 'x', size: '7x7' }, field: 'size' } };
const SPEECH: StageParts = { make: make(), answer, model: 'openai/tts-1', input: { input: 'Good morning.' }, refused: { input: { input: ' ' }, field: 'input' } };
const EMBEDDING: StageParts = { make: make(), answer, model: 'openai/text-embedding-3-small', input: { input: 'a boat' }, refused: { input: { input: 'a', dimensions: 0 }, field: 'dimensions' } };

for (const parts of [CHAT, IMAGE, SPEECH, EMBEDDING]) describeAiProvider(`OpenAiProvider, ${parts.model}`, () => oneCallStage(parts));

describe('OpenAiProvider', () => {
  let stage: OneCallStage | undefined;
  afterEach(() => stage?.close());
  const begin = async (parts: Partial<StageParts> = {}): Promise<OneCallStage> => (stage = await oneCallStage({ ...CHAT, ...parts }));
  const launch = (on: OneCallStage, input: JsonObject = on.payload.input, change: Partial<LaunchRequest> = {}): Promise<LaunchAnswer> =>
    on.provider.launch({ ...launchRequest(on, { ...on.payload, input }), ...change });

  it('sends what was approved, in the API\'s own words', async () => {
    const on = await begin();
    await launch(on, { prompt: 'And at night?', system_prompt: 'Be short.', messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }], temperature: 0.2, max_tokens: 50, answer_format: 'json_object', stop: ['END'] });
    expect(on.sent()).toEqual([{
      model: 'gpt-4o', temperature: 0.2, max_completion_tokens: 50, stop: ['END'], response_format: { type: 'json_object' },
      messages: [{ role: 'system', content: 'Be short.' }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello' }, { role: 'user', content: 'And at night?' }],
    }]);
    expect(on.server.requests[0]?.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'x-client-request-id': 'launch-1' });
  });

  it('sends our own picture as data and another\'s by its address', async () => {
    const on = await begin();
    await launch(on, { prompt: 'Compare.', images: [OWN_PICTURE, 'https://example.com/b.png'] });
    expect(on.sent()[0]).toMatchObject({ messages: [{ content: [
      { type: 'text', text: 'Compare.' },
      { type: 'image_url', image_url: { url: `data:image/png;base64,${Buffer.from(PNG).toString('base64')}` } },
      { type: 'image_url', image_url: { url: 'https://example.com/b.png' } },
    ] }] });
  });

  it('keeps the words and what was used', async () => {
    expect(await launch(await begin())).toEqual({
      kind: 'launched', jobId: 'launch-1',
      state: {
        status: 'succeeded', output: { raw: COMPLETION, parts: [{ kind: 'text', pointer: '/choices/0/message/content', text: 'Blue.' }], doubts: [] },
        metrics: { computeSeconds: null, totalSeconds: expect.any(Number), usage: { inputTokens: 11, outputTokens: 2 } },
      },
    });
  });

  it('keeps the pictures of an answer as bytes, and no base64 in the record', async () => {
    const answered = await launch(await begin(IMAGE));
    if (answered.kind !== 'launched' || answered.state.status !== 'succeeded') throw new Error(JSON.stringify(answered));
    const { parts, raw } = answered.state.output;
    expect(parts).toEqual([0, 1].map((index) => ({ kind: 'file', pointer: `/data/${index}/b64_json`, source: { bytes: PNG }, mime: 'image/png', name: `picture-${index + 1}.png` })));
    expect(raw).toMatchObject({ data: [{ b64_json: null }, { b64_json: null }] });
  });

  it.each<[string, object, string]>([
    ['was cut off', { ...COMPLETION, choices: [{ message: { content: 'Bl' }, finish_reason: 'length' }] }, 'cut off'],
    ['was filtered', { ...COMPLETION, choices: [{ message: { content: 'Bl' }, finish_reason: 'content_filter' }] }, 'content check'],
    ['is a refusal', { ...COMPLETION, choices: [{ message: { content: null, refusal: 'No.' }, finish_reason: 'stop' }] }, 'declined'],
    ['is empty', { ...COMPLETION, choices: [{ message: { content: '' }, finish_reason: 'stop' }] }, 'empty'],
  ])('doubts an answer that %s', async (_, body, doubt) => {
    const on = await begin();
    on.faults.push({ body });
    expect(await launch(on)).toMatchObject({ kind: 'launched', state: { status: 'succeeded', output: { doubts: [expect.stringContaining(doubt)] } } });
  });

  it.each<[string, { status: number; headers?: Record<string, string>; error: object }, object]>([
    ['a wrong key', { status: 401, error: { message: `Incorrect API key provided: ${KEY}`, type: 'invalid_request_error', param: null, code: 'invalid_api_key' } }, { reason: 'unauthorized', fields: [] }],
    ['no money left', { status: 429, error: { message: 'You exceeded your current quota', type: 'insufficient_quota', param: null, code: 'insufficient_quota' } }, { reason: 'payment_required' }],
    ['too many requests', { status: 429, headers: { 'retry-after': '7' }, error: { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' } }, { reason: 'throttled', retryAfterMs: 7_000 }],
    ['too many requests, in words', { status: 429, error: { message: 'Please try again in 20s.', type: 'requests', param: null, code: null } }, { reason: 'throttled', retryAfterMs: 20_000 }],
    ['an unknown model', { status: 404, error: { message: 'The model does not exist', type: 'invalid_request_error', param: null, code: 'model_not_found' } }, { reason: 'model_not_found' }],
    ['a wrong value', { status: 400, error: { message: "Unsupported value: 'max_tokens' does not support 9. Supported values are: 'low' and 'high'.", type: 'invalid_request_error', param: 'max_completion_tokens', code: 'unsupported_value' } },       { reason: 'invalid_input', fields: [{ field: 'max_tokens', code: 'unsupported_value', allowed: ['low', 'high'], message: expect.any(String) }] }],
    ['a wrong message', { status: 400, error: { message: 'Invalid content', type: 'invalid_request_error', param: 'messages.[0].content', code: null } }, { reason: 'invalid_input', fields: [{ field: 'prompt' }] }],
    ['refused content', { status: 400, error: { message: 'Your request was rejected by the safety system.', type: 'image_generation_user_error', param: null, code: 'moderation_blocked' } }, { reason: 'moderated' }],
  ])('reads %s as a refusal, after one POST', async (_, { error, ...head }, told) => {
    const on = await begin();
    on.faults.push({ ...head, body: { error } });
    const answered = await launch(on);
    expect(answered).toMatchObject({ kind: 'refused', refusal: told });
    expect(JSON.stringify(answered)).not.toContain(KEY);
    expect(on.createRequests()).toBe(1);
  });

  it.each<[string, HttpAnswer | 'cut' | 'hang']>([
    ['that broke off', 'cut'],
    ['that never came', 'hang'],
    ['of 500', { status: 500, body: { error: { message: 'The server had an error', type: 'server_error' } } }],
    ['of a gateway', { status: 502, body: '<html>Bad gateway</html>' }],
    ['of 503', { status: 503, headers: { 'retry-after': '1' }, body: { error: { message: 'overloaded' } } }],
    ['of 408', { status: 408, body: {} }],
    ['without a message', { status: 200, body: { choices: [] } }],
    ['that is no JSON', { status: 200, body: 'ok' }],
  ])('takes an answer %s as unclear, after one POST', async (_, fault) => {
    const on = await begin({ make: make({ answerMs: 2_000 }) });
    on.faults.push(fault);
    expect(await launch(on)).toMatchObject({ kind: 'unclear', detail: expect.any(String) });
    expect(on.createRequests()).toBe(1);
  });

  it('takes a call that was called off while it ran as stopped, and perhaps billed', async () => {
    const on = await begin();
    on.faults.push('hang');
    const controller = new AbortController();
    const answered = launch(on, on.payload.input, { signal: controller.signal });
    await waitFor(() => on.createRequests() === 1, { what: 'the call' });
    controller.abort();
    expect(await answered).toMatchObject({ kind: 'launched', jobId: 'launch-1', state: { status: 'cancelled' } });
  });

  it('asks for nothing without a key, for another version, or with a turn that is none', async () => {
    const keyless = await begin({ make: make({ apiKey: null }) });
    expect(await launch(keyless)).toMatchObject({ kind: 'refused', refusal: { reason: 'unauthorized', detail: 'OPENAI_API_KEY is not set' } });
    await keyless.close();
    const on = await begin();
    const other: Payload = { ...on.payload, version: 'f'.repeat(64) };
    expect(await on.provider.launch(launchRequest(on, other))).toMatchObject({ kind: 'refused', refusal: { reason: 'model_not_found' } });
    expect(await launch(on, { prompt: 'x', messages: [{ role: 'system', content: 'y' }] })).toMatchObject({ kind: 'refused', refusal: { fields: [{ field: 'messages' }] } });
    expect(on.createRequests()).toBe(0);
  });

  it('has a form for each offered model whose version is the digest of its entry', async () => {
    const provider = make()('https://api.openai.com/v1');
    const versions = new Set<string>();
    for (const model of OFFERED) {
      const answered = await provider.form({ model, version: null });
      if (!answered.ok) throw new Error(answered.detail);
      expect(answered.form.version).toMatch(/^[0-9a-f]{64}$/);
      expect(answered.form.fields.filter(({ role }) => role.kind === 'prompt')).toHaveLength(1);
      versions.add(answered.form.version);
    }
    expect(versions.size).toBe(OFFERED.length);
    expect(await provider.form({ model: 'openai/gpt-4o-2024-08-06', version: null })).toMatchObject({ ok: true });
    expect(await provider.form({ model: 'openai/llama-3', version: null })).toMatchObject({ ok: false, reason: 'model_unknown' });
  });

  it('lets thinking models have no temperature, and plain ones no effort', async () => {
    const provider = make()('https://api.openai.com/v1');
    const names = async (model: string): Promise<string[]> => {
      const answered = await provider.form({ model, version: null });
      return answered.ok ? answered.form.fields.map(({ name }) => name) : [];
    };
    expect(await names('openai/gpt-5-mini')).toEqual(['prompt', 'system_prompt', 'messages', 'images', 'max_tokens', 'reasoning_effort', 'verbosity', 'answer_format']);
    expect(await names('openai/gpt-4o')).toEqual(expect.arrayContaining(['temperature', 'top_p']));
    expect(await names('openai/gpt-4o')).not.toContain('reasoning_effort');
  });

  it('takes any chat model of a server that speaks the same wire format, in the old words', async () => {
    const on = await begin({ model: 'openai/llama-3.3-70b' });
    expect(await launch(on, { prompt: 'Hi', max_tokens: 5 })).toMatchObject({ kind: 'launched' });
    expect(on.sent()[0]).toMatchObject({ model: 'llama-3.3-70b', max_tokens: 5 });
  });

  it('reckons with the operator\'s prices, and knows none of its own', async () => {
    const price = { model: 'openai/gpt-4o', usdPerMillionTokensIn: 2, usdPerMillionTokensOut: 10, source: 'our contract', date: '2026-11-01' };
    const on = await begin({ make: make({ prices: [price, { model: 'openai/gpt-image-2', usdPerImage: 0.05, source: 's', date: '2026-11-01' }] }) });
    const metrics = { computeSeconds: null, totalSeconds: 1, usage: { inputTokens: 1_000, outputTokens: 100 } };
    expect(on.provider.cost(on.payload, metrics)).toEqual({ amount: 0.003, currency: 'USD', basis: '1000 tokens in, 100 out (our contract, 2026-11-01)' });
    expect(on.provider.cost({ ...on.payload, model: 'openai/gpt-4o-2024-08-06' }, metrics).amount).toBe(0.003);
    expect(on.provider.cost(on.payload, { computeSeconds: null, totalSeconds: 1 }).amount).toBeNull();
    expect(on.provider.estimate({ ...on.payload, input: { prompt: 'x'.repeat(400), max_tokens: 1_000 } })).toMatchObject({ amount: 0.0102, basis: expect.stringContaining('at most 1000 out') });
    expect(on.provider.estimate({ ...on.payload, input: { prompt: 'x', images: ['https://example.com/a.png'] } }).amount).toBeNull();
    expect(on.provider.estimate({ ...on.payload, model: 'openai/gpt-image-2', input: { prompt: 'x', n: 3 } }).amount).toBe(0.15);
    expect(make()('https://api.openai.com/v1').estimate(on.payload).amount).toBeNull();
  });
});
