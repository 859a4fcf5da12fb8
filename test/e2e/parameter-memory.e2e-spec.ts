import type { CountersignClient } from '@countersign/client';
import type { ApprovalView, MemoryView } from '@countersign/contracts';
import type { HabitOffer, JsonObject } from '@countersign/core';
import { untilAsked, untilStatus } from '../harness/drive';
import { startHouse, type House } from '../harness/house';

const MODEL = { provider: 'scripted', model: 'scripted/image' };

describe('parameter memory', () => {
  let house: House;
  let client: CountersignClient;
  beforeAll(async () => {
    house = await startHouse();
    client = house.client('dana');
  }, 120_000);
  afterAll(() => house.close());

  async function card(parameters: JsonObject = {}, who = client): Promise<ApprovalView> {
    const { run_id: runId } = await who.startRun({
      run_input: { prompt: 'a quiet harbour', ...MODEL, parameters }, hitl_config: { policy: 'require_human', allowed_steps: ['payload_review'] },
    });
    return untilAsked(who, runId, 'payload_suggestion');
  }
  async function decide({ approval_id: id, run_id: runId }: ApprovalView, edits?: JsonObject): Promise<void> {
    await client.decide(id, edits ? { action: 'edit', edits } : { action: 'approve' });
    await untilStatus(client, runId, 'completed');
  }
  const habits = ({ context }: ApprovalView) => (context.habits ?? []) as unknown as HabitOffer[];
  const inputOf = async (runId: string) => (await house.db.query<{ input: JsonObject }>(`SELECT preparation -> 'payload' -> 'input' AS input FROM hitl_runs WHERE run_id = $1`, [runId])).rows[0]?.input;
  const remembered = async (): Promise<MemoryView> => {
    const [entry] = (await client.parameterMemory({ user_id: 'dana', model: MODEL.model })).memories;
    if (!entry) throw new Error('nothing is remembered');
    return entry;
  };

  it('three alike are proposed on the fourth card with evidence; one click takes them', async () => {
    for (const edits of [{ palette: 'grey' }, undefined, { palette: 'grey' }, { palette: 'grey' }]) {
      const shown = await card();
      expect(habits(shown)).toEqual([]);
      await decide(shown, edits);
    }
    const offered = await card();
    const [habit] = habits(offered);
    expect(habit).toMatchObject({ field: 'palette', before: 'warm', after: 'grey', evidence: 'last 3 of 4: palette warm → grey', state: 'proposed' });
    expect(offered.payload?.input).toEqual({ prompt: 'a quiet harbour' });
    await decide(offered, { palette: habit?.after ?? null });
    expect(await inputOf(offered.run_id)).toEqual({ prompt: 'a quiet harbour', palette: 'grey' });
    expect(habits(await card())).toMatchObject([{ evidence: 'last 4 of 5: palette warm → grey' }]);
  }, 120_000);

  it('another user does not see it', async () => {
    expect(habits(await card({}, house.client('emil')))).toEqual([]);
  });

  it('muted, it is gone, until it is un-muted; each state is kept over a restart of everything and a lost Redis', async () => {
    const { memory_id: id } = await remembered();
    await client.setMemory(id, 'muted');
    expect(habits(await card())).toEqual([]);
    await house.kill('orchestrator');
    await house.flushRedis();
    await house.start('orchestrator');
    expect(await remembered()).toMatchObject({ state: 'muted', set_by: 'human:dana' });
    expect(habits(await card())).toEqual([]);
    await client.setMemory(id, 'proposed');
    expect(habits(await card())).toHaveLength(1);
  }, 120_000);

  it('always: applied where nothing was given, listed as a change, and what was shown runs; switched off: not applied', async () => {
    const { memory_id: id } = await remembered();
    await client.setMemory(id, 'always');
    const ruled = await card();
    expect(ruled.payload?.input).toEqual({ prompt: 'a quiet harbour', palette: 'grey' });
    expect(ruled.context.fixes).toEqual([{ field: 'palette', before: 'warm', after: 'grey', rule: `memory ${id}, switched on by human:dana`, memory_id: id }]);
    await decide(ruled);
    const { rows } = await house.db.query<{ payload_hash: string }>('SELECT payload_hash FROM hitl_launches WHERE run_id = $1', [ruled.run_id]);
    expect(rows).toEqual([{ payload_hash: ruled.payload_hash }]);
    const given = await card({ palette: 'warm' });
    expect(given.payload?.input).toMatchObject({ palette: 'warm' });
    expect(habits(given)).toMatchObject([{ state: 'always', not_applied: expect.any(String) }]);
    const undone = await card();
    await decide(undone, { palette: 'warm' });
    expect(await inputOf(undone.run_id)).toMatchObject({ palette: 'warm' });
    await client.setMemory(id, 'proposed');
    expect((await card()).payload?.input).toEqual({ prompt: 'a quiet harbour' });
  }, 120_000);

  it('deleted, it is gone from every row', async () => {
    const { deleted } = await client.forgetModel({ ...MODEL, user_id: 'dana' });
    expect(deleted).toBeGreaterThan(0);
    expect((await client.parameterMemory({ user_id: 'dana' })).memories).toEqual([]);
    const { rows } = await house.db.query(`SELECT 1 FROM hitl_observations WHERE user_id = 'dana' AND fields::text LIKE '%palette%'`);
    expect(rows).toEqual([]);
    expect(habits(await card())).toEqual([]);
  });
});
