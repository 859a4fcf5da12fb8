import { describeAiProvider, followToEnd, launchRequest } from '@countersign/core/testing';
import type { JsonObject, Payload } from '@countersign/core';
import { ERROR_BODIES } from '../emulator/error-bodies';
import { payloadOf, replicateStage, type ReplicateStage } from '../emulator/replicate-stage';

describeAiProvider('ReplicateProvider on the emulator', () => replicateStage());

describe('ReplicateProvider', () => {
  let stage: ReplicateStage;
  beforeEach(async () => {
    stage = await replicateStage();
  });
  afterEach(() => stage.close());
  const reads = (path: string) => stage.emulator.calls.filter((call) => call.method === 'GET' && call.path === path).length;
  const job = async (payload: Payload = stage.payload): Promise<string> => {
    const answer = await stage.provider.launch(launchRequest(stage, payload));
    if (answer.kind !== 'launched') throw new Error(JSON.stringify(answer));
    return answer.jobId;
  };

  describe('form', () => {
    it('of an official model has the version "hidden", and is told apart by its digest', async () => {
      const form = await stage.provider.form({ model: 'black-forest-labs/flux-schnell', version: null });
      expect(form).toMatchObject({ ok: true, form: { version: 'hidden', model: 'black-forest-labs/flux-schnell' } });
      expect(await stage.provider.form({ model: 'black-forest-labs/flux-schnell', version: 'hidden' })).toEqual(form);
    });

    it('takes the version in the name', async () => {
      const { version } = payloadOf('lucataco/remove-bg', {});
      expect(await stage.provider.form({ model: `lucataco/remove-bg:${version}`, version: null })).toMatchObject({ ok: true, form: { model: 'lucataco/remove-bg', version } });
      expect(await stage.provider.form({ model: `lucataco/remove-bg:${'e'.repeat(64)}`, version: null })).toMatchObject({ ok: false, reason: 'model_unknown' });
    });

    it('is looked up once, until its time is over', async () => {
      let now = Date.parse('2026-11-22T12:00:00Z');
      const provider = stage.withSettings({ clock: () => new Date(now).toISOString() });
      await Promise.all([provider.form(stage.knownModel), provider.form(stage.knownModel)]);
      expect(reads('/v1/models/lucataco/remove-bg')).toBe(1);
      now += 300_001;
      await provider.form(stage.knownModel);
      expect(reads('/v1/models/lucataco/remove-bg')).toBe(2);
    });

    it('that could not be had is asked for again', async () => {
      stage.emulator.faults.add({ on: 'model', action: { do: 'answer', status: 503, body: null } });
      expect(await stage.provider.form(stage.knownModel)).toMatchObject({ ok: false, reason: 'unavailable' });
      expect(await stage.provider.form(stage.knownModel)).toMatchObject({ ok: true });
    });

    it.each<[string, JsonObject]>([
      ['no version', { owner: 'a', name: 'b', latest_version: null }],
      ['no schema', { owner: 'a', name: 'b', latest_version: { id: 'x', openapi_schema: null } }],
      ['no input in it', { owner: 'a', name: 'b', latest_version: { id: 'x', openapi_schema: { components: { schemas: {} } } } }],
      ['half a character in it', { owner: 'a', name: 'b', latest_version: { id: 'x', openapi_schema: { components: { schemas: { Input: { title: '\ud800' } } } } } }],
    ])('of a model with %s says so', async (_, body) => {
      stage.emulator.faults.add({ on: 'model', action: { do: 'answer', status: 200, body } });
      expect(await stage.provider.form({ model: 'a/b', version: null })).toMatchObject({ ok: false, reason: 'no_schema' });
    });

    it('that cannot be built says so', async () => {
      const provider = stage.withSettings({ buildForm: () => { throw new Error('too odd'); } });
      expect(await provider.form(stage.knownModel)).toMatchObject({ ok: false, reason: 'no_schema', detail: expect.stringContaining('too odd') });
    });
  });

  describe('follow', () => {
    it.each([
      [401, ERROR_BODIES.unauthenticated, { ok: false, reason: 'unauthorized' }],
      [404, ERROR_BODIES.notFound, { ok: false, reason: 'gone' }],
      [429, ERROR_BODIES.throttled, { ok: false, reason: 'unavailable', retryAfterMs: 30_000 }],
      [502, ERROR_BODIES.badGateway, { ok: false, reason: 'unavailable', retryAfterMs: null }],
    ])('answers %s after one request', async (status, body, answer) => {
      const jobId = await job();
      stage.emulator.faults.add({ on: 'prediction', times: 9, action: { do: 'answer', status, body } });
      expect(await stage.provider.follow(jobId, stage.payload)).toMatchObject(answer);
      expect(reads(`/v1/predictions/${jobId}`)).toBe(1);
    });

    it('answers a dropped connection after one request', async () => {
      const jobId = await job();
      stage.emulator.faults.add({ on: 'prediction', times: 9, action: { do: 'drop_after' } });
      expect(await stage.provider.follow(jobId, stage.payload)).toMatchObject({ ok: false, reason: 'unavailable' });
      expect(reads(`/v1/predictions/${jobId}`)).toBe(1);
    });

    it('says so when the output was deleted', async () => {
      const jobId = await job();
      await followToEnd(stage.provider, jobId, stage.payload);
      stage.emulator.predictions.removeData(jobId);
      expect(await stage.provider.follow(jobId, stage.payload)).toMatchObject({ ok: false, reason: 'gone' });
    });

    it('joins text chunks by the schema', async () => {
      const payload = payloadOf('meta/meta-llama-3-8b-instruct', { prompt: 'hello world' });
      const state = await followToEnd(stage.provider, await job(payload), payload);
      expect(state).toMatchObject({ output: { doubts: [], parts: [{ kind: 'text', pointer: '', text: expect.stringMatching(/^You sent 2 words\./) }] } });
    });

    it('finds the file in an object', async () => {
      const payload = payloadOf('openai/whisper', { audio: 'https://example.com/a.wav', transcription: 'srt' });
      const state = await followToEnd(stage.provider, await job(payload), payload);
      expect(state).toMatchObject({ output: { doubts: [], parts: [{ kind: 'file', pointer: '/srt_file', name: 'audio.srt' }, { kind: 'json', pointer: '' }] } });
    });

    it('tells an aborted run from a cancelled one', async () => {
      const slow = stage.slow ?? stage.payload;
      const [first, second] = [await job(slow), await job(slow)];
      stage.emulator.predictions.finish(first, 'aborted');
      stage.emulator.predictions.finish(second, 'canceled');
      expect(await stage.provider.follow(first, slow)).toMatchObject({ ok: true, state: { status: 'aborted' } });
      expect(await stage.provider.follow(second, slow)).toMatchObject({ ok: true, state: { status: 'cancelled' } });
    });

    it('doubts success without output', async () => {
      const jobId = await job(stage.slow ?? stage.payload);
      stage.emulator.predictions.finish(jobId, 'succeeded');
      expect(await stage.provider.follow(jobId, stage.payload)).toMatchObject({ state: { status: 'succeeded', output: { raw: null, doubts: [expect.any(String)] } } });
    });

    it('still reads the output when the schema cannot be had', async () => {
      const jobId = await job();
      await stage.emulator.predictions.whenOver(jobId, 5_000);
      stage.emulator.faults.add({ on: 'model', action: { do: 'answer', status: 500, body: null } });
      expect(await stage.provider.follow(jobId, stage.payload)).toMatchObject({ state: { output: { doubts: [], parts: [{ kind: 'file' }] } } });
    });
  });

  it('does not send the token to where a page of the list points', async () => {
    const asked: string[] = [];
    const fetcher: typeof fetch = async (input) => {
      asked.push(String(input));
      return Response.json({ results: [], next: asked.length < 3 ? 'https://evil.example/v1/predictions?cursor=abc' : null });
    };
    const provider = stage.withSettings({ fetch: fetcher });
    expect(await provider.reconcile({ launchId: 'l', payload: stage.payload, submittedAt: '2026-11-22T12:00:00.000Z', claimedJobIds: [] })).toEqual({ kind: 'not_found' });
    expect(asked).toHaveLength(3);
    for (const url of asked) expect(url).toMatch(new RegExp(`^${stage.emulator.url}/predictions\\?`));
    expect(asked[1]).toContain('cursor=abc');
  });

  it('offers any model by name, so it has no list', () => {
    expect(stage.provider.models()).toEqual([]);
  });
});
