import type { LiveSocket } from '@countersign/client';
import type { RunView } from '@countersign/contracts';
import { startHttp, waitFor, type HttpServer } from '@countersign/testing';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

interface Posted {
  sessionId: string | null;
  userId: string | null;
  status: string;
  action: string;
  data: { run_id?: string; version?: number; type?: string; approval_id?: string } | null;
}

const DELIVERED_MS = 30_000;

describe('telling people: sockets, an outside WebSocket server that goes away, a notifier that dies', () => {
  let house: House;
  let outside: HttpServer;
  let isUp = true;
  const posts: Posted[] = [];

  beforeAll(async () => {
    outside = await startHttp(({ body }) => {
      if (!isUp) return { status: 503 };
      posts.push(JSON.parse(body.toString()) as Posted);
      return { body: { ok: true } };
    });
    house = await startHouse({ env: { WEBSOCKET_URL: outside.url.replace('http', 'ws'), WEBSOCKET_API_KEY: 'outside-key' } });
  }, 120_000);
  const sockets: LiveSocket[] = [];
  // A socket left open comes back for ever, and the test run never ends.
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(async () => {
    await house.close();
    await outside.close();
  });

  const versionsOf = (runId: string): number[] =>
    posts.flatMap(({ data }) => (data?.run_id === runId && data.version !== undefined ? [data.version] : []));
  const start = async (sessionId: string): Promise<string> =>
    (await house.client().startRun(scriptedRequest('require_human', {}, { session_id: sessionId }))).run_id;
  const connected = async (): Promise<LiveSocket> => {
    const socket = house.client().socket();
    sockets.push(socket);
    await socket.ready();
    return socket;
  };
  const completedAt = (runId: string) => waitFor(() => posts.some(({ action, data }) => action === 'run_completed' && data?.run_id === runId), { what: 'the end to be posted', timeoutMs: DELIVERED_MS });

  it('pushes every version in order, and every card once it is asked and once it is closed', async () => {
    const client = house.client();
    const socket = await connected();
    const versions = new Map<string, number[]>();
    const cards: string[] = [];
    let result: string | null = null;
    socket.on('run.updated', (run: RunView) => versions.set(run.run_id, [...(versions.get(run.run_id) ?? []), run.version]));
    socket.on('approval.requested', (card) => cards.push(`asked ${card.checkpoint_type}`));
    socket.on('approval.decided', (card) => cards.push(`${card.status} ${card.checkpoint_type}`));
    socket.on('run.completed', (run) => (result = run.final_result));
    const runId = await start('s-1');
    await approveAll(client, runId);
    await waitFor(() => result !== null, { what: 'run.completed' });
    const { version } = await client.status(runId);
    expect(versions.get(runId)).toEqual(Array.from({ length: version }, (_, n) => n + 1));
    expect(cards).toEqual(['asked payload_suggestion', 'approved payload_suggestion', 'asked response_review', 'approved response_review']);
    await completedAt(runId);
    const mine = posts.filter(({ sessionId }) => sessionId === 's-1');
    expect(mine.filter(({ action }) => action === 'approval_required').map(({ status, data }) => [status, data?.type])).toEqual([
      ['hitl_request', 'hitl_approval_request'], ['hitl_request', 'hitl_approval_request'],
    ]);
    expect(mine.map(({ status }) => status)).toEqual(expect.arrayContaining(['thinking', 'done_thinking', 'completed']));
    expect(outside.requests.at(-1)?.headers['x-api-key']).toBe('outside-key');
  });

  it('loses nothing and keeps the order while the outside server is away and the notifier dies', async () => {
    isUp = false;
    const client = house.client();
    const runs = await Promise.all([1, 2, 3].map((n) => start(`away-${n}`)));
    await Promise.all(runs.map((runId) => untilAsked(client, runId, 'payload_suggestion')));
    await house.kill('notifier');
    await Promise.all(runs.map((runId) => approveAll(client, runId)));
    await house.start('notifier');
    isUp = true;
    await Promise.all(runs.map(completedAt));
    for (const runId of runs) {
      const versions = versionsOf(runId);
      expect([...versions].sort((one, other) => one - other)).toEqual(versions);
      expect(posts.filter(({ action, data }) => action === 'approval_required' && data?.run_id === runId).length).toBeGreaterThanOrEqual(2);
    }
  }, 120_000);

  it('carries a browser agent\'s question to a person and the answer back, and notes both', async () => {
    const client = house.client();
    const socket = await connected();
    const asked: string[] = [];
    const decided: string[] = [];
    socket.on('approval.requested', (card) => card.checkpoint_type === 'browser_action' && asked.push(card.approval_id));
    socket.on('approval.decided', (card) => card.checkpoint_type === 'browser_action' && decided.push(`${card.approval_id} ${card.status}`));
    const runId = await start('s-browser');
    await untilAsked(client, runId, 'payload_suggestion');
    const card = await client.browserApproval({ run_id: runId, action_description: 'Press Buy', browser_context: { selector: '#buy' }, user_id: 'dana', request_id: 'q' });
    await waitFor(() => asked.includes(card.approval_id), { what: 'the question to be pushed' });
    const answer = client.approval(card.approval_id, { wait: 30 });
    await socket.decide({ approval_id: card.approval_id, action: 'edit', edits: { selector: '#save' } });
    expect(await answer).toMatchObject({ status: 'edited', response: { edits: { selector: '#save' } } });
    await waitFor(() => decided.includes(`${card.approval_id} edited`), { what: 'the answer to be pushed' });
    const late = await client.browserApproval({ run_id: runId, action_description: 'Press Pay', browser_context: {}, user_id: 'dana', timeout_seconds: 1 });
    await waitFor(() => decided.includes(`${late.approval_id} expired`), { what: 'the question to expire' });
    await client.browserCompletion({ run_id: runId, action_result: 'Saved', user_id: 'dana' });
    const open = await client.browserApproval({ run_id: runId, action_description: 'Close the page', browser_context: {}, user_id: 'dana' });
    await waitFor(async () => (await client.state(runId)).step_history.some(({ message }) => message.includes('Saved')), { what: 'the report to be noted' });
    await client.cancel(runId);
    await untilStatus(client, runId, 'cancelled');
    await waitFor(() => decided.includes(`${open.approval_id} cancelled`), { what: 'the open card to close with its run' });
    const facts = (await client.state(runId)).step_history.flatMap(({ metadata }) => (typeof metadata.fact === 'string' ? [metadata.fact] : []));
    expect(facts).toEqual(['browser_asked', 'browser_decided', 'browser_asked', 'browser_expired', 'browser_completed', 'browser_asked']);
  }, 120_000);
});
