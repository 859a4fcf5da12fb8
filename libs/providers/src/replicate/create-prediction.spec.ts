import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LaunchAnswer, LaunchRequest, Payload } from '@countersign/core';
import { launchRequest } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { ERROR_BODIES, invalidInput } from '../emulator/error-bodies';
import type { FaultAction } from '../emulator/faults';
import { inputFile, OWN_FILE, payloadOf, plainForm, replicateStage, type ReplicateStage } from '../emulator/replicate-stage';
import { CreatePrediction } from './create-prediction';
import { postOnce } from '../http/post-once';
import { ReplicateApi } from './replicate-api';
import { ReplicateProvider } from './replicate.provider';
import type { ReplicateSettings } from './replicate-settings';

let stage: ReplicateStage;
beforeEach(async () => {
  stage = await replicateStage();
});
afterEach(() => stage.close());

const launch = (payload: Payload = stage.payload, change: Partial<LaunchRequest> = {}, provider: ReplicateProvider = stage.provider): Promise<LaunchAnswer> =>
  provider.launch({ ...launchRequest(stage, payload), ...change });
const sent = () => stage.emulator.createCalls()[0];

describe('what is sent', () => {
  it('is the approved input, with deadline, call-back and both events', async () => {
    const callbackUrl = 'https://countersign.test/webhooks/replicate/launch-1?sig=x';
    expect(await launch(stage.payload, { callbackUrl, deadlineSeconds: 90 })).toMatchObject({ kind: 'launched', state: { status: 'starting' } });
    expect(sent()).toMatchObject({
      path: '/v1/models/black-forest-labs/flux-schnell/predictions',
      headers: { 'cancel-after': '90s', authorization: `Bearer ${stage.emulator.token}` },
      json: { input: stage.payload.input, webhook: callbackUrl, webhook_events_filter: ['start', 'completed'] },
    });
  });

  it('names the version of a community model', async () => {
    const payload = payloadOf('nightmareai/real-esrgan', { image: 'https://example.com/a.png', scale: 2 });
    expect(await launch(payload)).toMatchObject({ kind: 'launched' });
    expect(sent()).toMatchObject({ path: '/v1/predictions', json: { version: payload.version, input: payload.input } });
    expect(sent()?.json).not.toHaveProperty('webhook');
  });

  it('never asks for less than the shortest deadline', async () => {
    await launch(stage.payload, { deadlineSeconds: 1 });
    expect(sent()?.headers['cancel-after']).toBe('5s');
  });

  it('leaves out a call-back that the real API would refuse', async () => {
    const provider = stage.withSettings({ baseUrl: 'https://127.0.0.1:1/v1' });
    const creation = new CreatePrediction({ ...settings(), baseUrl: 'https://127.0.0.1:1/v1' }, new ReplicateApi(settings()));
    expect(creation['body']({ owner: 'a', name: 'b', version: null }, {}, { ...launchRequest(stage, stage.payload), callbackUrl: 'http://plain.test/' })).toEqual({ input: {} });
    expect(await launch(stage.payload, {}, provider)).toMatchObject({ kind: 'refused', refusal: { reason: 'unreachable' } });
  });
});

