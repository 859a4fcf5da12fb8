import { topics, type FormAnswer, type Signal } from '@countersign/core';
import { testId } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

const ASKED_AT_MS = Date.parse('2026-11-22T12:00:00.000Z');
const ECHO = { provider: 'scripted', model: 'scripted/echo', version: null as string | null };

describe('finding a model\'s form', () => {
  let stage: ExecutorStage;
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(async () => {
    stage.provider.reset();
    await stage.query('DELETE FROM model_forms');
    await stage.redis.flush();
  });

  const resolve = (over: Partial<typeof ECHO> = {}, run_id: string | null = null): Promise<void> =>
    stage.resolveForm.resolve({ ...ECHO, ...over, run_id, asked_at_ms: ASKED_AT_MS });
  const known = (model = ECHO.model) => stage.forms.find('scripted', model, null);
  const fails = (reason: Extract<FormAnswer, { ok: false }>['reason']): void => {
    stage.provider.script.form = () => Promise.resolve({ ok: false, reason, detail: `it is ${reason}` });
  };

  it('keeps it, and wakes whoever waits for it', async () => {
    const signals: Signal[] = [];
    const stop = await stage.live.watch(topics.form('scripted', 'scripted/echo', null), (signal) => signals.push(signal));
    const runId = testId();
    await resolve({}, runId);
    expect(await known()).toMatchObject({ form: { model: 'scripted/echo', version: '1' }, problem: null, fetchedAt: stage.clock.now() });
    expect(await stage.rungFor(runId)).toEqual([{ job: 'run.advance', data: { run_id: runId, version: 1 } }]);
    await waitFor(() => signals.length === 1, { what: 'the signal' });
    await stop();
  });

  it('wakes the run each time it is asked for, also about the same question', async () => {
    const runId = testId();
    await resolve({}, runId);
    stage.clock.skip(1_000);
    await resolve({}, runId);
    expect(await stage.rungFor(runId)).toHaveLength(2);
  });

  it.each(['unavailable', 'unauthorized'] as const)('a known form outlives a provider that is %s', async (reason) => {
    await resolve();
    fails(reason);
    stage.clock.skip(60_000);
    await resolve();
    expect(await known()).toMatchObject({ form: { model: 'scripted/echo' }, problem: null, fetchedAt: stage.clock.now() });
  });

  it.each(['model_unknown', 'no_schema'] as const)('a known form goes when the provider says %s', async (reason) => {
    await resolve();
    fails(reason);
    await resolve();
    expect(await known()).toMatchObject({ form: null, problem: { reason, detail: `it is ${reason}`, askedAt: '2026-11-22T12:00:00.000Z' } });
  });

  it.each(['model_unknown', 'no_schema', 'unavailable', 'unauthorized'] as const)('says why there is none, and which question that answers: %s', async (reason) => {
    fails(reason);
    await resolve();
    expect(await known()).toMatchObject({ form: null, problem: { reason, detail: `it is ${reason}`, askedAt: '2026-11-22T12:00:00.000Z' } });
  });

  it('of a provider that is not here: the model is unknown', async () => {
    await resolve({ provider: 'elsewhere' });
    expect(await stage.forms.find('elsewhere', ECHO.model, null)).toMatchObject({ form: null, problem: { reason: 'model_unknown', detail: 'no provider elsewhere' } });
  });

  it('keeps each version apart from the newest', async () => {
    await resolve({ version: '1' });
    expect(await known()).toBeNull();
    expect(await stage.forms.find('scripted', ECHO.model, '1')).toMatchObject({ requestedVersion: '1', form: { version: '1' } });
  });

  it('knows closed lists of models from the start', async () => {
    await stage.resolveForm.warm();
    for (const { model } of stage.provider.models()) expect(await known(model)).toMatchObject({ form: { model } });
    expect(stage.provider.models().length).toBeGreaterThan(2);
  });
});
