/// <reference types="jest" />
import { addMs } from '../json';
import type { ModelCalls, NewModelCall } from '../ports/model-calls';
import { anApproval, NOON, testId } from './factories';
import { aBell, move, storedRun, type StoreStage } from './store-stage';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const PLENTY = { callsPerRun: 1_000, callsPerDay: 1_000, tokensPerDay: 1_000_000 };

/** What every book of model calls must do. */
export function modelCallsContract(stage: () => StoreStage, calls: () => ModelCalls): void {
  /** Days of their own keep the budgets of tests apart. */
  let day = 0;
  let now = NOON;
  beforeEach(() => {
    day += 4;
    now = addMs(NOON, day * DAY);
  });

  const approvalId = async (): Promise<{ runId: string; approvalId: string }> => {
    const run = await storedRun(stage(), 'running', 'payload_review');
    const approval = anApproval({ runId: run.runId });
    await move(stage(), run, { type: 'asked', approval });
    return { runId: run.runId, approvalId: approval.approvalId };
  };
  const aCall = async (over: Partial<NewModelCall> = {}): Promise<NewModelCall> => ({
    callId: testId(), purpose: 'reading', words: 'a bit wider', askedAt: now, until: addMs(now, MINUTE), ...(await approvalId()), ...over,
  });
  const asked = async (over: Partial<NewModelCall> = {}): Promise<NewModelCall> => {
    const call = await aCall(over);
    await calls().request(call, []);
    return call;
  };
  const begin = (callId: string, budget = PLENTY, tokens = 100, at = now) => calls().begin(callId, { model: 'house:small', tokens, at }, budget);
  const end = (callId: string, outcome: 'answered' | 'slow' = 'answered', tokens: number | null = null) =>
    calls().end(callId, { outcome, answer: outcome === 'answered' ? { edits: [] } : null, tokens, at: now }, []);

  it('says which model the house has', async () => {
    await calls().announce('house:small');
    await calls().announce('house:large');
    expect(await calls().announced()).toBe('house:large');
    await calls().announce(null);
    expect(await calls().announced()).toBeNull();
  });

  it('keeps a question with its doorbell, and what became of it', async () => {
    const call = await aCall();
    const bell = aBell();
    const { call: kept, bells } = await calls().request(call, [bell]);
    expect(kept).toEqual({ ...call, model: null, outcome: null, answer: null });
    expect(bells).toEqual([{ ...bell, id: expect.any(String) }]);
    expect(await begin(call.callId)).toBe('begun');
    expect(await end(call.callId)).toEqual({ isMine: true, bells: [] });
    expect(await calls().find(call.callId)).toEqual({ ...call, model: 'house:small', outcome: 'answered', answer: { edits: [] } });
    expect(await calls().find(testId())).toBeNull();
  });

  it('keeps words that a database finds hard', async () => {
    const call = await asked({ words: 'wider \0 and \ud800 more' });
    expect((await calls().find(call.callId))?.words).toBe('wider \ufffd and \ufffd more');
  });

  it('begins a question once, however many want to', async () => {
    const { callId } = await asked();
    const answers = await Promise.all(Array.from({ length: 8 }, () => begin(callId)));
    expect(answers.sort()).toEqual(['begun', ...Array.from({ length: 7 }, () => 'taken')]);
    await end(callId);
    expect(await begin(callId)).toBe('taken');
    expect(await begin(testId())).toBe('taken');
  });

  it('lets the first end stand, with its doorbells only', async () => {
    const { callId } = await asked();
    await begin(callId);
    const answers = await Promise.all(Array.from({ length: 4 }, () => calls().end(callId, { outcome: 'slow', answer: null, tokens: null, at: now }, [aBell()])));
    expect(answers.map(({ isMine, bells }) => [isMine, bells.length]).sort()).toEqual([[false, 0], [false, 0], [false, 0], [true, 1]]);
  });

  it('does not ask the same words of the same approval again while they are read, or once they were', async () => {
    const call = await asked();
    const again = { ...call, callId: testId() };
    expect((await calls().request(again, [aBell()])).call.callId).toBe(call.callId);
    await begin(call.callId);
    await end(call.callId);
    expect(await calls().request(again, [aBell()])).toMatchObject({ call: { callId: call.callId, outcome: 'answered' }, bells: [] });
    expect((await calls().request({ ...again, words: 'a bit smaller' }, [])).call.callId).toBe(again.callId);
    expect(await calls().request(call, [])).toMatchObject({ call: { callId: call.callId } });
  });

  it('asks again what came to nothing', async () => {
    const slow = await asked();
    await end(slow.callId, 'slow');
    const again = { ...slow, callId: testId() };
    expect((await calls().request(again, [])).call.callId).toBe(again.callId);
    const lost = await asked({ until: addMs(now, 10) });
    const later = { ...lost, callId: testId(), askedAt: addMs(now, 20) };
    expect((await calls().request(later, [])).call.callId).toBe(later.callId);
  });

  it('lets a run ask so many times and no more, and another run still', async () => {
    const first = await asked();
    const [second, third] = [{ ...first, callId: testId(), words: 'two' }, { ...first, callId: testId(), words: 'three' }];
    for (const call of [second, third]) await calls().request(call, []);
    const budget = { ...PLENTY, callsPerRun: 2 };
    expect([await begin(first.callId, budget), await begin(second.callId, budget), await begin(third.callId, budget)]).toEqual(['begun', 'begun', 'over_budget']);
    expect(await begin((await asked()).callId, budget)).toBe('begun');
  });

  it('lets the house ask so many times in 24 hours, also when all ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => asked()));
    const budget = { ...PLENTY, callsPerDay: 4 };
    const answers = await Promise.all(all.map(({ callId }) => begin(callId, budget)));
    expect(answers.filter((answer) => answer === 'begun')).toHaveLength(4);
    const refused = all[answers.indexOf('over_budget')];
    expect(await begin(refused?.callId ?? '', budget, 100, addMs(now, DAY + 1))).toBe('begun');
  });

  it('counts the tokens that were taken, and those set aside where nobody said', async () => {
    const budget = { ...PLENTY, tokensPerDay: 1_000 };
    const [said, silent, large, small] = await Promise.all(Array.from({ length: 4 }, () => asked()));
    await begin(said?.callId ?? '', budget, 900);
    await end(said?.callId ?? '', 'answered', 100);
    await begin(silent?.callId ?? '', budget, 300);
    await end(silent?.callId ?? '', 'slow', null);
    expect(await begin(large?.callId ?? '', budget, 601)).toBe('over_budget');
    expect(await begin(small?.callId ?? '', budget, 600)).toBe('begun');
  });
}
