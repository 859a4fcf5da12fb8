import { addMs, type JsonObject, type LaunchTrace, type Payload } from '@countersign/core';
import { launchRequest } from '@countersign/core/testing';
import { inputFile, OWN_FILE, payloadOf, replicateStage, type ReplicateStage } from '../emulator/replicate-stage';

let stage: ReplicateStage;
beforeEach(async () => {
  stage = await replicateStage();
});
afterEach(() => stage.close());

const trace = (payload: Payload = stage.payload, change: Partial<LaunchTrace> = {}): LaunchTrace =>
  ({ launchId: 'launch-1', payload, submittedAt: new Date().toISOString(), claimedJobIds: [], ...change });
const reconcile = (change: Partial<LaunchTrace> = {}, payload?: Payload) => stage.provider.reconcile(trace(payload, change));

async function launched(payload: Payload = stage.payload, bytes = new Uint8Array([1])): Promise<string> {
  const answer = await stage.provider.launch({ ...launchRequest(stage, payload), openInput: () => Promise.resolve(inputFile(bytes)) });
  if (answer.kind !== 'launched') throw new Error(JSON.stringify(answer));
  return answer.jobId;
}

it('finds the one prediction that matches', async () => {
  const jobId = await launched();
  expect(await reconcile()).toMatchObject({ kind: 'found', jobId });
});

it('matches whatever the order of the members', async () => {
  const jobId = await launched();
  const input = Object.fromEntries(Object.entries(stage.payload.input).reverse());
  expect(await reconcile({}, { ...stage.payload, input })).toMatchObject({ kind: 'found', jobId });
});

it('leaves alone what other launches own', async () => {
  const [first, second] = [await launched(), await launched()];
  expect(await reconcile({ claimedJobIds: [first] })).toMatchObject({ kind: 'found', jobId: second });
  expect(await reconcile({ claimedJobIds: [first, second] })).toEqual({ kind: 'not_found' });
});

it('does not choose between two', async () => {
  const both = [await launched(), await launched()];
  expect(await reconcile()).toEqual({ kind: 'ambiguous', jobIds: both.reverse() });
});

it.each<[string, (payload: Payload) => Payload]>([
  ['another value', (payload) => ({ ...payload, input: { ...payload.input, prompt: 'another' } })],
  ['one member more', (payload) => ({ ...payload, input: { ...payload.input, seed: 1 } })],
  ['one member less', ({ input: { prompt }, ...payload }) => ({ ...payload, input: { prompt } as JsonObject })],
  ['another type', (payload) => ({ ...payload, input: { ...payload.input, prompt: ['a lighthouse'] } })],
  ['another model', (payload) => ({ ...payload, model: 'black-forest-labs/flux-dev' })],
  ['another version', (payload) => ({ ...payload, version: 'f'.repeat(64) })],
])('does not match with %s', async (_, change) => {
  await launched();
  expect(await reconcile({}, change(stage.payload))).toEqual({ kind: 'not_found' });
});

it.each([-10, 10])('does not look %s minutes away', async (minutes) => {
  await launched();
  expect(await reconcile({ submittedAt: addMs(new Date().toISOString(), minutes * 60_000) })).toEqual({ kind: 'not_found' });
});

it('reads all pages', async () => {
  const wanted = await launched();
  const other = payloadOf('meta/meta-llama-3-8b-instruct', { prompt: 'filler' });
  for (let index = 0; index < 120; index += 1) await launched(other);
  expect(await reconcile()).toMatchObject({ kind: 'found', jobId: wanted });
  expect(stage.emulator.calls.filter((call) => call.method === 'GET' && call.path === '/v1/predictions')).toHaveLength(2);
});

it('says when it could not look', async () => {
  stage.emulator.faults.add({ on: 'list', times: 9, action: { do: 'answer', status: 503, body: null } });
  expect(await reconcile()).toMatchObject({ kind: 'unavailable' });
  expect(stage.emulator.calls).toHaveLength(1);
});

describe('with a file of ours', () => {
  const payload = payloadOf('lucataco/remove-bg', { image: OWN_FILE, threshold: 0.4 });
  const opening = (bytes: Uint8Array) => ({ isOwnFile: (url: string) => url === OWN_FILE, openInput: () => Promise.resolve(inputFile(bytes)) });

  it.each([['inline', 10], ['uploaded', 300_000]])('compares it by content (%s)', async (_, size) => {
    const [mine, theirs] = [new Uint8Array(size).fill(1), new Uint8Array(size).fill(2)];
    const jobId = await launched(payload, mine);
    expect(await reconcile(opening(mine), payload)).toMatchObject({ kind: 'found', jobId });
    expect(await reconcile(opening(theirs), payload)).toEqual({ kind: 'not_found' });
  });

  it('asks a person when it cannot compare', async () => {
    const jobId = await launched(payload);
    expect(await reconcile({}, payload)).toEqual({ kind: 'ambiguous', jobIds: [jobId] });
    const gone = { ...opening(new Uint8Array()), openInput: () => Promise.reject(new Error('deleted')) };
    expect(await reconcile(gone, payload)).toEqual({ kind: 'ambiguous', jobIds: [jobId] });
  });
});
