import { usdOf, type Cap, type Day, type Spending } from '@countersign/core';
import type { BudgetLineView, BudgetView } from '../api/budget-views';

/** Caps and spending of one day, matched by user. */
export function budgetView(day: Day, caps: readonly Cap[], spending: readonly Spending[]): BudgetView {
  const users = [...new Set([...caps, ...spending].flatMap(({ userId }) => (userId === null ? [] : [userId])))].sort();
  const lines = [null, ...users].map((userId) =>
    lineView(userId, caps.find((cap) => cap.userId === userId), spending.find((line) => line.userId === userId)));
  return { day, currency: 'USD', lines };
}

function lineView(userId: string | null, cap: Cap | undefined, spent: Spending | undefined): BudgetLineView {
  const [used, reserved] = [spent?.usedMicros ?? 0, spent?.reservedMicros ?? 0];
  return {
    scope: userId === null ? 'tenant' : 'user', user_id: userId,
    cap_usd: cap ? usdOf(cap.micros) : null, used_usd: usdOf(used), reserved_usd: usdOf(reserved),
    left_usd: cap ? usdOf(cap.micros - used - reserved) : null,
    unknown_estimate: cap?.onUnknown ?? null, set_by: cap?.setBy ?? null, set_at: cap?.setAt ?? null,
  };
}
