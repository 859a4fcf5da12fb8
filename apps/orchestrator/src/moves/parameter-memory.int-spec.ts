import type { ParameterMemory, Decision, HabitOffer, MemoryEntry, NewRun } from '@countersign/core';
import { aPreparation } from '@countersign/core/testing';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const OWNER = { tenantId: 'default', userId: 'ann', provider: 'scripted', model: 'scripted/echo', version: '1' };

describe('what reviewers change', () => {
  let stage: OrchestratorStage;
  let people: People;
  let memory: ParameterMemory;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
    memory = stage.memory;
  });
  afterAll(() => stage.close());
  afterEach(() => memory.forgetAll(OWNER));

  /** A run that waits at its payload card. */
  async function asked(over: Partial<NewRun> = {}): Promise<string> {
    const { runId } = await people.start({ policy: 'require_human' }, over);
    await people.advance(runId);
    return runId;
  }
  async function repeat(value: number, decision: Partial<Decision> = {}): Promise<string> {
    const runId = await asked();
    const { payload } = await people.pending(runId);
    const input = { ...payload?.input, repeat: value };
    const payloadHash = stage.sha256(JSON.stringify(input));
    const preparation = aPreparation({ payload: payload && { ...payload, input }, payloadHash });
    await people.decide(runId, { action: 'edit', edits: { repeat: value }, preparation, by: 'human:rob', ...decision });
    return runId;
  }
  const habitsOf = async (runId: string) => ((await people.pending(runId)).context.habits ?? []) as unknown as HabitOffer[];
  const only = async (): Promise<MemoryEntry> => {
    const [entry] = (await memory.of(OWNER)).entries;
    if (!entry) throw new Error('nothing is remembered');
    return entry;
  };

  it('three times alike is on the fourth card, with its evidence, and is not applied', async () => {
    for (const n of [1, 2, 3]) {
      expect(await habitsOf(await asked())).toEqual([]);
      await repeat(2);
      expect((await only()).seen).toHaveLength(n);
    }
    const fourth = await asked();
    expect(await habitsOf(fourth)).toMatchObject([{ field: 'repeat', before: 1, after: 2, alike: 3, of: 3, evidence: 'last 3 of 3: repeat 1 → 2', state: 'proposed' }]);
    expect((await people.pending(fourth)).payload?.input).toEqual({ prompt: 'a red fox' });
    expect(await habitsOf(await asked({ userId: 'bob' }))).toEqual([]);
    expect(await habitsOf(await asked({ tenantId: 'other' }))).toEqual([]);
  });

  it('counts the cards that were approved as they were', async () => {
    for (const value of [2, null, 2, 2]) {
      if (value === null) await people.decide(await asked(), { action: 'approve' });
      else await repeat(value);
    }
    expect(await habitsOf(await asked())).toMatchObject([{ evidence: 'last 3 of 4: repeat 1 → 2' }]);
    await people.decide(await asked(), { action: 'approve' });
    expect(await habitsOf(await asked())).toMatchObject([{ evidence: 'last 3 of 5: repeat 1 → 2' }]);
    await people.decide(await asked(), { action: 'approve' });
    expect(await habitsOf(await asked())).toEqual([]);
    await people.decide(await asked(), { action: 'reject', reason: 'no' });
    expect((await memory.of(OWNER)).reviewed).toEqual({ payloads: 6, changed: 3 });
  });

  it('is applied once a person switched it on, listed on the card, until it is switched off', async () => {
    await repeat(2);
    const { memoryId } = await only();
    await memory.rule(memoryId, { state: 'always', by: 'human:ann', at: stage.clock.now() });
    const runId = await asked();
    const card = await people.pending(runId);
    expect(card.payload?.input).toEqual({ prompt: 'a red fox', repeat: 2 });
    expect(card.context.fixes).toEqual([{ field: 'repeat', before: 1, after: 2, rule: `memory ${memoryId}, switched on by human:ann`, memory_id: memoryId }]);
    const explicit = await asked({ originalInput: { prompt: 'a red fox', parameters: { repeat: 1 } } });
    expect((await people.pending(explicit)).payload?.input).toEqual({ prompt: 'a red fox', repeat: 1 });
    expect(await habitsOf(explicit)).toMatchObject([{ state: 'always', not_applied: expect.any(String) }]);
    await memory.rule(memoryId, null);
    expect((await people.pending(await asked())).payload?.input).toEqual({ prompt: 'a red fox' });
  });

  it('under policy auto a rule applies too, and the run says so', async () => {
    await repeat(2);
    await memory.rule((await only()).memoryId, { state: 'always', by: 'human:ann', at: stage.clock.now() });
    const { runId } = await people.start({ policy: 'auto' });
    const run = await people.advance(runId);
    expect(run).toMatchObject({ step: 'api_call', preparation: { payload: { input: { repeat: 2 } }, fixes: [{ field: 'repeat', rule: expect.stringContaining('human:ann') }] } });
    expect((await stage.history(runId)).find(({ type }) => type === 'prepared')?.metadata).toMatchObject({ fixes: 1 });
  });

  it('lowers confidence when it was most payloads, and a person is asked with the reason', async () => {
    for (let n = 0; n < 5; n += 1) await repeat(n + 2);
    const { runId } = await people.start({ policy: 'auto_with_thresholds' });
    await people.advance(runId);
    expect((await people.pending(runId)).context.reason).toBe('confidence 0.70 is below 0.9: reviewers changed 5 of the last 5 payloads of this model version');
    await memory.forgetAll(OWNER);
    const fresh = await people.start({ policy: 'auto_with_thresholds' });
    expect(await people.advance(fresh.runId)).toMatchObject({ step: 'api_call' });
  });

  it('is remembered once, however often the decision is acted on, by however many', async () => {
    const runId = await asked();
    const { approvalId } = await people.pending(runId);
    await people.answer(approvalId, { action: 'respond', message: 'twice', edits: { repeat: 2 } });
    const other = await stage.another();
    await Promise.allSettled([stage.advanceRun, other.advanceRun, stage.advanceRun, other.advanceRun].map((each) => each.advance(runId)));
    await people.advance(runId);
    expect((await only()).seen).toEqual([{ before: 1, after: 2 }]);
    expect((await memory.of(OWNER)).reviewed).toEqual({ payloads: 1, changed: 1 });
  });
});
