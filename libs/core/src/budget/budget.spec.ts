import fc from 'fast-check';
import { aPreparation, aDecision, anApproval, aRun, NOON, aConsent } from '../testing/factories';
import { transition } from '../run/transition';
import type { CostEstimate } from '../ports/ai-provider';
import type { BudgetFacts, BudgetLine } from './budget';
import { asksForMoney, budgetGate, overriding } from './budget-gate';
import { budgetContext, consentWithMoney, withMoney } from './guard-launch';
import { microsOf, microsOfEstimate, sayMoney, usdOf } from './money';
import { withObservedTime } from './observed-time';
import { actualMicros, costOfLaunches, costOfOutcome, withLaunchCost } from './run-cost';

const usd = (amount: number | null, basis = 'price list'): CostEstimate => ({ amount, currency: 'USD', basis });
const line = (over: Partial<BudgetLine> = {}): BudgetLine =>
  ({ userId: null, micros: 1_000_000, usedMicros: 0, reservedMicros: 0, onUnknown: 'ask', ...over });
const facts = (lines: BudgetLine[], held: BudgetFacts['held'] = null): BudgetFacts => ({ day: '2026-11-22', lines, held });

describe('money', () => {
  it.each([[0.003, 3_000], [0.0018, 1_800], [0.1 + 0.2, 300_000], [0.0000001, 1], [0, 0], [29.99, 29_990_000]])('$%s is %s micro-dollars', (dollars, micros) => {
    expect(microsOf(dollars)).toBe(micros);
  });

  it('comes back as it went for every whole number of micro-dollars', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000_000 }), (micros) => microsOf(usdOf(micros)) === micros));
  });

  it.each([[50_000, '$0.05'], [2_500, '$0.0025'], [0, '$0.00'], [12_000_000, '$12.00'], [1, '$0.000001']])('%s is said as %s', (micros, said) => {
    expect(sayMoney(micros)).toBe(said);
  });

  it('is not known where the amount is not, or makes no sense', () => {
    expect([null, usd(null), usd(Number.NaN), usd(-1), usd(0)].map(microsOfEstimate)).toEqual([null, null, null, null, 0]);
  });
});

describe('the budget gate', () => {
  it('sets nothing aside for what is free, whatever the caps say', () => {
    expect(budgetGate(usd(0), facts([line({ micros: 0 })]))).toEqual({ fits: true, booking: null });
  });

  it('lets through to the very cent and asks one millionth above it', () => {
    const tight = facts([line({ usedMicros: 600_000, reservedMicros: 300_000 })]);
    expect(budgetGate(usd(0.1), tight)).toEqual({ fits: true, booking: { micros: 100_000, overriddenBy: null } });
    expect(budgetGate(usd(0.100001), tight)).toMatchObject({ fits: false, reason: 'budget: the daily cap of $1.00 is reached: $0.60 used, $0.30 set aside, $0.100001 for this' });
  });

  it('names every cap that is passed, and what it would cost', () => {
    const answer = budgetGate(usd(2, '2 images × $1'), facts([line(), line({ userId: 'ann', micros: 500_000 }), line({ userId: 'ann', micros: 9_000_000 })]));
    expect(answer).toMatchObject({
      fits: false,
      context: { estimate_usd: 2, estimate_basis: '2 images × $1', caps: [{ scope: 'tenant', cap_usd: 1 }, { scope: 'user', user_id: 'ann', cap_usd: 0.5 }] },
    });
  });

  it('counts what is set aside for this run only once, and only today', () => {
    const full = line({ reservedMicros: 1_000_000 });
    expect(budgetGate(usd(0.4), facts([full], { day: '2026-11-22', micros: 400_000 })).fits).toBe(true);
    expect(budgetGate(usd(0.3), facts([full], { day: '2026-11-22', micros: 400_000 })).fits).toBe(true);
    expect(budgetGate(usd(0.4), facts([full], { day: '2026-11-21', micros: 400_000 })).fits).toBe(false);
  });

  it('asks about an unknown cost under a cap, unless the cap allows it or there is none', () => {
    expect(budgetGate(usd(null), facts([line()]))).toMatchObject({ fits: false, reason: 'budget: the cost is not known and a cap is set', context: { estimate_usd: null } });
    expect(budgetGate(null, facts([line()])).fits).toBe(false);
    expect(budgetGate(usd(null), facts([line({ onUnknown: 'allow' })]))).toEqual({ fits: true, booking: null });
    expect(budgetGate(usd(null), null)).toEqual({ fits: true, booking: null });
  });
});