describe('files only we can read', () => {
  it('go inline when small', async () => {
    await launch(payloadOf('lucataco/remove-bg', { image: OWN_FILE }), { openInput: () => Promise.resolve(inputFile(new Uint8Array([1, 2]))) });
    expect(sent()?.json).toMatchObject({ input: { image: 'data:image/png;base64,AQI=' } });
  });

  it('go through the files API when large, and are read by the model', async () => {
    const large = new Uint8Array(300_000).fill(7);
    const answer = await launch(payloadOf('openai/whisper', { audio: OWN_FILE }), { openInput: () => Promise.resolve(inputFile(large, 'audio/wav')) });
    if (answer.kind !== 'launched') throw new Error(JSON.stringify(answer));
    await stage.emulator.predictions.whenOver(answer.jobId, 5_000);
    expect(sent()?.json).toMatchObject({ input: { audio: expect.stringMatching(new RegExp(`^${stage.emulator.url}/files/`)) } });
    expect(await stage.provider.follow(answer.jobId, payloadOf('openai/whisper', {}))).toMatchObject({ state: { output: { raw: { transcription: 'A sound of 300000 bytes.' } } } });
  });

  it('are uploaded when they stand in a list in one string', async () => {
    const list = `https://example.com/a.png,${OWN_FILE}`;
    await launch(payloadOf('lucataco/remove-bg', { image: list }));
    expect(sent()?.json).toMatchObject({ input: { image: expect.stringMatching(/^https:\/\/example\.com\/a\.png,http:\S+\/files\/\S+$/) } });
  });

  it('are left alone inside words', async () => {
    const prompt = `like ${OWN_FILE}, but blue`;
    await launch(payloadOf('black-forest-labs/flux-schnell', { prompt }));
    expect(sent()?.json).toMatchObject({ input: { prompt } });
  });

  it.each<[FaultAction, string]>([
    [{ do: 'drop_before' }, 'unreachable'],
    [{ do: 'answer', status: 500, body: ERROR_BODIES.badGateway }, 'unreachable'],
    [{ do: 'answer', status: 413, body: { detail: 'too large' } }, 'invalid_input'],
    [{ do: 'answer', status: 401, body: ERROR_BODIES.unauthenticated }, 'unauthorized'],
    [{ do: 'answer', status: 429, body: ERROR_BODIES.throttled }, 'throttled'],
  ])('that cannot be handed over (%j) refuse the launch, and nothing is created', async (action, reason) => {
    stage.emulator.faults.add({ on: 'files', action });
    const answer = await launch(payloadOf('lucataco/remove-bg', { image: OWN_FILE }), { openInput: () => Promise.resolve(inputFile(new Uint8Array(300_000))) });
    expect(answer).toMatchObject({ kind: 'refused', refusal: { reason } });
    expect(stage.emulator.calls.filter((call) => call.path === '/v1/files')).toHaveLength(1);
    expect(stage.createRequests()).toBe(0);
  });

  it('name their field when they cannot be opened', async () => {
    const answer = await launch(payloadOf('lucataco/remove-bg', { image: OWN_FILE }), { openInput: () => Promise.reject(new Error('The file was deleted.')) });
    expect(answer).toMatchObject({ kind: 'refused', refusal: { reason: 'invalid_input', fields: [{ field: 'image', message: 'The file was deleted.' }] } });
  });
});

describe('refusals', () => {
  it.each<[number, object, string, object]>([
    [401, ERROR_BODIES.unauthenticated, 'unauthorized', {}],
    [402, ERROR_BODIES.insufficientCredit, 'payment_required', {}],
    [404, ERROR_BODIES.notFound, 'model_not_found', {}],
    [422, ERROR_BODIES.invalidVersion, 'model_not_found', {}],
    [422, invalidInput([{ type: 'required', field: 'input', description: 'prompt is required' }]), 'invalid_input', { fields: [{ field: 'prompt', code: 'required', message: 'prompt is required' }] }],
    [429, ERROR_BODIES.throttled, 'throttled', { retryAfterMs: 30_000 }],
    [400, ERROR_BODIES.moderated, 'moderated', {}],
  ])('%s → %s: one request, no retry', async (status, body, reason, more) => {
    stage.emulator.faults.add({ on: 'create', times: 10, action: { do: 'answer', status, body: JSON.parse(JSON.stringify(body)) } });
    expect(await launch()).toMatchObject({ kind: 'refused', refusal: { reason, ...more } });
    expect(stage.createRequests()).toBe(1);
  });

  it('of an API that is not there', async () => {
    for (const baseUrl of ['http://127.0.0.1:1/v1', 'http://no-such-host.invalid/v1']) {
      expect(await launch(stage.payload, {}, stage.withSettings({ baseUrl }))).toMatchObject({ kind: 'refused', refusal: { reason: 'unreachable' } });
    }
  });

  it('without a token no request is made at all', async () => {
    const provider = stage.withSettings({ apiToken: null });
    expect(await launch(stage.payload, {}, provider)).toMatchObject({ kind: 'refused', refusal: { reason: 'unauthorized' } });
    expect(await provider.form(stage.knownModel)).toMatchObject({ ok: false, reason: 'unauthorized' });
    expect(stage.emulator.calls).toHaveLength(0);
  });

  it('hold no secret, even when the provider repeats it', async () => {
    stage.emulator.faults.add({ on: 'create', action: { do: 'answer', status: 401, body: { detail: `bad token ${stage.emulator.token}` } } });
    expect(JSON.stringify(await launch())).not.toContain(stage.emulator.token);
    expect(await launch(stage.payload, {}, stage.withSettings({ apiToken: 'r8_\nbroken' }))).toMatchObject({ kind: 'refused' });
  });
});

