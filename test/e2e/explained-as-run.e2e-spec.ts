import type { CountersignClient, RunRequest } from '@countersign/client';
import type { Form, JsonObject } from '@countersign/core';
import { formFromOpenApi } from '@countersign/validator';
import fc from 'fast-check';
import { untilRun } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

/** Requests that are explained and then really run. */
const REQUESTS = 160;
/** The same for models whose form must be guessed from the caller's example. */
const GUESSED = 24;
/** Runs in flight at a time: enough to be quick, few enough for a small machine. */
const AT_ONCE = 8;
/** Random, and the same each time, so that a failure can be looked at. */
const SEED = 20_261_122;
/** What an explanation may take with a form at hand and no file to fetch, ms (99 of 100). */
const EXPLAINED_MS = 50;
const MEASURED = 400;
/** Times it may be measured: a machine that is busy with other things says nothing about this one. */
const TRIES = 8;

const PIXEL = 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=';
const SOUND = 'data:audio/wav;base64,UklGRiQAAABXQVZFZm10IA==';

type Input = RunRequest['run_input'];

/** A model nobody has: a few fields of every kind, some required, some with limits. */
const PROPERTIES: Record<string, JsonObject> = {
  prompt: { type: 'string', title: 'Prompt', description: 'What to draw.' },
  image: { type: 'string', format: 'uri', title: 'Image', description: 'Picture to work on.' },
  mask: { type: 'string', format: 'uri', title: 'Mask', description: 'Mask of the picture.' },
  audio: { type: 'string', format: 'uri', title: 'Audio', description: 'Sound to go with it.' },
  aspect_ratio: { type: 'string', title: 'Aspect Ratio', enum: ['1:1', '16:9', '9:16'], default: '1:1' },
  num_inference_steps: { type: 'integer', title: 'Steps', minimum: 1, maximum: 50, default: 28 },
  guidance_scale: { type: 'number', title: 'Guidance', minimum: 0, maximum: 20, default: 7.5 },
  seed: { type: 'integer', title: 'Seed', nullable: true },
  go_fast: { type: 'boolean', title: 'Fast', default: true },
};
const NAMES = Object.keys(PROPERTIES);

const inventedForm = fc.record({ names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }), required: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }) })
  .map(({ names, required }) => (model: string) => formFromOpenApi({
    provider: 'replicate', model, version: 'a'.repeat(64), digest: 'b'.repeat(64),
    schema: { components: { schemas: {
      Input: { type: 'object', title: 'Input', properties: Object.fromEntries(names.map((name, order) => [name, { ...PROPERTIES[name], 'x-order': order }])), required: required.filter((name) => names.includes(name)) },
      Output: { type: 'string', format: 'uri' },
    } } },
  }));

const value = fc.oneof(
  fc.integer({ min: -5, max: 60 }), fc.double({ min: -1, max: 30, noNaN: true }), fc.boolean(), fc.constant(null),
  fc.constantFrom('16x9', '1:1', '4', 'true', '', 'a cat', '16:9', PIXEL, SOUND, 'C:\\cat.png', 'https://10.0.0.1/x.png'), fc.constant([PIXEL]),
);
const name = fc.constantFrom<string>(...NAMES, 'steps', 'img', 'cfg', 'promt', 'something_else', 'repeat', 'uppercase', 'palette', 'width');
const file = fc.constantFrom<NonNullable<Input['attachments']>[number]>(PIXEL, SOUND, { url: PIXEL, name: 'mask.gif' }, { url: SOUND, name: 'voice.wav', mime: 'audio/wav' }, 'http://127.0.0.1/x.png', 'no address');
const wild = fc.record({
  prompt: fc.constantFrom('', 'hi', 'a lighthouse at dusk, oil on canvas', 'Remove the background', 'Make it blue :-> attached document: http://192.168.0.1/a.png'),
  parameters: fc.dictionary(name, value, { maxKeys: 4 }),
  attachments: fc.array(file, { maxLength: 2 }),
  conversation: fc.array(fc.record({ role: fc.constant('user'), content: fc.constantFrom('please', 'see http://169.254.169.254/b.png') }), { maxLength: 2 }),
});
/** Something most models can do, a few repairs included. */
const calm = fc.record({
  prompt: fc.constantFrom('a lighthouse at dusk, oil on canvas', 'change the sky to green and keep the rest'),
  parameters: fc.record({ seed: fc.integer({ min: 0, max: 9 }), aspect_ratio: fc.constantFrom('1:1', '16x9'), steps: fc.constantFrom<string | number>('4', 20) }, { requiredKeys: [] }),
  attachments: fc.constant([]), conversation: fc.constant([]),
});
const said = fc.oneof(wild, calm, calm);
const config: fc.Arbitrary<NonNullable<RunRequest['hitl_config']>> = fc.record({
  policy: fc.constantFrom('auto', 'require_human', 'auto_with_thresholds'),
  allowed_steps: fc.subarray(['payload_review', 'response_review'] as ('payload_review' | 'response_review')[]),
  auto_approve_confidence_threshold: fc.constantFrom(0.5, 0.9, 0.97, 1),
  max_payload_changes: fc.constantFrom(0, 1, 5),
});
const scripted = fc.constantFrom('scripted/echo', 'scripted/image');

interface Case { said: Input; config: NonNullable<RunRequest['hitl_config']>; scripted: string; form: ((model: string) => Form) | null }
const cases = fc.record<Case>({ said: said as fc.Arbitrary<Input>, config, scripted, form: fc.option(inventedForm) });

