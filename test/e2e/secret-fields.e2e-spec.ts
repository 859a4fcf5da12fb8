import type { RunRequest } from '@countersign/client';
import { payloadHash } from '@countersign/core';
import { startReplicateEmulator, type EmulatedModel, type ReplicateEmulator } from '@countersign/providers';
import { sha256Hex } from '@countersign/service-kit';
import { HIDDEN } from '@countersign/core';
import { approveAll, untilAsked } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const TOKEN = 'hf_neverShowThisOne';
const OTHER = 'hf_neverShowThatOne';

const trainer: EmulatedModel = {
  owner: 'somebody', name: 'trainer', description: 'Trains.', isOfficial: false, startMs: 1, runMs: 1,
  input: {
    properties: {
      prompt: { type: 'string', description: 'What to train.' },
      hub_login: { type: 'string', format: 'password', 'x-cog-secret': true, description: 'Your token of the hub.' },
      steps: { type: 'integer', minimum: 1, maximum: 10, default: 4 },
    },
    required: ['prompt'],
  },
  output: { type: 'string' },
  make: (input) => ({ output: `trained with ${String(input['hub_login'])}` }),
};

/** A token that a model takes as input reaches the model, and nobody else. */
describe('a secret field', () => {
  let emulator: ReplicateEmulator;
  let house: House;
  beforeAll(async () => {
    emulator = await startReplicateEmulator({ models: [trainer] });
    house = await startHouse({ env: { REPLICATE_API_TOKEN: emulator.token, REPLICATE_BASE_URL: emulator.url, LOG_LEVEL: 'debug', FETCH_ALLOW_HOSTS: new URL(emulator.url).host } });
  }, 120_000);
  afterAll(async () => {
    await house.close();
    await emulator.close();
  });

  const request: RunRequest = {
    run_input: { prompt: 'a model of my cat, please', provider: 'replicate', model: 'somebody/trainer', parameters: { hub_login: TOKEN, steps: 3 } },
    hitl_config: { policy: 'require_human' },
  };

  it('is sent as it was approved, and shown nowhere', async () => {
    const client = house.client();
    const seen: string[] = [];
    const see = (view: unknown): void => void seen.push(JSON.stringify(view));
    const socket = client.socket();
    for (const event of ['approval.requested', 'approval.updated', 'approval.decided', 'run.updated', 'run.progress', 'run.completed'] as const) socket.on(event, see);
    await socket.ready();

    see(await client.validate(request));
    const { run_id: runId } = await client.startRun(request);
    const card = await untilAsked(client, runId, 'payload_suggestion');
    see(card);
    expect(card.payload?.input).toMatchObject({ hub_login: HIDDEN, steps: 3 });
    const real = { provider: 'replicate', model: 'somebody/trainer', version: card.payload?.version ?? '', input: { ...card.payload?.input, hub_login: TOKEN } };
    expect(card.payload_hash).toBe(payloadHash(real, sha256Hex));
    await client.decide(card.approval_id, { action: 'edit', edits: { hub_login: HIDDEN, steps: 5 } });
    await approveAll(client, runId);
    expect(emulator.createCalls().map(({ json }) => (json as { input: unknown }).input)).toEqual([expect.objectContaining({ hub_login: TOKEN, steps: 5 })]);

    for (const view of [client.state(runId), client.status(runId), client.runs({})]) see(await view);
    for (const path of [`/hitl/run/${runId}/receipt`, `/hitl/runs/${runId}/receipt`, `/hitl/approvals/${card.approval_id}`, '/hitl/approvals/pending', '/admin/queues/api/queues?activeQueue=executor']) {
      seen.push(await (await fetch(client.address(path), { headers: { 'x-user-id': 'dana' } })).text());
    }
    const stream = await fetch(client.address(`/hitl/run/${runId}/events`), { headers: { 'x-user-id': 'dana' } });
    const first = await stream.body?.getReader().read();
    seen.push(Buffer.from(first?.value ?? []).toString('utf8'));
    seen.push(...['gateway', 'orchestrator', 'executor', 'notifier'].map((service) => house.log(service)));
    socket.close();
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.filter((text) => text.includes(TOKEN))).toEqual([]);
  });

  it('that a person changes is sent changed, and hidden on the record of the answer', async () => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(request);
    const card = await untilAsked(client, runId, 'payload_suggestion');
    await client.decide(card.approval_id, { action: 'edit', edits: { hub_login: OTHER } });
    await approveAll(client, runId);
    expect(emulator.createCalls().at(-1)?.json).toMatchObject({ input: { hub_login: OTHER } });
    const views = JSON.stringify([await client.approval(card.approval_id), await client.state(runId)]);
    expect(views).toContain(HIDDEN);
    for (const token of [TOKEN, OTHER]) expect(views).not.toContain(token);
  });
});
