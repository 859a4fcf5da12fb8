import type { RunRequest } from '@countersign/client';
import { scriptedRequest, untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const CARD_PROMPT = 'A letterpress business card for jane.doe@example.com';
const FLAG = { flag: 'pii', score: 0.95, why: 'prompt holds an e-mail address (j•••@•••.com)' };

/** Under thresholds, personal data asks a person before it is sent, and again when it comes back. */
describe('personal data asks', () => {
  let house: House;
  beforeAll(async () => { house = await startHouse(); }, 120_000);
  afterAll(() => house.close());

  const request = (prompt: string, config: NonNullable<RunRequest['hitl_config']> = {}): RunRequest => ({
    ...scriptedRequest('auto_with_thresholds'), run_input: { prompt, provider: 'scripted', model: 'scripted/echo' }, hitl_config: { policy: 'auto_with_thresholds', ...config },
  });

  it('before the payload runs, with the flag on the card, and before the result is kept', async () => {
    const client = house.client();
    expect((await client.validate(request(CARD_PROMPT))).gates).toEqual([{ checkpoint_type: 'payload_suggestion', reason: 'flagged: pii', who: expect.any(String) }]);
    const { run_id: runId } = await client.startRun(request(CARD_PROMPT));
    const card = await untilAsked(client, runId, 'payload_suggestion');
    expect(card.context).toMatchObject({ reason: 'flagged: pii', flags: [FLAG] });
    await client.decide(card.approval_id, { action: 'approve' });

    const result = await untilAsked(client, runId, 'response_review');
    expect(result.context).toMatchObject({ reason: 'flagged: pii', output: { flags: [{ ...FLAG, why: 'the answer holds an e-mail address (j•••@•••.com)' }] } });
    await client.decide(result.approval_id, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
  });

  it.each<[string, RunRequest['run_input']['prompt'], NonNullable<RunRequest['hitl_config']>]>([
    ['nothing personal', 'A letterpress business card, 85 x 55 mm, seed 1234567890', {}],
    ['a list of flags without it', CARD_PROMPT, { require_approval_safety_flags: ['nsfw'] }],
    ['an empty list of flags', CARD_PROMPT, { require_approval_safety_flags: [] }],
    ['policy auto', CARD_PROMPT, { policy: 'auto' }],
  ])('but not with %s: that runs through', async (_, prompt, config) => {
    const client = house.client();
    const { run_id: runId } = await client.startRun(request(prompt, config));
    await untilStatus(client, runId, 'completed');
    expect((await client.state(runId)).outputs?.text).toBe(prompt);
  });
});
