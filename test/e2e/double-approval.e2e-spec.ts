import { CountersignError } from '@countersign/client';
import { startHouse, type House } from '../harness/house';
import { scriptedRequest, untilAsked, untilStatus } from '../harness/drive';

const RACERS = 50;

describe('double approval', () => {
  let house: House;
  beforeAll(async () => {
    house = await startHouse();
  }, 120_000);
  afterAll(() => house.close());

  it(`lets one of ${RACERS} racing answers win and tells the others who did`, async () => {
    const requester = house.client('dana');
    const { run_id: runId } = await requester.startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    const approval = await untilAsked(requester, runId, 'payload_suggestion');

    const answers = await Promise.all(Array.from({ length: RACERS }, (_, n) =>
      house.client(`reviewer-${n}`).decide(approval.approval_id, { action: 'approve' })
        .then((won) => ({ won: won.approval.decided_by }), (error: CountersignError) => ({ error }))));

    const winners = answers.flatMap((answer) => ('won' in answer ? [answer.won] : []));
    const losers = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []));
    expect(winners).toHaveLength(1);
    expect(losers).toHaveLength(RACERS - 1);
    for (const error of losers) {
      expect(error).toMatchObject({ status: 409, code: 'APPROVAL_ALREADY_DECIDED' });
      expect(error.decided).toMatchObject({ decided_by: winners[0], action: 'approve' });
    }
    await untilStatus(requester, runId, 'completed');
    const { rows } = await house.db.query<{ count: string }>('SELECT count(*) FROM hitl_launches WHERE run_id = $1', [runId]);
    expect(rows[0]?.count).toBe('1');
  });

  it('takes the same answer of the same person twice as one (invariant 5)', async () => {
    const client = house.client('dana');
    const { run_id: runId } = await client.startRun(scriptedRequest('require_human', {}, { hitl_config: { allowed_steps: ['payload_review'] } }));
    const approval = await untilAsked(client, runId, 'payload_suggestion');
    const first = await client.decide(approval.approval_id, { action: 'approve' });
    const again = await client.decide(approval.approval_id, { action: 'approve' });
    expect(again.approval.decided_at).toBe(first.approval.decided_at);
    await expect(client.decide(approval.approval_id, { action: 'reject', reason: 'changed my mind' }))
      .rejects.toMatchObject({ status: 409, code: 'APPROVAL_ALREADY_DECIDED' });
  });
});
