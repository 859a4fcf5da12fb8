import type { ApprovalListView, ApprovalView, DecisionView, RunControlView, RunStartedView, RunView } from '@countersign/contracts';
import type { RunOutput } from '@countersign/core';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const OUTPUT: RunOutput = { raw: 'hi', parts: [{ kind: 'text', pointer: '', text: 'hi' }], text: 'hi', quality: 1, flags: [], doubts: [] };
const NOWHERE = '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11';

describe('approvals by HTTP', () => {
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  beforeAll(async () => {
    stage = await startGateway();
    hand = new HandOrchestrator(stage.app);
  });
  afterAll(() => stage.close());

  /** A run that waits for a person; its prompt decides at which checkpoint. */
  async function waiting(config: object = {}, prompt = 'hello'): Promise<{ runId: string; approval: ApprovalView }> {
    const body = { run_input: { prompt, provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human', ...config } };
    const started = await stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body });
    const runId = started.body.run_id;
    await hand.advance(runId);
    return { runId, approval: await open(runId) };
  }

  async function open(runId: string): Promise<ApprovalView> {
    const { body } = await stage.call<ApprovalListView>('GET', `/hitl/approvals/pending?run_id=${runId}`);
    const [approval] = body.approvals;
    if (!approval) throw new Error('nobody is asked');
    return approval;
  }

  const decide = <T = DecisionView>(approvalId: string, body: object, user = 'ann') => stage.call<T>('POST', `/hitl/approvals/${approvalId}/decision`, { user, body });

  it('approves by run, names the payload that was shown, and the run goes on with it', async () => {
    const { runId, approval } = await waiting();
    const answer = await stage.call<DecisionView>('POST', `/hitl/run/${runId}/approve`, {
      user: 'ann', body: { approval_id: approval.approval_id, action: 'approve', payload_hash: approval.payload_hash },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ success: true, run_id: runId, approval: { status: 'approved', decided_by: 'human:ann' } });
    expect(await hand.advance(runId)).toMatchObject({ step: 'api_call', consent: { payloadHash: approval.payload_hash, by: 'human:ann' } });
  });

  it('no longer asks for what is answered, also before the run has moved', async () => {
    const { runId, approval } = await waiting();
    const asked = async () => (await stage.call<RunView>('GET', `/hitl/run/${runId}/status`, { user: 'ann' })).body.pending_approval;
    expect(await asked()).toMatchObject({ approval_id: approval.approval_id });
    await decide(approval.approval_id, { action: 'approve' });
    expect(await asked()).toBeNull();
  });

  it('takes the older spelling: approval_token, approved, approved_by', async () => {
    const { runId, approval } = await waiting();
    const answer = await stage.call<DecisionView>('POST', `/hitl/run/${runId}/approve`, { body: { approval_token: approval.approval_id, approved: true, approved_by: 7 } });
    expect(answer.body).toMatchObject({ success: true, approval: { status: 'approved', decided_by: 'human:7' } });
  });

  it('does not fall back to the run\'s id', async () => {
    const { runId, approval } = await waiting();
    expect((await stage.call('POST', `/hitl/run/${runId}/approve`, { body: { action: 'approve' } })).body.errors?.[0]?.field).toBe('approval_id');
    expect((await stage.call('POST', `/hitl/run/${runId}/approve`, { body: { approval_id: runId, action: 'approve' } })).body.code).toBe('APPROVAL_NOT_FOUND');
    expect((await stage.call('POST', `/hitl/run/${NOWHERE}/approve`, { body: { approval_id: NOWHERE, action: 'approve' } })).body.code).toBe('RUN_NOT_FOUND');
    const other = await waiting();
    expect((await stage.call('POST', `/hitl/run/${other.runId}/approve`, { body: { approval_id: approval.approval_id, action: 'approve' } })).status).toBe(404);
  });

  it('lets one of many win, and tells the others who it was', async () => {
    const { approval } = await waiting();
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => decide<{ decided?: { decided_by: string } }>(approval.approval_id, { action: 'approve' }, `user${n}`)));
    const winners = answers.flatMap(({ status }, n) => (status === 200 ? [n] : []));
    expect(winners).toHaveLength(1);
    const losers = answers.filter(({ status }) => status === 409);
    expect(losers).toHaveLength(11);
    for (const { body } of losers) expect(body).toMatchObject({ code: 'APPROVAL_ALREADY_DECIDED', decided: { decided_by: `human:user${winners[0]}`, action: 'approve' } });
  });

  it('answers the same answer of the same person as the first time', async () => {
    const { approval } = await waiting();
    const [first, again] = [await decide(approval.approval_id, { action: 'reject', reason: 'no' }), await decide(approval.approval_id, { action: 'reject', reason: 'no' })];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body.approval).toEqual(first.body.approval);
    expect((await decide(approval.approval_id, { action: 'approve' })).status).toBe(409);
  });

  it('knows an answer by its Idempotency-Key: the same again is answered as the first time, another one is refused', async () => {
    const { runId, approval } = await waiting();
    const path = `/hitl/approvals/${approval.approval_id}/decision`;
    const send = (body: object, key: string, to = path, user = 'ann') => stage.call<{ code: string; approval?: ApprovalView }>('POST', to, { user, body, headers: { 'idempotency-key': key } });
    const first = await send({ action: 'reject', reason: 'no' }, 'once');
    const again = await Promise.all([send({ action: 'reject', reason: 'no' }, 'once'), send({ action: 'reject', reason: 'no', approval_id: approval.approval_id }, 'once', `/hitl/run/${runId}/approve`)]);
    expect([first.status, ...again.map(({ status }) => status)]).toEqual([200, 200, 200]);
    expect(again[0].body.approval).toEqual(first.body.approval);
    const other = await send({ action: 'approve' }, 'once');
    expect([other.status, other.body.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    expect((await send({ action: 'approve' }, 'another')).body.code).toBe('APPROVAL_ALREADY_DECIDED');
    expect((await send({ action: 'approve' }, 'once', path, 'bob')).body.code).toBe('APPROVAL_ALREADY_DECIDED');
    expect((await send({ action: 'approve' }, 'not a key')).status).toBe(422);
  });

  it.each([
    ['an action that this approval does not offer', { action: 'retry' }, 422, 'VALIDATION_FAILED'],
    ['a word that is no action', { action: 'cancel' }, 422, 'VALIDATION_FAILED'],
    ['no action', {}, 422, 'VALIDATION_FAILED'],
    ['a contradiction', { action: 'approve', approved: false }, 422, 'VALIDATION_FAILED'],
    ['a rejection without reason', { action: 'reject' }, 422, 'VALIDATION_FAILED'],
    ['another payload than the pending one', { action: 'approve', payload_hash: 'a'.repeat(64) }, 409, 'STALE_PAYLOAD'],
    ['edits beside approve', { action: 'approve', edits: { prompt: 'x' } }, 422, 'VALIDATION_FAILED'],
    ['an edit of a field that does not exist', { action: 'edit', edits: { promt: 'x' } }, 422, 'VALIDATION_FAILED'],
    ['an edit that leaves a problem', { action: 'edit', edits: { repeat: 99 } }, 422, 'VALIDATION_FAILED'],
  ])('refuses %s, and the approval stays pending', async (_what, body, status, code) => {
    const { approval } = await waiting();
    const answer = await decide<{ code: string; errors?: object[] }>(approval.approval_id, body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (code === 'VALIDATION_FAILED') expect(answer.body.errors).not.toHaveLength(0);
    expect((await stage.call<ApprovalView>('GET', `/hitl/approvals/${approval.approval_id}`)).body.status).toBe('pending');
  });

  it('makes an edit into a new payload, changes nothing else, and runs exactly that', async () => {
    const { runId, approval } = await waiting();
    const { status, body } = await decide(approval.approval_id, { action: 'edit', edits: { repeat: 3 } });
    expect(status).toBe(200);
    expect(body.approval.status).toBe('edited');
    const run = await hand.advance(runId);
    expect(run.preparation?.payload?.input).toEqual({ ...approval.payload?.input, repeat: 3 });
    expect(run.consent?.payloadHash).toBe(body.approval.response?.payload_hash);
    expect(run.consent?.payloadHash).not.toBe(approval.payload_hash);
  });

  it.each([
    ['no words', '', 'message'], ['words about nothing', 'looks good', 'message'], ['a comparison', 'repeat it more often', 'message'],
    ['a value out of range', 'repeat 99 times', 'message'],
  ])('refuses an answer in words with %s, and the approval stays pending', async (_what, message, field) => {
    const { approval } = await waiting();
    const answer = await decide<{ code: string; errors?: { field: string }[] }>(approval.approval_id, { action: 'respond', message });
    expect([answer.status, answer.body.code, answer.body.errors?.[0]?.field]).toEqual([422, 'VALIDATION_FAILED', field]);
    expect((await stage.call<ApprovalView>('GET', `/hitl/approvals/${approval.approval_id}`)).body.status).toBe('pending');
  });

  it('makes words into a changed payload that is shown before it runs', async () => {
    const { runId, approval } = await waiting();
    const message = 'repeat it 3 times, in uppercase';
    const [first, again] = [await decide(approval.approval_id, { action: 'respond', message }), await decide(approval.approval_id, { action: 'respond', message })];
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(first.body.approval).toMatchObject({ status: 'responded', response: { action: 'respond', message, edits: { repeat: 3, uppercase: true } } });
    expect(await hand.advance(runId)).toMatchObject({ status: 'awaiting_human', step: 'payload_review', consent: null });
    const shown = await open(runId);
    expect(shown.context.proposed_from).toMatchObject({ message, by: 'human:ann', changes: [{ field: 'repeat', before: null, after: 3 }, { field: 'uppercase', before: null, after: true }] });
    expect(shown.payload?.input).toEqual({ ...approval.payload?.input, repeat: 3, uppercase: true });
    await decide(shown.approval_id, { action: 'approve', payload_hash: shown.payload_hash });
    expect(await hand.advance(runId)).toMatchObject({ step: 'api_call', proposal: null, consent: { payloadHash: shown.payload_hash } });
  });

  it('takes what was missing, checks it, and asks on', async () => {
    const { runId, approval } = await waiting({}, '');
    expect(approval.checkpoint_type).toBe('validation_review');
    expect((await decide<{ code: string }>(approval.approval_id, { action: 'edit', edits: { repeat: 2 } })).status).toBe(422);
    expect((await decide(approval.approval_id, { action: 'edit', edits: { prompt: 'there' } })).status).toBe(200);
    await hand.advance(runId);
    expect(await open(runId)).toMatchObject({ checkpoint_type: 'payload_suggestion', payload: { input: { prompt: 'there' } } });
  });

  it('rewords a result, or runs it again', async () => {
    const { runId } = await waiting({ allowed_steps: ['response_review', 'payload_review'] });
    await decide((await open(runId)).approval_id, { action: 'approve' });
    await hand.advance(runId);
    await hand.execute(runId, OUTPUT);
    const review = await open(runId);
    expect(review).toMatchObject({ checkpoint_type: 'response_review', allowed_actions: ['approve', 'edit', 'reject', 'retry'] });
    expect((await decide<{ code: string }>(review.approval_id, { action: 'edit', edits: { prompt: 'x' } })).status).toBe(422);
    const retried = await stage.call<RunControlView>('POST', `/hitl/run/${runId}/retry`, { user: 'ann', body: { edits: { prompt: 'again' } } });
    expect(retried.status).toBe(200);
    expect(await hand.advance(runId)).toMatchObject({ step: 'api_call', attempt: 2, preparation: { payload: { input: { prompt: 'again' } } } });
    await hand.execute(runId, OUTPUT);
    expect((await decide((await open(runId)).approval_id, { action: 'edit', edits: { response: 'better' } })).status).toBe(200);
    expect(await hand.advance(runId)).toMatchObject({ status: 'completed', output: { text: 'better' } });
    expect((await stage.call('POST', `/hitl/run/${runId}/retry`, { user: 'ann' })).body.code).toBe('ILLEGAL_STATE');
  });

  it('refuses a late answer', async () => {
    const { approval } = await waiting({ timeout_seconds: 1 });
    const pending = await stage.call<ApprovalView>('GET', `/hitl/approvals/${approval.approval_id}?wait=2`);
    expect(pending.body.status).toBe('pending');
    const late = await decide<{ code: string }>(approval.approval_id, { action: 'approve' });
    expect([late.status, late.body.code]).toEqual([410, 'APPROVAL_EXPIRED']);
  });

  it('answers a long poll as soon as somebody decides', async () => {
    const { approval } = await waiting();
    const startedAt = Date.now();
    const poll = stage.call<ApprovalView>('GET', `/hitl/approvals/${approval.approval_id}?wait=20`);
    expect((await decide(approval.approval_id, { action: 'approve' })).status).toBe(200);
    expect((await poll).body).toMatchObject({ status: 'approved', decided_by: 'human:ann' });
    expect(Date.now() - startedAt).toBeLessThan(15_000); // it would have waited for 20 s
  });

  it('answers 404 for an approval that nobody has', async () => {
    for (const id of ['nothing', NOWHERE]) expect((await stage.call('GET', `/hitl/approvals/${id}`)).body.code).toBe('APPROVAL_NOT_FOUND');
  });
});
