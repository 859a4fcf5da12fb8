import fc from 'fast-check';
import { CountersignClient } from './client';
import { CountersignError } from './countersign-error';
import { aRun, json, problem, StandInServer } from './testing/stand-in-server';

const BODY = { run_input: { prompt: 'Say hello', provider: 'scripted', model: 'scripted/text' } };

describe('CountersignClient', () => {
  let server: StandInServer;
  let client: CountersignClient;

  beforeEach(async () => {
    server = await StandInServer.open();
    client = new CountersignClient({ baseUrl: `${server.url}/`, userId: 'ada' });
  });
  afterEach(() => server.close());

  const caught = (promise: Promise<unknown>): Promise<CountersignError> =>
    promise.then(() => { throw new Error('expected a refusal'); }, (error: unknown) => error as CountersignError);

  it('says who asks and under which idempotency key', async () => {
    server.on('POST /hitl/run', { run_id: 'r1' });
    await expect(client.startRun(BODY, { idempotencyKey: 'k-1' })).resolves.toEqual({ run_id: 'r1' });
    expect(server.seen[0]).toMatchObject({ headers: { 'x-user-id': 'ada', 'idempotency-key': 'k-1', 'content-type': 'application/json' } });
    expect(JSON.parse(server.seen[0]?.body ?? '')).toEqual(BODY);
  });

  it('sends a key as bearer token', async () => {
    server.on('GET /hitl/providers', { providers: [], total: 0 });
    await new CountersignClient({ baseUrl: server.url, apiKey: 'secret' }).providers();
    expect(server.seen[0]?.headers.authorization).toBe('Bearer secret');
  });

  it('reaches every route by its method and path', async () => {
    const calls: [string, (c: CountersignClient) => Promise<unknown>][] = [
      ['POST /hitl/validate', (c) => c.validate(BODY)],
      ['GET /hitl/run/r1/status', (c) => c.status('r1')],
      ['GET /hitl/runs/r1/state', (c) => c.state('r1')],
      ['POST /hitl/run/r1/approve', (c) => c.approve('r1', { approval_id: 'a1', action: 'approve' })],
      ['POST /hitl/approvals/a1/decision', (c) => c.decide('a1', { action: 'reject', reason: 'no' })],
      ['POST /hitl/approvals/a1/claim', (c) => c.claim('a1')],
      ['POST /hitl/approvals/a1/release', (c) => c.release('a1')],
      ['POST /hitl/run/r1/pause', (c) => c.pause('r1')],
      ['POST /hitl/run/r1/resume', (c) => c.resume('r1')],
      ['POST /hitl/run/r1/retry', (c) => c.retry('r1', { edits: { scale: 2 } })],
      ['POST /hitl/run/r1/fork', (c) => c.fork('r1', { from_step: 'api_call' })],
      ['DELETE /hitl/run/r1', (c) => c.cancel('r1')],
      ['GET /hitl/runs?status=queued&status=running&limit=5', (c) => c.runs({ status: ['queued', 'running'], limit: 5 })],
      ['GET /hitl/runs/active', (c) => c.activeRuns()],
      ['GET /hitl/sessions/s%201/active', (c) => c.sessionRuns('s 1')],
      ['GET /hitl/approvals/pending?run_id=r1', (c) => c.pendingApprovals({ run_id: 'r1' })],
      ['GET /hitl/approvals/a1?wait=30', (c) => c.approval('a1', { wait: 30 })],
      ['GET /hitl/models/local/local/upscale', (c) => c.model('local', 'local/upscale')],
      ['GET /hitl/jobs/run.start_r1_v1', (c) => c.job('run.start_r1_v1')],
      ['POST /hitl/browser/approvals', (c) => c.browserApproval({ run_id: 'r1', action_description: 'x', browser_context: {}, user_id: 'ada' })],
      ['POST /hitl/browser/completions', (c) => c.browserCompletion({ run_id: 'r1', action_result: {} })],
      ['GET /hitl/parameter-memory?user_id=ada&model=local%2Fspeak', (c) => c.parameterMemory({ user_id: 'ada', model: 'local/speak' })],
      ['PATCH /hitl/parameter-memory/m1', (c) => c.setMemory('m1', 'muted')],
      ['DELETE /hitl/parameter-memory/m1', (c) => c.forgetMemory('m1')],
      ['DELETE /hitl/parameter-memory?provider=local&model=local%2Fspeak', (c) => c.forgetModel({ provider: 'local', model: 'local/speak' })],
      ['POST /teams/run?enable_hitl=true&user_id=ada', (c) => c.teamsRun({ prompt: 'x' }, { enable_hitl: true, user_id: 'ada' })],
    ];
    for (const [route, call] of calls) {
      server.on(route.split('?')[0] ?? '', { ok: route });
      await expect(call(client)).resolves.toEqual({ ok: route });
      const seen = server.seen.at(-1);
      expect(`${seen?.method} ${seen?.path}`).toBe(route);
    }
  });

  it('uploads a file as multipart', async () => {
    server.on('POST /uploads', { url: '/artifacts/x', sha256: 'f', mime: 'text/plain', bytes: 5 });
    await client.upload(new Blob(['hello'], { type: 'text/plain' }), 'note.txt');
    expect(server.seen[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(server.seen[0]?.body).toContain('filename="note.txt"');
  });

  it('reads files of ours, and takes its key nowhere else', async () => {
    server.on('GET /artifacts/1', (_request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('hello'));
    for (const link of ['/artifacts/1', `${server.url}/artifacts/1`]) expect(await (await client.download(link)).text()).toBe('hello');
    for (const link of ['https://elsewhere.example/x', '//elsewhere.example/x', 'data:text/plain,x']) {
      expect(await caught(client.download(link))).toMatchObject({ code: 'BAD_ANSWER' });
    }
  });

  it('turns a problem into an error that carries all of it', async () => {
    const decided = { decided_by: 'human:bob', action: 'approve', status: 'approved', decided_at: null };
    const errors = [{ field: 'edits.scale', code: 'out_of_range', message: 'at most 4' }];
    server.on('POST /hitl/approvals/a1/decision', (_request, response) =>
      json(response, 409, problem('APPROVAL_ALREADY_DECIDED', 409, { decided, errors }), { 'retry-after': '2' }));
    const error = await caught(client.decide('a1', { action: 'approve' }));
    expect(error).toBeInstanceOf(CountersignError);
    expect(error).toMatchObject({ code: 'APPROVAL_ALREADY_DECIDED', status: 409, decided, errors, requestId: 'req-1', retryAfterMs: 2000 });
  });

  it('names what is not an answer of ours', async () => {
    server.on('GET /hitl/providers', (_request, response) => response.writeHead(502).end('<html>bad gateway</html>'));
    expect(await caught(client.providers())).toMatchObject({ code: 'BAD_ANSWER', status: 502 });
    server.on('GET /hitl/providers', (_request, response) => response.writeHead(200).end('<html>'));
    expect(await caught(client.providers())).toMatchObject({ code: 'BAD_ANSWER', status: 0 });
  });

  it('gives up on a server that is silent or gone, and sends nothing twice', async () => {
    server.on('POST /hitl/run', () => undefined);
    expect(await caught(client.startRun(BODY, { timeoutMs: 50 }))).toMatchObject({ code: 'TIMEOUT', status: 0 });
    expect(server.seen).toHaveLength(1);
    await server.close();
    expect(await caught(client.startRun(BODY))).toMatchObject({ code: 'UNREACHABLE', status: 0 });
    server = await StandInServer.open();
  });

  it('lets the caller call it off', async () => {
    server.on('GET /hitl/run/r1/status', aRun('queued', 1));
    const error = await caught(client.status('r1', { signal: AbortSignal.abort(new Error('enough')) }));
    expect(error.message).toBe('enough');
  });

  it('keeps any id inside its own path segment', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1 }), async (id) => {
      fc.pre(id !== '.' && id !== '..');
      let asked = '';
      const probe = new CountersignClient({ baseUrl: 'http://x', fetch: async (input) => { asked = String(input); return Response.json({}); } });
      await probe.status(id);
      expect(decodeURIComponent(new URL(asked).pathname.split('/')[3] ?? '')).toBe(id);
      expect(new URL(asked).pathname.split('/')).toHaveLength(5);
    }), { numRuns: 50 });
  });
});