describe('an answer that proves nothing', () => {
  it.each<FaultAction>([
    { do: 'drop_before' },
    { do: 'drop_after' },
    { do: 'break_off' },
    { do: 'answer', status: 500, body: { detail: 'Internal server error' } },
    { do: 'answer', status: 502, body: null },
    { do: 'answer', status: 503, body: null, headers: { 'retry-after': '1' } },
    { do: 'answer', status: 408, body: null },
    { do: 'answer', status: 201, body: { status: 'starting' } },
    { do: 'answer', status: 200, body: null },
    { do: 'answer', status: 307, body: null, headers: { location: '/v1/predictions' } },
  ])('%j is unclear after exactly one request', async (action) => {
    stage.emulator.faults.add({ on: 'create', times: 10, action });
    expect(await launch()).toMatchObject({ kind: 'unclear', detail: expect.stringMatching(/./) });
    expect(stage.createRequests()).toBe(1);
  });

  it('is what a late answer is', async () => {
    stage.emulator.faults.add({ on: 'create', action: { do: 'delay', ms: 5_000 } });
    const creation = new CreatePrediction(settings(), new ReplicateApi(settings()), { connectMs: 1_000, answerMs: 50, answerBytes: 1_000_000 });
    expect(await creation.create(launchRequest(stage, stage.payload))).toEqual({ kind: 'unclear', detail: 'no answer within 50 ms' });
  });

  it('is what a launch called off under way is', async () => {
    stage.emulator.faults.add({ on: 'create', action: { do: 'delay', ms: 5_000 } });
    const stop = new AbortController();
    const answer = launch(stage.payload, { signal: stop.signal });
    await waitFor(() => stage.createRequests() === 1, { what: 'the create request' });
    stop.abort();
    expect(await answer).toEqual({ kind: 'unclear', detail: 'called off' });
    expect(stage.createRequests()).toBe(1);
  });
});

describe('postOnce', () => {
  let server: Server | undefined;
  const listen = async (take: RequestListener): Promise<URL> => {
    const listening = createServer(take);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return new URL(`http://127.0.0.1:${(listening.address() as AddressInfo).port}/`);
  };
  afterEach(() => new Promise((resolve) => (server ? server.close(resolve) : resolve(null))));
  const post = (url: URL, answerBytes = 1_000) => postOnce({ url, headers: {}, body: '{}', signal: new AbortController().signal }, { connectMs: 1_000, answerMs: 1_000, answerBytes });

  it('takes the word of a 4xx whose body broke off', async () => {
    const url = await listen((_, response) => {
      response.writeHead(422, { 'content-length': '100' });
      response.write('{"title"', () => response.destroy());
    });
    expect(await post(url)).toMatchObject({ kind: 'answer', status: 422 });
  });

  it('reads an answer that ends with the connection', async () => {
    const url = await listen((request, response) => {
      request.socket.end('HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n{"id":"abc"}');
      response.destroy();
    });
    expect(await post(url)).toMatchObject({ kind: 'answer', status: 201, body: '{"id":"abc"}' });
  });

  it('has sent nothing when the secure connection never stood', async () => {
    const url = await listen((_, response) => response.end());
    expect(await post(new URL(url.href.replace('http:', 'https:')))).toMatchObject({ kind: 'not_sent' });
  });

  it('does not take the word of a 201 that is too long', async () => {
    const url = await listen((_, response) => response.writeHead(201).end('x'.repeat(5_000)));
    expect(await post(url)).toEqual({ kind: 'lost', why: 'status 201, then more than 1000 bytes' });
  });
});

function settings(): ReplicateSettings {
  const { emulator } = stage;
  return { apiToken: emulator.token, baseUrl: emulator.url, webhookSecret: null, buildForm: plainForm };
}
