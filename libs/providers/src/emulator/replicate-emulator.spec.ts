import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import type { Json, JsonObject } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import { readSignedCallback } from '../replicate/callback-signature';
import { EMULATED_MODELS } from './emulated-models';
import { versionId } from './model-catalogue';
import { startReplicateEmulator, type ReplicateEmulator } from './replicate-emulator';

let emulator: ReplicateEmulator;
beforeEach(async () => {
  emulator = await startReplicateEmulator({ startMs: 1, runMs: 10 });
});
afterEach(() => emulator.close());

const FLUX = '/models/black-forest-labs/flux-schnell/predictions';
async function ask(path: string, body?: Json, headers: Record<string, string> = {}) {
  const url = path.startsWith('/') ? `${emulator.url}${path}` : path;
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json', ...headers } });
  const text = await response.text();
  return { status: response.status, headers: response.headers, json: (text === '' ? {} : JSON.parse(text)) as JsonObject };
}
const whole = (input: JsonObject, path = FLUX) => ask(path, { input }, { prefer: 'wait=5' });

it('runs a prediction from starting to an output that opens', async () => {
  const created = await ask(FLUX, { input: { prompt: 'x', num_outputs: 2, output_format: 'png' } });
  expect(created).toMatchObject({ status: 201, json: { status: 'starting', version: 'hidden', source: 'api', data_removed: false } });
  expect(created.json).not.toHaveProperty('output');
  expect([created.headers.get('ratelimit-remaining'), created.headers.get('ratelimit-reset')]).toEqual(['599', '1']);
  await emulator.predictions.whenOver(String(created.json['id']), 5_000);
  const { json } = await ask(`/predictions/${String(created.json['id'])}`);
  expect(json).toMatchObject({ status: 'succeeded', metrics: { predict_time: expect.any(Number), total_time: expect.any(Number) }, output: [expect.any(String), expect.any(String)] });
  const file = await fetch(String((json['output'] as Json[])[1]));
  expect(file.headers.get('content-type')).toBe('image/png');
  expect(await sharp(Buffer.from(await file.arrayBuffer())).metadata()).toMatchObject({ width: 256, height: 256, format: 'png' });
});

it.each(EMULATED_MODELS.filter((model) => model.name !== 'slow-painter').map((model) => [`${model.owner}/${model.name}`, model] as const))('%s has a form and makes something', async (name, model) => {
  const { json } = await ask(`/models/${name}`);
  expect(json).toMatchObject({ is_official: model.isOfficial, latest_version: { id: versionId(model), openapi_schema: { components: { schemas: { Input: { type: 'object' }, Output: { title: 'Output' } } } } } });
  expect(await ask(`/models/${name}/versions/${versionId(model)}`)).toMatchObject({ status: 200, json: { id: versionId(model) } });
  const input = Object.fromEntries((model.input.required ?? []).map((field) => [field, model.input.properties[field]?.['format'] === 'uri' ? 'https://example.com/a.png' : 'hello there']));
  const made = await ask('/predictions', { version: versionId(model), input }, { prefer: 'wait' });
  expect(made).toMatchObject({ status: 201, json: { status: 'succeeded', output: expect.anything() } });
});

describe('refuses as Replicate does', () => {
  it.each<[string, string, Json, number, object]>([
    ['a missing field', FLUX, { input: {} }, 422, { invalid_fields: [{ type: 'required', field: 'input', description: 'prompt is required' }] }],
    ['a value out of range', FLUX, { input: { prompt: 'x', num_outputs: 9 } }, 422, { detail: '- input.num_outputs: Must be less than or equal to 4\n' }],
    ['a value outside the enum', FLUX, { input: { prompt: 'x', output_format: 'bmp' } }, 422, { invalid_fields: [{ type: 'enum', field: 'input.output_format', description: 'output_format must be one of the following: "webp", "jpg", "png"' }] }],
    ['a wrong type', FLUX, { input: { prompt: 7 } }, 422, { invalid_fields: [{ type: 'invalid_type', field: 'input.prompt' }] }],
    ['a top-level key it does not know', FLUX, { input: { prompt: 'x' }, model: 'y' }, 422, { invalid_fields: [{ type: 'additional_property_not_allowed', field: '', description: 'Additional property model is not allowed' }] }],
    ['no version', '/predictions', { input: {} }, 422, { invalid_fields: [{ description: 'version is required' }] }],
    ['an unknown version', '/predictions', { version: 'f'.repeat(64), input: {} }, 422, { title: 'Invalid version or not permitted' }],
    ['a community model without version', '/models/lucataco/remove-bg/predictions', { input: { image: 'https://a/b' } }, 404, {}],
  ])('%s', async (...[, path, body, status, json]) => {
    expect(await ask(path, body)).toMatchObject({ status, json });
  });

  it.each([['cancel-after', '3s'], ['cancel-after', 'soon'], ['prefer', 'wait=120']])('header %s: %s', async (name, value) => {
    expect(await ask(FLUX, { input: { prompt: 'x' } }, { [name]: value })).toMatchObject({ status: 422 });
  });

  it('a wrong token', async () => {
    expect(await ask('/account', undefined, { authorization: 'Bearer wrong' })).toMatchObject({ status: 401 });
  });

  it('too many creates', async () => {
    const small = await startReplicateEmulator({ createsPerMinute: 1 });
    const create = () => fetch(`${small.url}${FLUX}`, { method: 'POST', headers: { authorization: `Bearer ${small.token}` }, body: '{"input":{"prompt":"x"}}' });
    expect([(await create()).status, (await create()).status]).toEqual([201, 429]);
    await small.close();
  });
});