describe('a launch and its money', () => {
  const run = aRun('running', { step: 'payload_review', preparation: aPreparation({ estimate: usd(0.5) }) });
  const waiting = aRun('awaiting_human', { preparation: aPreparation({ estimate: usd(0.5) }) });
  const full = facts([line({ usedMicros: 600_000 })]);

  it('goes with what it costs, or not at all', () => {
    const event = { type: 'approved', consent: aConsent() } as const;
    expect(withMoney(run, event, null)).toEqual({ ...event, booking: { micros: 500_000, overriddenBy: null } });
    expect(withMoney(run, event, full)).toBeNull();
    expect(withMoney({ ...run, preparation: aPreparation() }, event, full)).toEqual(event);
  });

  it('comes back to the question when the money is gone meanwhile, with what was edited', () => {
    const preparation = aPreparation({ estimate: usd(0.7) });
    const event = { type: 'approved', consent: aConsent(), preparation, edits: { n: 7 } } as const;
    expect(consentWithMoney(waiting, event, aDecision(), full)).toMatchObject({ type: 'returned', by: 'human:ann', preparation, edits: { n: 7 }, why: expect.stringContaining('cap of $1.00') });
  });

  it('passes a cap on the word of a person who may, and on nobody else\'s', () => {
    const event = { type: 'approved', consent: aConsent() } as const;
    expect(consentWithMoney(waiting, event, aDecision({ overridesCap: true }), full)).toEqual({ ...event, overridesCap: true, booking: { micros: 500_000, overriddenBy: 'human:ann' } });
    expect(consentWithMoney(waiting, event, aDecision({ by: 'policy:on_timeout' }), full).type).toBe('returned');
    expect(overriding(usd(null), 'human:ann')).toBeNull();
  });

  it('leaves other answers alone', () => {
    const event = { type: 'rejected', by: 'human:ann', reason: 'no' } as const;
    expect(consentWithMoney(waiting, event, aDecision({ action: 'reject' }), full)).toBe(event);
  });

  it('shows on the card only what stands in the way', () => {
    expect(budgetContext(aPreparation({ estimate: usd(0.5) }), full)).toHaveProperty('budget.caps');
    expect(budgetContext(aPreparation({ estimate: usd(0.4) }), full)).toEqual({});
    expect([asksForMoney({ budget: {} }), asksForMoney({ budget: null }), asksForMoney({})]).toEqual([true, false, false]);
  });

  it('is set aside when a person is asked, for the attempt that would follow', () => {
    const asked = transition(run, { type: 'asked', approval: anApproval({ runId: run.runId }), booking: { micros: 5, overriddenBy: null } }, NOON);
    expect(asked.ok && asked.transition.effects).toContainEqual({ kind: 'reserve', attempt: 1, booking: { micros: 5, overriddenBy: null } });
  });

  it('is given back when the run ends before its launch; a free run has nothing to give back', () => {
    const ends = (preparation = aPreparation({ estimate: usd(0.5) })) => transition({ ...waiting, preparation }, { type: 'rejected', by: 'human:ann', reason: 'no' }, NOON);
    const priced = ends(), free = ends(aPreparation());
    expect(priced.ok && priced.transition.effects).toContainEqual({ kind: 'release' });
    expect(free.ok && free.transition.effects).not.toContainEqual({ kind: 'release' });
  });
});

