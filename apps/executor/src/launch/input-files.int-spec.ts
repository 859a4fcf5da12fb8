import type { LaunchRequest } from '@countersign/core';
import { aPayload } from '@countersign/core/testing';
import { newId } from '@countersign/service-kit';
import { approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

describe('files that a payload names', () => {
  let stage: ExecutorStage;
  let url: string;
  beforeAll(async () => {
    stage = await executorStage();
    url = await upload('tenant-b', 'the secret of b');
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  async function upload(tenantId: string, text: string): Promise<string> {
    const stored = await stage.files.put(once(text), { maxBytes: 1_000 });
    const artifactId = newId();
    await stage.artifacts.save({ ...stored, artifactId, tenantId, userId: 'bob', runId: null, name: 'secret.txt', createdAt: stage.clock.now() });
    return `https://countersign.test/artifacts/${artifactId}?sig=whatever`;
  }

  /** What the provider was handed for a run of `tenantId`. */
  async function requestOf(tenantId: string, reference: string): Promise<LaunchRequest> {
    const run = await approvedRun(stage, { tenantId, payload: aPayload({ input: { prompt: 'look', reference } }) });
    stage.provider.reset({ launch: () => Promise.resolve({ kind: 'unclear', detail: 'enough seen' }) });
    await stage.launchOnce.launch(run.runId, 1);
    const [request] = stage.provider.launched;
    if (!request) throw new Error('no call');
    return request;
  }

  async function read(request: LaunchRequest, address: string): Promise<string> {
    const file = await request.openInput(address);
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read()) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('are opened for the tenant whose they are, whatever signature their address carries', async () => {
    const request = await requestOf('tenant-b', url);
    expect(request.isOwnFile(url)).toBe(true);
    expect(await read(request, url)).toBe('the secret of b');
  });

  it('are not opened for another tenant who knows their address', async () => {
    const request = await requestOf('tenant-a', url);
    expect(request.isOwnFile(url)).toBe(false);
    await expect(read(request, url)).rejects.toThrow();
  });

  it('are not opened when the payload does not name them', async () => {
    const mine = await upload('tenant-b', 'another');
    const request = await requestOf('tenant-b', url);
    expect(request.isOwnFile(mine)).toBe(false);
    await expect(read(request, mine)).rejects.toThrow();
  });

  it.each(['http://127.0.0.1:1/x.png', 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd', 'http://[::1]/'])('are not opened inside the house: %s', async (address) => {
    const request = await requestOf('tenant-a', address);
    await expect(read(request, address)).rejects.toThrow();
  });

  it('an unreadable one of the scripted model is refused by it, with the tenant none the wiser', async () => {
    const run = await approvedRun(stage, { tenantId: 'tenant-a', payload: aPayload({ input: { prompt: 'look', reference: url } }) });
    await stage.launchOnce.launch(run.runId, 1);
    const launch = await stage.launchOf(run.runId);
    expect(launch).toMatchObject({ status: 'refused', outcome: { refusal: { reason: 'invalid_input', fields: [{ field: 'reference', code: 'file_unreachable' }] } } });
    expect(JSON.stringify(launch.outcome)).not.toContain('secret');
  });
});

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield new TextEncoder().encode(text);
}
