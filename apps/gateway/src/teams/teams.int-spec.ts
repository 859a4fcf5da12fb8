import type { RunStartedView, TeamsResultView } from '@countersign/contracts';
import { RunReader, type RunOutput } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const INPUT = { prompt: 'hello', user_id: 'ann', session_id: 's1', user_email: 'a@x.example', message_type: 'user_message', log_id: null, provider: 'scripted', model: 'scripted/echo' };
const OUTPUT: RunOutput = { raw: 'HELLO', parts: [{ kind: 'text', pointer: '', text: 'HELLO' }], text: 'HELLO', quality: 1, flags: [], doubts: [] };
const SYSTEM = { tenantId: 'default', userId: 'x', roles: ['admin' as const] };

describe('the compatible door /teams/run', () => {
  let stage: GatewayStage;
  let hand: HandOrchestrator;
  beforeAll(async () => {
    stage = await startGateway();
    hand = new HandOrchestrator(stage.app);
  });
  afterAll(() => stage.close());

  it('starts a guarded run with enable_hitl', async () => {
    const { status, body } = await stage.call<RunStartedView>('POST', '/teams/run?enable_hitl=True&user_id=ann&session_id=s2', { body: INPUT });
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'queued', hitl_enabled: true });
    expect(await hand.run(body.run_id)).toMatchObject({ sessionId: 's2', userId: 'ann', config: { policy: 'auto_with_thresholds' } });
  });

  it('answers with the result when the run has ended', async () => {
    const answer = stage.call<TeamsResultView>('POST', '/teams/run', { body: { ...INPUT, user_id: 'bob' } });
    const run = await waitFor(async () => (await stage.app.get(RunReader).runs(SYSTEM, { userId: 'bob' }, { limit: 1, cursor: null })).items[0], { what: 'the run' });
    expect(run.config.policy).toBe('auto');
    await hand.advance(run.runId);
    await hand.execute(run.runId, OUTPUT);
    expect(await answer).toMatchObject({ status: 200, body: { run_id: run.runId, status: 'completed', result: 'HELLO', outputs: { text: 'HELLO' } } });
  });

  it('refuses what it does not know', async () => {
    expect((await stage.call('POST', '/teams/run?enable_hitl=maybe', { body: INPUT })).body.errors?.[0]?.field).toBe('enable_hitl');
    expect((await stage.call('POST', '/teams/run', { body: { ...INPUT, human_edits: {} } })).body.errors?.[0]).toMatchObject({ field: 'human_edits', code: 'unknown_field' });
  });
});