describe('what a run cost', () => {
  const metrics = { computeSeconds: 1, totalSeconds: 1 };
  const failed = (cost: CostEstimate | null) => ({ kind: 'failed', reason: 'model_error', message: 'm', detail: 'd', metrics, cost } as const);

  it('is the sum of its launches, to the micro-dollar', () => {
    const launches = [{ attempt: 1, outcome: failed(usd(0.1)) }, { attempt: 2, outcome: failed(usd(0.2)) }, { attempt: 3, outcome: null }];
    expect(costOfLaunches(launches)).toMatchObject({ amount: 0.3, basis: '2 launches: $0.1 + $0.2' });
  });

  it('of one launch is that launch\'s own', () => {
    expect(withLaunchCost(null, 1, usd(0.00001375, 'tokens'))).toMatchObject({ amount: 0.00001375, basis: 'tokens' });
  });

  it('says which parts are not known, and never takes them as free', () => {
    const both = withLaunchCost(withLaunchCost(null, 1, usd(null, 'not told')), 2, usd(0.2));
    expect(both).toMatchObject({ amount: 0.2, basis: 'at least; 2 launches: unknown (not told) + $0.2' });
    expect(withLaunchCost(null, 1, usd(null, 'not told'))).toMatchObject({ amount: null, basis: 'not told' });
  });

  it('counts a launch once, with what was told last', () => {
    const found = withLaunchCost(withLaunchCost(null, 1, usd(null, 'lost')), 1, usd(0.4, 'found'));
    expect(found).toEqual({ amount: 0.4, currency: 'USD', basis: 'found', parts: [{ attempt: 1, amount: 0.4, basis: 'found' }] });
  });

  it('keeps what rows from before know', () => {
    expect(withLaunchCost(usd(0.1), 2, usd(0.2))).toMatchObject({ amount: 0.3 });
  });

  it('is nothing where nothing was created, and not known where it was stopped or lost', () => {
    const refusal = { reason: 'throttled', message: 'm', detail: 'd', retryAfterMs: null, fields: [] } as const;
    const outcomes = [
      { kind: 'refused', refusal }, { kind: 'consent_mismatch', detail: '' }, { kind: 'stopped', billed: false, detail: '' },
      { kind: 'stopped', billed: true, detail: '' }, { kind: 'unknown', detail: '', jobIds: [] }, failed(null), failed(usd(0.25)),
    ] as const;
    expect(outcomes.map((outcome) => costOfOutcome({ ...outcome } as never).amount)).toEqual([0, 0, 0, null, null, null, 0.25]);
    expect(actualMicros(failed(usd(0.25)))).toBe(250_000);
  });

  it('of a run called off while it was at the provider is not known', () => {
    const calling = aRun('running', { step: 'api_call' });
    const answer = transition(calling, { type: 'cancelled', by: 'human:ann', reason: 'enough' }, NOON);
    expect(answer.ok && answer.transition.run.cost).toMatchObject({ amount: null, basis: 'called off before its cost was known' });
  });
});

describe('observed time', () => {
  const timed = { ...usd(null, 'the time is not known'), usdPerSecond: 0.001 };
  it('completes an estimate that lacks only the time, and says how', () => {
    expect(withObservedTime(timed, { seconds: 8.25, runs: 12 })).toEqual({ amount: 0.00825, currency: 'USD', basis: 'hardware at $0.001 a second × 8.25 s, the median of 12 runs' });
  });

  it('leaves unknown what nobody observed often enough', () => {
    expect(withObservedTime(timed, null)).toEqual(usd(null, 'the time is not known'));
    expect(withObservedTime(timed, { seconds: 8, runs: 2 }).amount).toBeNull();
    expect(withObservedTime(usd(null), { seconds: 8, runs: 12 })).toEqual(usd(null));
    expect(withObservedTime(usd(3), { seconds: 8, runs: 12 })).toEqual(usd(3));
  });
});
