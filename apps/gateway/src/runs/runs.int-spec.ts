import type { RunControlView, RunListView, RunStartedView, RunStateView, RunView, SessionRunsView, ValidateView } from '@countersign/contracts';
import { CommandStore } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const REQUEST = { run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo', session_id: 's1' }, hitl_config: { policy: 'require_human' } };

describe('runs by HTTP', () => {
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  beforeAll(async () => {
    stage = await startGateway();
    hand = new HandOrchestrator(stage.app);
  });
  afterAll(() => stage.close());

  const start = async (user = 'ann', body: object = REQUEST, headers = {}) => stage.call<RunStartedView>('POST', '/hitl/run', { user, body, headers });

  it('starts a run: 201, where to look, and a job that is really there', async () => {
    const { status, headers, body } = await start();
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/hitl/runs/${body.run_id}/state`);
    expect(body).toMatchObject({ status: 'queued', job_id: `run.start_${body.run_id}` });
    expect(body.websocket_url).toMatch(/^ws:\/\/.*\/hitl$/);
    const job = await stage.call('GET', `/hitl/jobs/${body.job_id}`, { user: 'ann' });
    expect(job.body).toMatchObject({ name: 'run.start', queue: 'orchestrator', status: 'waiting', run_id: body.run_id });
    expect((await stage.call('GET', '/hitl/jobs/run.start_nothing', { user: 'ann' })).body.code).toBe('JOB_NOT_FOUND');
  });

  it('merges the input: RunInput < original_input < arguments < provider and model', async () => {
    const { body } = await start('ann', {
      run_input: { prompt: 'a', log_id: 'l', user_id: 'one', session_id: 'one', provider: 'scripted', model: 'scripted/echo' },
      original_input: { prompt: 'b', user_id: 'two', session_id: 'two', mine: [1], model: 'else/where' }, user_id: 'three',
    });
    const state = await stage.call<RunStateView>('GET', `/hitl/runs/${body.run_id}/state`);
    expect(state.body).toMatchObject({ user_id: 'three', session_id: 'two', model: 'scripted/echo' });
    expect(state.body.original_input).toMatchObject({
      prompt: 'b', log_id: 'l', user_id: 'three', session_id: 'two', mine: [1], provider: 'scripted', model: 'scripted/echo',
    });
    expect((await stage.call<RunStateView>('GET', `/hitl/run/${body.run_id}/state`)).body.original_input).toEqual(state.body.original_input);
  });

  it('names the same run for the same key and body, and refuses another body', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    const first = await start('bob', REQUEST, headers);
    const reordered = { hitl_config: REQUEST.hitl_config, run_input: { ...REQUEST.run_input } };
    const again = await start('bob', reordered, headers);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.run_id).toBe(first.body.run_id);
    const other = await stage.call('POST', '/hitl/run', { user: 'bob', headers, body: { ...REQUEST, session_id: 'else' } });
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect((await start('cid', REQUEST, headers)).status).toBe(201);
  });

  it.each([
    ['an unknown key', { ...REQUEST, surprise: 1 }, { status: 422, code: 'VALIDATION_FAILED', field: 'surprise' }],
    ['an unknown key of the config', { ...REQUEST, hitl_config: { checkpoint_payload_review: true } }, { status: 422, code: 'VALIDATION_FAILED', field: 'hitl_config.checkpoint_payload_review' }],
    ['a missing prompt', { run_input: { provider: 'scripted', model: 'scripted/echo' } }, { status: 422, code: 'VALIDATION_FAILED', field: 'run_input.prompt' }],
    ['no tool and no model', { run_input: { prompt: 'x' } }, { status: 422, code: 'VALIDATION_FAILED', field: 'run_input.agent_tool_config' }],
    ['a model without provider', { run_input: { prompt: 'x', model: 'a/b' } }, { status: 422, code: 'VALIDATION_FAILED', field: 'run_input.provider' }],
    ['an unusable model name', { run_input: { prompt: 'x', provider: 'scripted', model: 'nothing' } }, { status: 422, code: 'VALIDATION_FAILED', field: 'run_input.model' }],
    ['an unknown provider', { run_input: { prompt: 'x', provider: 'nobody', model: 'a/b' } }, { status: 404, code: 'PROVIDER_NOT_FOUND', field: undefined }],
    ['a tool without provider', { run_input: { prompt: 'x', agent_tool_config: { 'web3-agent-tool': { name: 'a/b' } } } }, { status: 400, code: 'TOOL_NOT_SUPPORTED', field: undefined }],
  ])('refuses %s', async (_what, body, { status, code, field }) => {
    const answer = await stage.call('POST', '/hitl/run', { body });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    expect(answer.body.errors?.[0]?.field).toBe(field);
    if (code === 'TOOL_NOT_SUPPORTED') expect(answer.body.detail).toContain('replicate-agent-tool');
  });

  it.each([
    ['flat', { name: 'lucataco/remove-bg' }],
    ['nested', { name: 'replicate-agent-tool', data: { name: 'lucataco/remove-bg:abc', example_input: { image: 'https://x.example/a.png' } } }],
  ])('reads a %s tool entry', async (_shape, entry) => {
    const { status, body } = await start('ann', { run_input: { prompt: '', agent_tool_config: { 'replicate-agent-tool': entry } } });
    expect(status).toBe(201);
    expect((await stage.call<RunView>('GET', `/hitl/run/${body.run_id}/status`, { user: 'ann' })).body).toMatchObject({ provider: 'replicate', model: 'lucataco/remove-bg' });
  });

  it('shows the status as it is, also after the fast copy was made', async () => {
    const { body } = await start();
    const path = `/hitl/run/${body.run_id}/status`;
    expect((await stage.call<RunView>('GET', path)).body).toMatchObject({ status: 'queued', version: 1, pending_actions: [] });
    await hand.advance(body.run_id);
    const waiting = await stage.call<RunView>('GET', path);
    expect(waiting.body).toMatchObject({
      status: 'awaiting_human', current_step: 'payload_review', pending_actions: ['approve', 'edit', 'respond', 'reject'],
      pending_approval: { checkpoint_type: 'payload_suggestion' }, progress: { total_steps: 5, completed_steps: 2, percentage: 40 },
    });
    expect((await stage.call<RunView>('GET', path)).body).toEqual(waiting.body);
  });

  it('answers 404 for a run that nobody has, whatever its id looks like', async () => {
    for (const id of ['nothing', '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11']) {
      const { status, body } = await stage.call('GET', `/hitl/run/${id}/status`);
      expect([status, body.code]).toEqual([404, 'RUN_NOT_FOUND']);
    }
  });

  it('refuses unclean text in a path', async () => {
    expect((await stage.call('GET', '/hitl/sessions/%00/active')).body.code).toBe('VALIDATION_FAILED');
  });

  it('lists, filters and pages', async () => {
    for (let n = 0; n < 3; n += 1) await start('dan', { ...REQUEST, session_id: 'paged' });
    const first = await stage.call<RunListView>('GET', '/hitl/runs?session_id=paged&limit=2&status=queued&status=running');
    expect(first.body).toMatchObject({ total: 3, runs: [{ user_id: 'dan' }, { user_id: 'dan' }] });
    const second = await stage.call<RunListView>('GET', `/hitl/runs?session_id=paged&limit=2&cursor=${first.body.next_cursor}`);
    expect(second.body.runs).toHaveLength(1);
    expect(second.body.next_cursor).toBeNull();
    expect((await stage.call<RunListView>('GET', '/hitl/runs/active?user_id=dan&q=HELLO')).body.total).toBe(3);
    expect((await stage.call<SessionRunsView>('GET', '/hitl/sessions/paged/active')).body).toMatchObject({ session_id: 'paged', total: 3, has_pending_approvals: false });
    expect((await stage.call('GET', '/hitl/runs?limit=0')).body.errors?.[0]?.field).toBe('limit');
    expect((await stage.call('GET', '/hitl/runs?created_after=2026-W05')).status).toBe(422);
  });

  it('explains a request without creating anything', async () => {
    const { body } = await start('eve');
    await hand.advance(body.run_id);
    const before = await stage.call<RunListView>('GET', '/hitl/runs');
    const ready = await stage.call<ValidateView>('POST', '/hitl/validate', { body: REQUEST });
    expect(ready.status).toBe(200);
    expect(ready.body).toMatchObject({
      ready: true, payload: { provider: 'scripted', model: 'scripted/echo', input: { prompt: 'hello' } },
      gates: [{ checkpoint_type: 'payload_suggestion' }, { checkpoint_type: 'response_review' }],
    });
    expect(ready.body.validation_summary.checkpoints).toHaveLength(5);
    const empty = await stage.call<ValidateView>('POST', '/hitl/validate', { body: { run_input: { ...REQUEST.run_input, prompt: '' } } });
    expect(empty.body).toMatchObject({ ready: false, gates: [{ checkpoint_type: 'validation_review' }] });
    expect((await stage.call<RunListView>('GET', '/hitl/runs')).body.total).toBe(before.body.total);
  });

  it('pauses, resumes and cancels by way of the orchestrator', async () => {
    const { body: { run_id: runId } } = await start();
    const command = async (method: string, path: string): Promise<RunControlView> => {
      let isAnswered = false;
      const answer = stage.call<RunControlView>(method, path, { user: 'ann' }).finally(() => (isAnswered = true));
      await waitFor(async () => (await hand.advance(runId)) && isAnswered, { what: 'the answer' });
      expect((await answer).status).toBe(200);
      return (await answer).body;
    };
    expect(await command('POST', `/hitl/run/${runId}/pause`)).toMatchObject({ success: true, status: 'paused' });
    expect((await stage.call('POST', `/hitl/run/${runId}/pause`, { user: 'ann' })).body.code).toBe('ILLEGAL_STATE');
    expect((await command('POST', `/hitl/run/${runId}/resume`)).success).toBe(true);
    expect(await command('DELETE', `/hitl/run/${runId}`)).toMatchObject({ success: true, status: 'cancelled' });
    const late = await stage.call('DELETE', `/hitl/run/${runId}`, { user: 'ann' });
    expect([late.status, late.body.code]).toEqual([409, 'ILLEGAL_STATE']);
  });

  it('says that it noted a command when nobody acts on it in time', async () => {
    const { body } = await start();
    const answer = await stage.call<RunControlView>('POST', `/hitl/run/${body.run_id}/pause`);
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ success: false, status: 'queued' });
    // Whoever changes their mind meanwhile is not refused for how the run still stands: wishes are acted on in their order.
    const resuming = stage.call<RunControlView>('POST', `/hitl/run/${body.run_id}/resume`);
    await waitFor(async () => (await stage.app.get(CommandStore).open(body.run_id)).length === 2, { what: 'both wishes to be on record' });
    await hand.advance(body.run_id);
    expect((await resuming).body).toMatchObject({ success: true });
    expect((await hand.run(body.run_id)).status).not.toBe('paused');
  });

  it('forks a run that has not begun as it came, with its guard, without its key', async () => {
    const { body } = await start();
    expect((await stage.call('POST', `/hitl/run/${body.run_id}/fork`, { body: { from_step: 'payload_review' } })).status).toBe(422);
    const answer = await stage.call<RunStartedView>('POST', `/hitl/run/${body.run_id}/fork`, { body: { from_step: 'created' } });
    expect([answer.status, answer.body.status]).toEqual([201, 'queued']);
    expect(answer.body.run_id).not.toBe(body.run_id);
  });

  it('names the same fork under the same key and refuses another body with it, also for another run', async () => {
    const [{ body: first }, { body: second }] = [await start(), await start()];
    const headers = { 'idempotency-key': `fork-${first.run_id}` };
    const fork = <T = RunStartedView>(runId: string, body: object) => stage.call<T>('POST', `/hitl/run/${runId}/fork`, { body, headers });
    const made = await fork(first.run_id, { from_step: 'created' });
    const again = await Promise.all([1, 2, 3].map(() => fork(first.run_id, { from_step: 'created' })));
    expect([made.status, made.headers.get('location')]).toEqual([201, `/hitl/runs/${made.body.run_id}/state`]);
    expect(again.map(({ status, body }) => [status, body.run_id])).toEqual([1, 2, 3].map(() => [200, made.body.run_id]));
    for (const answer of [await fork(first.run_id, { from_step: 'information_review' }), await fork(second.run_id, { from_step: 'created' })]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'IDEMPOTENCY_CONFLICT' } });
    }
    expect((await stage.app.get(CommandStore).open(first.run_id)).filter(({ name }) => name === 'forked')).toHaveLength(1);
  });
});
