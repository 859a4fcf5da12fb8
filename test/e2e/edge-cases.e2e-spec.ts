import { waitFor } from '@countersign/testing';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { startHouse, type House } from '../harness/house';
import { approveAll, scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

/** What goes wrong at the edges: late, twice, at once, broken, enormous. */
describe('edge cases', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const post = async (path: string, body: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${house.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
    return { status: answer.status, body: (await answer.json()) as { code?: string; run_id?: string; detail?: string } };
  };
  const counts = async (): Promise<unknown> => (await house.db.query(
    `SELECT (SELECT count(*) FROM hitl_runs) runs, (SELECT count(*) FROM hitl_step_events) events, (SELECT count(*) FROM hitl_approvals) approvals`)).rows[0];

  it('ends a session that nobody answers, says so in its history, and lists it as active no more', async () => {
    const client = house.client('ann');
    const { run_id: runId } = await client.startRun({
      ...scriptedRequest('require_human', {}, { hitl_config: { timeout_seconds: 1 } }), user_id: 'ann', session_id: 'late-1',
    });
    await untilStatus(client, runId, 'expired');
    const { approvals, step_history: history } = await client.state(runId);
    expect(approvals).toMatchObject([{ status: 'expired', expires_at: expect.any(String) }]);
    expect(Date.parse(approvals[0]?.expires_at ?? '')).toBeLessThanOrEqual(Date.now());
    expect(history.at(-1)).toMatchObject({ type: 'expired', status: 'expired' });
    expect((await client.sessionRuns('late-1')).total).toBe(0);
    expect((await client.runs({ session_id: 'late-1' })).total).toBe(1);
  });

  it('starts five sessions at once, each with its own run and input', async () => {
    const client = house.client('ann');
    const names = Array.from({ length: 5 }, (_, place) => `at-once-${place}`);
    const ids = await Promise.all(names.map(async (name) => (await client.startRun({
      ...scriptedRequest('require_human', {}, { run_input: { prompt: `Words of ${name}`, provider: 'scripted', model: 'scripted/echo' } }), user_id: 'ann', session_id: name,
    })).run_id));
    expect(new Set(ids).size).toBe(5);
    for (const [place, name] of names.entries()) {
      expect((await client.state(ids[place] ?? '')).original_input).toMatchObject({ prompt: `Words of ${name}`, session_id: name });
    }
    await Promise.all(ids.map((id) => client.cancel(id)));
  });

  it('takes one of many answers and controls that come at once, and each of the others learns why not', async () => {
    const client = house.client('ann');
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    const { approval_id: approvalId } = await untilAsked(client, runId, 'payload_suggestion');
    const outcomes = await Promise.allSettled([
      client.decide(approvalId, { action: 'approve' }),
      house.client('bob').decide(approvalId, { action: 'reject', reason: 'no' }),
      house.client('cyd').decide(approvalId, { action: 'edit', edits: { repeat: 2 } }),
      client.cancel(runId),
    ]);
    const decided = outcomes.slice(0, 3).filter(({ status }) => status === 'fulfilled');
    expect(decided.length).toBeLessThanOrEqual(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ status: expect.any(Number), code: expect.stringMatching(/^[A-Z_]+$/) });
    }
    const ended = await waitFor(async () => {
      const run = await client.status(runId);
      return ['completed', 'cancelled'].includes(run.status) ? run : undefined;
    }, { what: 'the run to end' });
    const state = await client.state(runId);
    expect(state.launches.length).toBeLessThanOrEqual(1);
    expect(state.approvals.filter(({ status }) => status === 'pending')).toEqual([]);
    expect(state.step_history.map(({ seq }) => seq)).toEqual(state.step_history.map((_, place) => place + 1));
    expect(state.step_history.at(-1)?.status).toBe(ended.status);
  });

  it('ends with a plain message, and no secret in it, when the database cannot be reached', async () => {
    const child = fork(resolve(__dirname, '../../apps/orchestrator/dist/main.js'), [], {
      env: { PATH: process.env.PATH, ...house.env, DATABASE_URL: 'postgres://someone:hunter2@127.0.0.1:1/nowhere' }, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    let said = '';
    child.stdout?.on('data', (chunk) => (said += String(chunk)));
    child.stderr?.on('data', (chunk) => (said += String(chunk)));
    const [status] = (await once(child, 'close')) as [number];
    expect(status).not.toBe(0);
    expect(said).toMatch(/ECONNREFUSED|database/i);
    expect(said).not.toContain('hunter2');
  });

  it.each([
    ['no JSON', '{"run_input": {'],
    ['no object', '[]'],
    ['no input', '{}'],
    ['a config that is no object', '{"run_input": {"prompt": "x", "provider": "scripted", "model": "scripted/echo"}, "hitl_config": 7}'],
    ['a policy that is none', '{"run_input": {"prompt": "x", "provider": "scripted", "model": "scripted/echo"}, "hitl_config": {"policy": "maybe"}}'],
    ['attachments that are none', '{"run_input": {"prompt": "x", "provider": "scripted", "model": "scripted/echo", "attachments": {"a": 1}}}'],
  ])('refuses %s with a clear error and writes nothing', async (_, body) => {
    const before = await counts();
    const answer = await post('/hitl/run', body);
    expect([400, 422]).toContain(answer.status);
    expect(answer.body).toMatchObject({ code: 'VALIDATION_FAILED', detail: expect.any(String) });
    expect(await counts()).toEqual(before);
  });

  it('keeps nested objects, every alphabet, quotes, null and empty things as they came', async () => {
    const client = house.client('ann');
    const prompt = 'Ünïcode 漢字 🙂 "quotes" \\ back\\slash \t tab \n line </script> \' ; DROP TABLE hitl_runs; --';
    const context = { deep: { er: [{ est: [null, {}, [], '', 0, false, 'ß', { 'key with "quotes"': '\u2028' }] }] } };
    const { run_id: runId } = await client.startRun({
      run_input: { prompt, provider: 'scripted', model: 'scripted/echo', document_context: JSON.stringify(context), conversation: [{ role: 'user', content: prompt }] },
      hitl_config: { policy: 'require_human' },
    });
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    expect(approval.payload?.input.prompt).toBe(prompt);
    const { original_input: input } = await client.state(runId);
    expect(input).toMatchObject({ prompt, conversation: [{ role: 'user', content: prompt }] });
    expect(JSON.parse(String(input.document_context))).toEqual(context);
    expect((await approveAll(client, runId)).status).toBe('completed');
    expect((await client.state(runId)).outputs?.text).toBe(prompt);
  });

  it.each(['not-a-uuid', 'null', '%00', '00000000-0000-0000-0000-000000000000', "' OR 1=1 --", 'a'.repeat(300)])(
    'says that there is no run %j, and never breaks', async (id) => {
      for (const path of ['/hitl/run/ID/status', '/hitl/runs/ID/state', '/hitl/approvals/ID']) {
        const answer = await fetch(house.url + path.replace('ID', id === '%00' ? id : encodeURIComponent(id)));
        expect([400, 404, 422]).toContain(answer.status);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
      }
    });

  it('carries large states: an answer of 100 kB, a hundred large values, fifty events', async () => {
    const client = house.client('ann');
    const prompt = 'word '.repeat(2_000).trim();
    const conversation = Array.from({ length: 100 }, (_, place) => ({ role: 'user', content: `${place} ${'x'.repeat(2_000)}` }));
    const { run_id: runId } = await client.startRun({
      run_input: { prompt, provider: 'scripted', model: 'scripted/echo', parameters: { repeat: 10 }, conversation }, hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] },
    });
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    // A pause and a resume are two events.
    for (let round = 0; round < 25; round += 1) {
      await client.pause(runId);
      await client.resume(runId);
    }
    const state = await client.state(runId);
    expect(state.step_history.length).toBeGreaterThanOrEqual(54);
    expect(state.original_input.conversation).toEqual(conversation);
    await client.decide(approval.approval_id, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
    expect((await client.state(runId)).outputs?.text?.length).toBeGreaterThanOrEqual(10 * prompt.length);
  }, 120_000);

  it('cleans up after a cancelled run: nobody is asked any more, nothing is active, and its history stays', async () => {
    const client = house.client('gus');
    const { run_id: runId } = await client.startRun({ ...scriptedRequest('require_human'), user_id: 'gus', session_id: 'gone-1' });
    const { approval_id: approvalId } = await untilAsked(client, runId, 'payload_suggestion');
    await client.cancel(runId, { reason: 'not needed any more' });
    await untilStatus(client, runId, 'cancelled');
    expect((await client.pendingApprovals({ run_id: runId })).total).toBe(0);
    expect((await client.sessionRuns('gone-1')).total).toBe(0);
    expect((await client.approval(approvalId)).status).toBe('cancelled');
    await expect(client.decide(approvalId, { action: 'approve' })).rejects.toMatchObject({ status: 409 });
    await expect(client.cancel(runId)).rejects.toMatchObject({ status: 409, code: 'ILLEGAL_STATE' });
    expect((await client.state(runId)).step_history.at(-1)).toMatchObject({ type: 'cancelled', actor: 'human:gus' });
  });
});
