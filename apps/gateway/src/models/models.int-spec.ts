import type { ModelView, ProviderListView } from '@countersign/contracts';
import { FormStore, LiveState, topics, type Form } from '@countersign/core';
import { ProviderRegistry } from '@countersign/providers';
import { Publisher } from '@countersign/queues';
import { waitFor } from '@countersign/testing';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';

describe('providers and models by HTTP', () => {
  let stage: GatewayStage;
  beforeAll(async () => {
    stage = await startGateway();
  });
  afterAll(() => stage.close());

  /** What the executor does about the job `form.resolve`. */
  async function resolveNext(form: Form | null, model: string): Promise<number> {
    const queue = stage.app.get(Publisher).queue('executor');
    const jobs = await waitFor(async () => {
      const waiting = await queue.getJobs(['waiting']);
      return waiting.length > 0 && waiting;
    }, { what: 'the question to the executor' });
    const problem = form ? null : { reason: 'model_unknown', detail: `there is no ${model}`, askedAt: new Date().toISOString() };
    await stage.app.get(FormStore).save({ provider: 'scripted', model, requestedVersion: null, form, problem, fetchedAt: new Date().toISOString() });
    await stage.app.get(LiveState).signal(topics.form('scripted', model, null), { kind: 'form' });
    await Promise.all(jobs.map((job) => job.remove()));
    return jobs.length;
  }

  it('lists the providers with tools, capabilities and models', async () => {
    const { body } = await stage.call<ProviderListView>('GET', '/hitl/providers');
    expect(body.total).toBe(body.providers.length);
    const replicate = body.providers.find(({ name }) => name === 'replicate');
    expect(replicate).toMatchObject({ tools: ['replicate-agent-tool'], capabilities: { paid: true } });
    expect(body.providers.find(({ name }) => name === 'local')?.models.map(({ model }) => model)).toContain('local/upscale');
  });

  it('asks the executor for a form that it does not know, once for many callers, and remembers it', async () => {
    const answer = await stage.app.get(ProviderRegistry).find('scripted')?.form({ model: 'scripted/image', version: null });
    const form = answer?.ok ? answer.form : null;
    const calls = Promise.all([1, 2, 3].map(() => stage.call<ModelView>('GET', '/hitl/models/scripted/scripted/image')));
    expect(await resolveNext(form, 'scripted/image')).toBe(1);
    for (const { status, body } of await calls) {
      expect(status).toBe(200);
      expect(body).toMatchObject({ model: 'scripted/image', version: '1', origin: 'schema', schema: { type: 'object' } });
      expect(body.fields.find(({ name }) => name === 'palette')).toMatchObject({ enum: ['warm', 'cold', 'grey'], default: 'warm', role: { kind: 'option' } });
    }
    expect((await stage.call('GET', '/hitl/models/scripted/scripted/image')).status).toBe(200);
    expect(await stage.app.get(Publisher).queue('executor').count()).toBe(0);
  });

  it('tells a model that does not exist from a provider that does not answer', async () => {
    const call = stage.call('GET', '/hitl/models/scripted/scripted/nothing');
    await resolveNext(null, 'scripted/nothing');
    expect((await call).body.code).toBe('MODEL_NOT_FOUND');
    expect((await stage.call('GET', '/hitl/models/nobody/a/b')).body.code).toBe('PROVIDER_NOT_FOUND');
    const silent = await stage.call('GET', '/hitl/models/replicate/a/b');
    expect([silent.status, silent.body.code]).toEqual([502, 'MODEL_UNAVAILABLE']);
  });
});