it('lets an unknown input key pass, without telling the model', async () => {
  expect(await whole({ prompt: 'x', img: 'https://a/b.png' })).toMatchObject({ json: { status: 'succeeded', input: { img: 'https://a/b.png' } } });
});

it('fails what it finds sensitive', async () => {
  expect(await whole({ prompt: 'nsfw' })).toMatchObject({ json: { status: 'failed', error: expect.stringContaining('E005') } });
});

it('cancels once, and lets the finished be', async () => {
  const { json } = await ask('/predictions', { version: `countersign/slow-painter:${versionId(EMULATED_MODELS.find((model) => model.name === 'slow-painter') ?? fail())}`, input: { prompt: 'x' } });
  emulator.predictions.finish(String(json['id']), 'canceled');
  expect(await ask(`/predictions/${String(json['id'])}/cancel`, {})).toMatchObject({ status: 200, json: { status: 'canceled' } });
  const done = await whole({ prompt: 'x' });
  expect(await ask(`/predictions/${String(done.json['id'])}/cancel`, {})).toMatchObject({ status: 200, json: { status: 'succeeded' } });
});

it('removes data, and keeps the key', async () => {
  const { json } = await whole({ prompt: 'x' });
  emulator.predictions.removeData(String(json['id']));
  expect(await ask(`/predictions/${String(json['id'])}`)).toMatchObject({ json: { data_removed: true, output: null, input: {}, status: 'succeeded' } });
});

it('lists newest first, page by page', async () => {
  for (let index = 0; index < 105; index += 1) await ask('/models/meta/meta-llama-3-8b-instruct/predictions', { input: { prompt: String(index) } });
  const first = await ask('/predictions');
  expect(first.json['results']).toHaveLength(100);
  expect(first.json).toMatchObject({ previous: null, results: expect.arrayContaining([expect.objectContaining({ input: { prompt: '104' } })]) });
  const second = await ask(String(first.json['next']));
  expect(second.json).toMatchObject({ next: null, previous: expect.any(String), results: { length: 5, 4: { input: { prompt: '0' } } } });
  expect(await ask(`/predictions?created_after=2999-01-01T00:00:00Z`)).toMatchObject({ json: { results: [] } });
});

it('streams text', async () => {
  const { json } = await ask('/models/meta/meta-llama-3-8b-instruct/predictions', { input: { prompt: 'hello world' } });
  const events = await (await fetch(String((json['urls'] as JsonObject)['stream']))).text();
  expect(events).toMatch(/^event: output\nid: 0\ndata: You\n\n/);
  expect(events).toMatch(/event: done\ndata: {}\n\n$/);
});

describe('webhooks', () => {
  let receiver: Server;
  let hook: string;
  let got: { body: JsonObject; reading: unknown }[];
  let answers: number[];
  beforeEach(async () => {
    got = [];
    answers = [];
    receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const rawBody = Buffer.concat(chunks);
        const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
        got.push({ body: JSON.parse(rawBody.toString()) as JsonObject, reading: readSignedCallback({ rawBody, headers }, emulator.webhookSecret, new Date().toISOString()) });
        response.writeHead(answers.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?launch=1`;
  });
  afterEach(() => new Promise((resolve) => receiver.close(resolve)));
  const statuses = () => got.map((each) => each.body['status']);
  const until = (count: number) => waitFor(() => emulator.webhooks.length >= count, { what: `${count} webhooks` });
  const run = (more: JsonObject = { webhook_events_filter: ['start', 'completed'] }) => ask(FLUX, { input: { prompt: 'x' }, webhook: hook, ...more }, { prefer: 'wait=5' });

  it('are signed, at the start and at the end', async () => {
    const { json } = await run();
    await until(2);
    expect(statuses()).toEqual(['processing', 'succeeded']);
    for (const { reading } of got) expect(reading).toEqual({ ok: true, jobId: json['id'] });
  });

  it('can come twice, in the wrong order, or not at all', async () => {
    emulator.faults.addWebhook({ event: 'start', do: 'after_next' }, { event: 'completed', do: 'duplicate' });
    await run();
    await until(3);
    expect(statuses()).toEqual(['succeeded', 'succeeded', 'processing']);
    emulator.faults.addWebhook({ event: 'start', do: 'withhold' });
    await run();
    await until(4);
    expect(statuses().at(-1)).toBe('succeeded');
  });

  it('come again when they were not taken', async () => {
    answers = [500];
    await run({ webhook_events_filter: ['completed'] });
    await until(2);
    expect(emulator.webhooks.map((each) => each.status)).toEqual([500, 200]);
  });
});

it('takes faults from outside', async () => {
  const origin = new URL(emulator.url).origin;
  await fetch(`${origin}/emulator/faults`, { method: 'POST', body: '{"on":"prediction","action":{"do":"answer","status":503,"body":null}}' });
  expect(await ask('/predictions/x')).toMatchObject({ status: 503 });
  expect(await ask('/predictions/x')).toMatchObject({ status: 404 });
  expect((await fetch(`${origin}/emulator/faults`, { method: 'POST', body: '{"on":"moon"}' })).status).toBe(422);
});

function fail(): never {
  throw new Error('the model is missing');
}
