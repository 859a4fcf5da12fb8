import { FORM_RECHECK_MS } from '@countersign/core';
import { EMULATOR_TOKEN, ReplicateProvider, startReplicateEmulator, type EmulatedModel, type ReplicateEmulator } from '@countersign/providers';
import { formFromOpenApi } from '@countersign/validator';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

const MODEL = 'somebody/painter';

/** The form cache of a provider is younger than the time after which the newest version is asked for again. */
describe('a model that gets a new version', () => {
  let stage: ExecutorStage;
  let emulator: ReplicateEmulator;
  let models: EmulatedModel[];
  beforeAll(async () => {
    models = [painter(['prompt'])];
    [stage, emulator] = await Promise.all([executorStage(), startReplicateEmulator({ models })]);
    const replicate = new ReplicateProvider({ apiToken: EMULATOR_TOKEN, baseUrl: emulator.url, webhookSecret: null, buildForm: formFromOpenApi, clock: () => stage.clock.now() });
    stage.provider.script.form = (ref) => replicate.form(ref);
  });
  afterAll(() => Promise.all([stage.close(), emulator.close()]));

  const resolve = () => stage.resolveForm.resolve({ provider: 'scripted', model: MODEL, version: null, run_id: null, asked_at_ms: Date.parse(stage.clock.now()) });
  const known = async () => (await stage.forms.find('scripted', MODEL, null))?.form;

  it('is known by its new form after the re-check, and still when the provider is down then', async () => {
    await resolve();
    const first = await known();
    expect(first?.fields.map(({ name }) => name)).toEqual(['prompt']);

    models[0] = painter(['prompt', 'style']);
    stage.clock.skip(FORM_RECHECK_MS);
    await resolve();
    const second = await known();
    expect(second?.fields.map(({ name }) => name)).toEqual(['prompt', 'style']);
    expect([second?.version === first?.version, second?.digest === first?.digest]).toEqual([false, false]);

    emulator.faults.add({ on: 'model', times: 9, action: { do: 'answer', status: 503, body: null } });
    stage.clock.skip(FORM_RECHECK_MS);
    await resolve();
    expect(await known()).toEqual(second);
  });

  it('is read from Postgres after Redis was emptied', async () => {
    const before = await known();
    await stage.redis.flush();
    expect(await known()).toEqual(before);
  });
});

function painter(fields: string[]): EmulatedModel {
  return {
    owner: 'somebody', name: 'painter', description: 'Paints.', isOfficial: false, startMs: 1, runMs: 1,
    input: { properties: Object.fromEntries(fields.map((name) => [name, { type: 'string', description: `The ${name}.` }])), required: ['prompt'] },
    output: { type: 'string' },
    make: () => ({ output: 'done' }),
  };
}
