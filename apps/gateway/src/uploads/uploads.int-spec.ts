import type { UploadView } from '@countersign/contracts';
import { ArtifactStore } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { waitFor } from '@countersign/testing';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtifactUrls } from '../http/answers/artifact-urls';
import { startGateway, type Answer, type GatewayStage } from '../testing/gateway-stage';

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(200, 1)]);
const LIMIT = 50_000;

describe('uploads and kept files', () => {
  let stage: GatewayStage;
  let keyed: GatewayStage;
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'countersign-uploads-'));
    const variables = { DATA_DIR: dataDir, UPLOAD_LIMIT_BYTES: String(LIMIT) };
    [stage, keyed] = await Promise.all([startGateway(variables), startGateway({ ...variables, AUTH_MODE: 'api_key' })]);
  });
  afterAll(async () => {
    await Promise.all([stage.close(), keyed.close()]);
    await rm(dataDir, { recursive: true, force: true });
  });

  const upload = async (bytes: Uint8Array, name = 'cat.png', user = 'ann'): Promise<{ status: number; body: UploadView & { code?: string } }> => {
    const form = new FormData();
    form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'text/html' }), name);
    const response = await fetch(`${stage.url}/uploads`, { method: 'POST', body: form, headers: { 'x-user-id': user } });
    return { status: response.status, body: (await response.json()) as UploadView };
  };
  const get = async (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer<Buffer>> => {
    const response = await fetch(url, { headers, method });
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
  };

  it('keeps a file and tells what it really is, whatever its sender claims', async () => {
    const { status, body } = await upload(PNG);
    expect(status).toBe(201);
    expect(body).toEqual({ url: expect.stringMatching(new RegExp(`^${stage.url}/artifacts/[0-9a-f-]{36}$`)), sha256: sha256Hex(PNG), mime: 'image/png', bytes: PNG.length });
    const file = await get(body.url);
    expect(file.status).toBe(200);
    expect(file.body.equals(PNG)).toBe(true);
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(file.headers.get('content-disposition')).toBe(`inline; filename="cat.png"; filename*=UTF-8''cat.png`);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect(file.headers.get('etag')).toBe(`"${sha256Hex(PNG)}"`);
  });

  it.each<{ what: string; headers: Record<string, string>; status: number; contentRange: string | null; length: number }>([
    { what: 'a part', headers: { range: 'bytes=8-17' }, status: 206, contentRange: 'bytes 8-17/208', length: 10 },
    { what: 'the end', headers: { range: 'bytes=-8' }, status: 206, contentRange: 'bytes 200-207/208', length: 8 },
    { what: 'an open part', headers: { range: 'bytes=200-' }, status: 206, contentRange: 'bytes 200-207/208', length: 8 },
    { what: 'a part that reaches too far', headers: { range: 'bytes=200-9999' }, status: 206, contentRange: 'bytes 200-207/208', length: 8 },
    { what: 'several parts: all', headers: { range: 'bytes=0-1,3-4' }, status: 200, contentRange: null, length: 208 },
    { what: 'a part of another file: all', headers: { range: 'bytes=8-17', 'if-range': '"other"' }, status: 200, contentRange: null, length: 208 },
    { what: 'a part of this very file', headers: { range: 'bytes=8-17', 'if-range': `"${sha256Hex(PNG)}"` }, status: 206, contentRange: 'bytes 8-17/208', length: 10 },
    { what: 'a part behind the end', headers: { range: 'bytes=208-' }, status: 416, contentRange: 'bytes */208', length: -1 },
    { what: 'what it has already', headers: { 'if-none-match': `"x", W/"${sha256Hex(PNG)}"` }, status: 304, contentRange: null, length: 0 },
  ])('serves $what', async ({ headers, status, contentRange, length }) => {
    const { body } = await upload(PNG);
    const answer = await get(body.url, headers);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    if (length >= 0) expect(answer.body).toHaveLength(length);
    else expect(JSON.parse(answer.body.toString())).toMatchObject({ code: 'RANGE_NOT_SATISFIABLE' });
  });

  it('answers HEAD without a body', async () => {
    const { body } = await upload(PNG);
    const answer = await get(body.url, {}, 'HEAD');
    expect([answer.status, answer.headers.get('content-length'), answer.body.length]).toEqual([200, '208', 0]);
  });

  it('never serves as a page what a browser would run', async () => {
    const svg = await upload(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'x.svg');
    expect(svg.body.mime).toBe('image/svg+xml');
    expect((await get(svg.body.url)).headers.get('content-disposition')).toMatch(/^attachment/);
    const html = await upload(Buffer.from('<!doctype html><script>alert(1)</script>'), '../..\\päge".html');
    expect(html.body.mime).toBe('text/plain');
    const { headers } = await get(html.body.url);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(`inline; filename="p_ge_.html"; filename*=UTF-8''p%C3%A4ge%22.html`);
  });

  it('refuses what is too large, more than one file, other fields and no file', async () => {
    const large = await upload(randomBytes(LIMIT + 1));
    expect([large.status, large.body.code]).toEqual([413, 'BODY_TOO_LARGE']);
    const two = new FormData();
    two.append('file', new Blob(['a']), 'a');
    two.append('file', new Blob(['b']), 'b');
    expect((await fetch(`${stage.url}/uploads`, { method: 'POST', body: two })).status).toBe(400);
    const field = new FormData();
    field.append('note', 'x');
    expect((await fetch(`${stage.url}/uploads`, { method: 'POST', body: field })).status).toBe(400);
    expect((await stage.call('POST', '/uploads', { body: {} })).body).toMatchObject({ code: 'VALIDATION_FAILED', errors: [{ field: 'file' }] });
  });

  it('leaves nothing half written behind when the sender goes away', async () => {
    const sender = httpRequest(`${stage.url}/uploads`, { method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-length': '40000' } });
    sender.on('error', () => undefined);
    sender.write('--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n' + 'x'.repeat(20_000));
    await waitFor(async () => (await readdir(join(dataDir, 'tmp'))).length > 0, { what: 'the upload to begin' });
    sender.destroy();
    await waitFor(async () => (await readdir(join(dataDir, 'tmp'))).length === 0, { what: 'the draft to be cleared away' });
  });

  it('opens a signed address for anybody, and nothing else for a stranger', async () => {
    const artifacts = keyed.app.get(ArtifactStore);
    const { body } = await upload(PNG);
    const artifact = await stage.app.get(ArtifactStore).find(body.url.split('/').at(-1) ?? '');
    if (!artifact) throw new Error('not kept');
    await artifacts.save(artifact);
    const path = keyed.app.get(ArtifactUrls).url(artifact.artifactId);
    expect((await get(keyed.url + path)).status).toBe(200);
    expect((await get(`${keyed.url}/artifacts/${artifact.artifactId}`)).status).toBe(401);
    expect((await get(keyed.url + path.replace('sig=', 'sig=x'))).status).toBe(401);
    expect((await stage.call('GET', `/artifacts/${artifact.runId ?? artifact.sha256}`)).body.code).toBe('ARTIFACT_NOT_FOUND');
  });
});