describe('an explanation tells what the run does', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse({ env: { WRITES_PER_MINUTE: '1000000' } });
  }, 120_000);
  afterAll(() => house.close());

  /** As the executor would have learnt it. */
  async function know(model: string, form: Form | undefined): Promise<void> {
    await house.db.query(
      `INSERT INTO model_forms (provider, model, requested_version, form, problem, fetched_at) VALUES ('replicate', $1, '', $2, NULL, now())`,
      [model, JSON.stringify(form)]);
  }

  async function requestOf(one: Case, at: number): Promise<RunRequest> {
    const model = one.form === null ? one.scripted : `invented/model-${at}`;
    if (one.form !== null) await know(model, one.form(model));
    return { run_input: { ...one.said, provider: one.form === null ? 'scripted' : 'replicate', model }, hitl_config: one.config };
  }

  it(`for ${REQUESTS} random requests: the same gates, the same payload`, async () => {
    const gates = await compare(fc.sample(cases, { numRuns: REQUESTS, seed: SEED }).map((one, at) => () => requestOf(one, at)));
    process.stdout.write(`gates that fired as explained: ${JSON.stringify(gates)}\n`);
    for (const gate of ['none', 'validation_review', 'payload_suggestion', 'response_review']) expect(gates[gate]).toBeGreaterThan(3);
  }, 300_000);

  it('also where nobody knows the model\'s form', async () => {
    const words: JsonObject = { prompt: 'a cat', num_inference_steps: 28, go_fast: true };
    const picture: JsonObject = { ...words, image: 'https://demo.example/cat.png' };
    const gates = await compare(fc.sample(cases, { numRuns: GUESSED, seed: SEED }).map((one, at) => async () => ({
      run_input: { ...one.said, agent_tool_config: { 'replicate-agent-tool': { name: `unknown/model-${at % 3}`, example_input: at % 2 === 0 ? picture : words } } },
      hitl_config: one.config,
    })));
    expect(Object.keys(gates)).toEqual(expect.arrayContaining(['validation_review', 'payload_suggestion']));
  }, 120_000);

  /** Explains and runs each request, and counts the gates. @throws when one is not as it was explained. */
  async function compare(requests: (() => Promise<RunRequest>)[]): Promise<Record<string, number>> {
    const client = house.client();
    const gates: Record<string, number> = {};
    const work = async (): Promise<void> => {
      for (let next = requests.pop(); next; next = requests.pop()) {
        const request = await next();
        const explained = await client.validate(request);
        const asked = await gatesOfRun(client, request);
        const told = explained.gates.map((gate) => gate.checkpoint_type);
        // A run that is stopped at its first gate, or refused for want of a key, never comes to the later ones.
        const expected = { request, gates: told.slice(0, asked.isStopped ? asked.gates.length : undefined), hash: asked.gates.length === 0 ? null : explained.payload_hash };
        expect({ request, gates: asked.gates, hash: asked.hash }).toEqual(expected);
        for (const gate of asked.gates.length === 0 ? ['none'] : asked.gates) gates[gate] = (gates[gate] ?? 0) + 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return gates;
  }

  it(`takes under ${EXPLAINED_MS} ms with a form at hand, 99 times in 100`, async () => {
    const client = house.client();
    const form = fc.sample(inventedForm, { numRuns: 1, seed: SEED })[0];
    await know('invented/quick', form?.('invented/quick'));
    const request: RunRequest = { run_input: { prompt: 'a lighthouse at dusk', provider: 'replicate', model: 'invented/quick', parameters: { steps: '30', aspect_ratio: '16x9' } }, hitl_config: { policy: 'require_human' } };
    let best = Infinity;
    for (let tries = 0; tries < TRIES && best >= EXPLAINED_MS; tries += 1) {
      const times: number[] = [];
      for (let call = 0; call < MEASURED; call += 1) {
        const started = performance.now();
        await client.validate(request);
        times.push(performance.now() - started);
      }
      times.sort((a, b) => a - b);
      const at = (part: number): number => times[Math.floor(times.length * part)] ?? Infinity;
      process.stdout.write(`explained over HTTP: median ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms\n`);
      best = Math.min(best, at(0.99));
    }
    expect(best).toBeLessThan(EXPLAINED_MS);
  }, 120_000);
});

/** Which gates ask until the run ends, is refused or has a blocking problem; and the hash at the first of them. */
async function gatesOfRun(client: CountersignClient, request: RunRequest): Promise<{ gates: string[]; hash: string | null; isStopped: boolean }> {
  const { run_id: runId } = await client.startRun(request);
  const gates: string[] = [];
  let hash: string | null = null, last = '';
  for (;;) {
    const run = await untilRun(client, runId, ({ pending_approval: asked, status }) =>
      (asked !== null && asked.approval_id !== last) || ['completed', 'failed'].includes(status), 'asked or ended');
    const asked = run.pending_approval;
    if (asked === null) return { gates, hash, isStopped: run.status === 'failed' };
    if (!['validation_review', 'payload_suggestion', 'response_review'].includes(asked.checkpoint_type)) return stop();
    last = asked.approval_id;
    if (gates.length === 0) hash = (await client.approval(last)).payload_hash;
    gates.push(asked.checkpoint_type);
    if (asked.checkpoint_type === 'validation_review') return stop();
    await client.decide(last, { action: 'approve' });
  }

  async function stop(): Promise<{ gates: string[]; hash: string | null; isStopped: boolean }> {
    await client.cancel(runId);
    return { gates, hash, isStopped: true };
  }
}
