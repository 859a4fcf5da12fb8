import type { Principal } from '@countersign/core';
import type { GatewayEnv } from '../../gateway.env';
import { WriteBudget } from './write-budget';

const who = (userId: string, tenantId = 't'): Principal => ({ tenantId, userId, roles: [] });
const budgetOf = (limit: number): WriteBudget => new WriteBudget({ WRITES_PER_MINUTE: limit } as GatewayEnv);

describe('the write budget', () => {
  it('grants a minute\'s worth at once, then tells when to come back', () => {
    const budget = budgetOf(6);
    for (let n = 0; n < 6; n += 1) expect(budget.take(who('ann'), 0)).toBeNull();
    expect(budget.take(who('ann'), 0)).toBe(10);
    expect(budget.take(who('ann'), 9_999)).toBe(1);
    expect(budget.take(who('ann'), 10_000)).toBeNull();
    expect(budget.take(who('ann'), 10_000)).toBe(10);
  });

  it('never saves up more than a minute\'s worth', () => {
    const budget = budgetOf(2);
    expect(budget.take(who('ann'), 0)).toBeNull();
    const later = 3_600_000;
    expect([1, 2, 3].map(() => budget.take(who('ann'), later) === null)).toEqual([true, true, false]);
  });

  it('counts each principal alone, also when names look alike', () => {
    const budget = budgetOf(1);
    expect(budget.take(who('b', 'a/'), 0)).toBeNull();
    expect(budget.take(who('/b', 'a'), 0)).toBeNull();
    expect(budget.take(who('b', 'a/'), 0)).not.toBeNull();
  });
});
