import { waitFor } from '@countersign/testing';
import { startHouse, type House } from '../harness/house';
import { scriptedRequest, untilRun, untilStatus } from '../harness/drive';

describe('late approval', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  const asked = async (onTimeout: 'reject' | 'approve' | 'keep_waiting' | 'escalate', timeout = 1) => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, {
      hitl_config: { timeout_seconds: timeout, on_timeout: onTimeout, allowed_steps: ['payload_review'] },
    }));
    // Looked up by its run: on a busy machine a second may be over before anybody sees it pending.
    const approval = await waitFor(async () => (await client.state(runId)).approvals[0], { what: 'the question' });
    return { client, runId, approval };
  };

  it('ends a run that nobody answered as expired, and refuses the late answer', async () => {
    const { client, runId, approval } = await asked('reject');
    await untilStatus(client, runId, 'expired');
    await expect(client.decide(approval.approval_id, { action: 'approve' })).rejects.toMatchObject({ status: 410, code: 'APPROVAL_EXPIRED' });
    const launches = await house.db.query('SELECT 1 FROM hitl_launches WHERE run_id = $1', [runId]);
    expect(launches.rowCount).toBe(0);
  });

  it('refuses a late answer also before the clock has acted', async () => {
    const { client, approval } = await asked('reject', 3600);
    await house.db.query(`UPDATE hitl_approvals SET expires_at = now() - interval '1 ms' WHERE approval_id = $1`, [approval.approval_id]);
    await expect(client.decide(approval.approval_id, { action: 'approve' })).rejects.toMatchObject({ status: 410, code: 'APPROVAL_EXPIRED' });
  });

  it('approves by policy where on_timeout says so, and says that it was the policy', async () => {
    const { client, runId, approval } = await asked('approve');
    await untilStatus(client, runId, 'completed');
    expect((await client.approval(approval.approval_id)).decided_by).toBe('policy:on_timeout');
  });

  it('keeps waiting, and takes the answer that comes later', async () => {
    const { client, runId, approval } = await asked('keep_waiting');
    await untilRun(client, runId, (run) => run.progress.step_history.some(({ type }) => type === 'extended'), 'extended');
    await client.decide(approval.approval_id, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
  });

  it('escalates to every reviewer once, then ends', async () => {
    const { client, runId, approval } = await asked('escalate');
    await untilRun(client, runId, (run) => run.progress.step_history.some(({ type }) => type === 'extended'), 'escalated');
    expect((await client.approval(approval.approval_id)).user_id).toBeNull();
    await untilStatus(client, runId, 'expired');
  });
});
