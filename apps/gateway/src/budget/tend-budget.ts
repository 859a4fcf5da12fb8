import { budgetView, type BudgetView, type CapDto } from '@countersign/contracts';
import { BudgetStore, Clock, dayOf, has, microsOf, type Day, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { GatewayLog } from '../http/gateway-log';
import { ProblemError } from '../http/answers/problem';

/** Users on one page of a day's spending: more than a tenant has at work in a day. */
const LINES = 10_000;

/** Caps of the caller's own tenant, and what was spent under them. */
@Injectable()
export class TendBudget {
  constructor(private readonly budgets: BudgetStore, private readonly clock: Clock, private readonly log: GatewayLog) {}

  /** Requesters see the tenant's line and their own, everybody else all of them. */
  async see(principal: Principal, day: Day = dayOf(this.clock.now())): Promise<BudgetView> {
    const { tenantId, userId } = principal;
    const seesAll = has(principal, 'reviewer') || has(principal, 'admin') || has(principal, 'operator');
    const mine = (line: { userId: string | null }): boolean => seesAll || line.userId === null || line.userId === userId;
    const [caps, spending] = await Promise.all([this.budgets.caps(tenantId), this.budgets.spending(tenantId, day, LINES)]);
    return budgetView(day, caps.filter(mine), spending.filter(mine));
  }

  async set(principal: Principal, { amount_usd: amount, for_user_id: forUser, unknown_estimate: onUnknown = 'ask' }: CapDto): Promise<BudgetView> {
    refuseOthers(principal);
    const userId = forUser ?? null;
    const setBy = `human:${principal.userId}`;
    await this.budgets.setCap({ tenantId: principal.tenantId, userId, micros: microsOf(amount), onUnknown, setBy, setAt: this.clock.now() });
    this.log.logger.info({ tenant_id: principal.tenantId, user_id: userId, amount_usd: amount, by: setBy }, 'a budget cap was set');
    return this.see(principal);
  }

  async remove(principal: Principal, userId: string | null): Promise<BudgetView> {
    refuseOthers(principal);
    const by = `human:${principal.userId}`;
    if (!(await this.budgets.removeCap(principal.tenantId, userId, by, this.clock.now()))) throw new ProblemError('CAP_NOT_FOUND', 'there is no such cap');
    this.log.logger.info({ tenant_id: principal.tenantId, user_id: userId, by }, 'a budget cap was removed');
    return this.see(principal);
  }
}

function refuseOthers(principal: Principal): void {
  if (!has(principal, 'admin')) throw new ProblemError('FORBIDDEN', 'caps are for admins to set');
}
