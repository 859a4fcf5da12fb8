import type { ApprovalListView, DecisionView, RunListView, RunStartedView, RunView } from '@countersign/contracts';
import { Outbox } from '@countersign/core';
import { freePort } from '@countersign/testing';
import { startGateway, type GatewayStage } from '../testing/gateway-stage';
import { HandOrchestrator } from '../testing/hand-orchestrator';

const REQUEST = { run_input: { prompt: 'hello', provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'require_human' } };

describe('a gateway without Redis', () => {
  let stage: GatewayStage;
  beforeAll(async () => {
    stage = await startGateway({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
  });
  afterAll(() => stage.close());

  it('takes runs and answers; their doorbells wait in the outbox', async () => {
    const started = await stage.call<RunStartedView>('POST', '/hitl/run', { user: 'ann', body: REQUEST });
    expect(started.status).toBe(201);
    const runId = started.body.run_id;
    expect((await stage.call<RunView>('GET', `/hitl/run/${runId}/status`)).body.status).toBe('queued');
    expect((await stage.call<RunListView>('GET', '/hitl/runs')).body.total).toBe(1);
    await new HandOrchestrator(stage.app).advance(runId);
    const [approval] = (await stage.call<ApprovalListView>('GET', '/hitl/approvals/pending')).body.approvals;
    const decided = await stage.call<DecisionView>('POST', `/hitl/approvals/${approval?.approval_id}/decision`, { user: 'ann', body: { action: 'approve' } });
    expect(decided.body).toMatchObject({ success: true, approval: { status: 'approved' } });
    expect((await stage.app.get(Outbox).unrung(0, 10)).map(({ job }) => job)).toEqual(['run.start', 'run.decided']);
  });

  it('says that it cannot tell about a queue job now', async () => {
    const { status, headers, body } = await stage.call('GET', '/hitl/jobs/run.start_x');
    expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'UNAVAILABLE', '1']);
  });
});
