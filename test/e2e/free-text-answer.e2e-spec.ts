import type { CountersignClient, CountersignError } from '@countersign/client';
import type { ApprovalView } from '@countersign/contracts';
import sharp from 'sharp';
import { startHouse, type House } from '../harness/house';
import { untilAsked, untilRun, untilStatus } from '../harness/drive';

type Decide = (approval: ApprovalView, answer: { action: 'respond' | 'approve'; message?: string; payload_hash?: string }) => Promise<unknown>;

describe('an answer in free text', () => {
  let house: House;
  let client: CountersignClient;
  let socket: ReturnType<CountersignClient['socket']>;
  beforeAll(async () => {
    house = await startHouse();
    client = house.client();
    socket = client.socket();
    await socket.ready();
  }, 120_000);
  afterAll(async () => {
    socket.close();
    await house.close();
  });

  const byRest: Decide = ({ approval_id: approvalId }, answer) => client.decide(approvalId, answer);
  const bySocket: Decide = ({ approval_id: approvalId }, answer) => socket.decide({ approval_id: approvalId, ...answer });
  const DOORS: [string, Decide][] = [['REST', byRest], ['Socket.IO', bySocket]];

  const start = async (prompt: string, parameters: Record<string, string | number> = {}): Promise<string> => (await client.startRun({
    run_input: { prompt, provider: 'scripted', model: 'scripted/image', parameters }, hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] },
  })).run_id;
  /** The card that is asked after `earlier`. */
  const nextCard = async (runId: string, earlier: ApprovalView): Promise<ApprovalView> => {
    const run = await untilRun(client, runId, (now) => now.pending_approval !== null && now.pending_approval.approval_id !== earlier.approval_id, 'asked again');
    return client.approval(run.pending_approval?.approval_id ?? '');
  };
  const refused = (answer: Promise<unknown>): Promise<CountersignError> => answer.then(() => { throw new Error('it was taken'); }, (error: CountersignError) => error);
  const pictureOf = async (runId: string): Promise<{ width?: number; height?: number }> => {
    const part = (await client.state(runId)).outputs?.parts.find(({ kind }) => kind === 'file');
    const answer = await fetch(client.address(part?.url ?? ''));
    return sharp(Buffer.from(await answer.arrayBuffer())).metadata();
  };

  it.each(DOORS)('gives a missing prompt in words, by %s', async (_door, decide) => {
    const runId = await start('');
    const card = await untilAsked(client, runId, 'validation_review');
    expect(card.allowed_actions).toEqual(['edit', 'respond', 'reject']);
    await decide(card, { action: 'respond', message: 'a quiet harbour before dawn' });
    expect(await client.approval(card.approval_id)).toMatchObject({ status: 'responded', response: { edits: { prompt: 'a quiet harbour before dawn' } } });
    const shown = await untilAsked(client, runId, 'payload_suggestion');
    expect(shown.payload?.input).toEqual({ prompt: 'a quiet harbour before dawn' });
    await decide(shown, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
  });

  it.each(DOORS)('changes a payload in words, shows it before and after, and runs what was shown, by %s', async (_door, decide) => {
    const runId = await start('a quiet harbour', { palette: 'cold', height: 32 });
    const card = await untilAsked(client, runId, 'payload_suggestion');
    await decide(card, { action: 'respond', message: 'make it warm and 96 wide' });
    const shown = await nextCard(runId, card);
    expect(shown).toMatchObject({
      checkpoint_type: 'payload_suggestion', payload: { input: { prompt: 'a quiet harbour', palette: 'warm', height: 32, width: 96 } },
      context: { proposed_from: {
        message: 'make it warm and 96 wide', by: 'human:dana',
        changes: [{ field: 'palette', before: 'cold', after: 'warm' }, { field: 'width', before: null, after: 96 }],
      } },
    });
    const { rows: before } = await house.db.query('SELECT 1 FROM hitl_launches WHERE run_id = $1', [runId]);
    expect(before).toEqual([]);
    await decide(shown, { action: 'approve', payload_hash: shown.payload_hash ?? '' });
    await untilStatus(client, runId, 'completed');
    const { rows } = await house.db.query<{ payload_hash: string }>('SELECT payload_hash FROM hitl_launches WHERE run_id = $1', [runId]);
    expect(rows).toEqual([{ payload_hash: shown.payload_hash }]);
    expect(await pictureOf(runId)).toMatchObject({ width: 96, height: 32 });
  });

  it.each(DOORS)('asks back where it is not certain, with what was understood, and stays pending, by %s', async (_door, decide) => {
    const runId = await start('a quiet harbour', { palette: 'cold' });
    const card = await untilAsked(client, runId, 'payload_suggestion');
    const unclear = await refused(decide(card, { action: 'respond', message: 'make it warm, and a bit wider' }));
    expect(unclear).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(unclear.errors).toEqual(expect.arrayContaining([
      { field: 'message', code: 'unclear', message: expect.stringContaining('“bit”, “wider” leave open') }, { field: 'message', code: 'understood', message: expect.stringContaining('palette = "warm"') },
    ]));
    for (const message of [undefined, ' ', 'ok', '5 wide', 'what does it cost?']) {
      expect(await refused(decide(card, { action: 'respond', message }))).toMatchObject({ status: 422, errors: expect.arrayContaining([expect.objectContaining({ field: 'message' })]) });
    }
    expect((await client.approval(card.approval_id)).status).toBe('pending');
    expect((await client.status(runId)).status).toBe('awaiting_human');
  });

  it('goes several rounds in one run, and only the last payload runs', async () => {
    const runId = await start('');
    const missing = await untilAsked(client, runId, 'validation_review');
    await byRest(missing, { action: 'respond', message: 'prompt: "a lighthouse, 3 gulls"' });
    const first = await untilAsked(client, runId, 'payload_suggestion');
    await bySocket(first, { action: 'respond', message: '96x48 please' });
    const second = await nextCard(runId, first);
    await byRest(second, { action: 'respond', message: 'change the palette to grey and make it 80 wide' });
    const third = await nextCard(runId, second);
    expect(third.context.proposed_from).toMatchObject({ changes: [{ field: 'width', before: 96, after: 80 }, { field: 'palette', before: null, after: 'grey' }] });
    await expect(client.decide(second.approval_id, { action: 'approve' })).rejects.toMatchObject({ status: 409 });
    await byRest(third, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
    expect(await pictureOf(runId)).toMatchObject({ width: 80, height: 48 });
    const { approvals } = await client.state(runId);
    expect(approvals.map(({ status }) => status).sort()).toEqual(['approved', 'responded', 'responded', 'responded']);
  });

  it('mends a refused call in words, and shows what will be sent before it is sent again', async () => {
    const runId = await start('a quiet harbour', { outcome: 'refuse_input' });
    await byRest(await untilAsked(client, runId, 'payload_suggestion'), { action: 'approve' });
    const card = await untilAsked(client, runId, 'error_recovery');
    await byRest(card, { action: 'respond', message: 'set the outcome to succeed' });
    const shown = await untilAsked(client, runId, 'payload_suggestion');
    expect(shown.payload?.input).toMatchObject({ outcome: 'succeed' });
    await byRest(shown, { action: 'approve' });
    await untilStatus(client, runId, 'completed');
    expect((await client.state(runId)).launches).toHaveLength(2);
  });
});
