import { usdOf, type Booking, type Cap, type Instant, type LaunchOutcome, type Micros, type Run, type RunEvent, type Spending } from '@countersign/core';
import { aLaunch, allowed, anApproval, aPreparation, insertRun, move, NOON, type BudgetBook, type Wish } from '@countersign/core/testing';
import { dayOf } from '@countersign/core';
import { PostgresBudgetStore } from '../postgres/stores/postgres-budget.store';
import type { DatabaseStage } from './database-stage';

/** Commits of one move: the first may make the day's counters, the second may lose a race. */
const TRIES = 3;
const SPENDERS = 1_000; // lines of spending: more than any test has users

/** The budget of one tenant, moved the way the house moves it: runs that ask, launch and end. */
export class StoredBudget implements BudgetBook {
  private readonly budgets: PostgresBudgetStore;
  private readonly runs = new Map<string, string>();

  constructor(private readonly stage: DatabaseStage, private readonly tenantId: string) {
    this.budgets = new PostgresBudgetStore(stage.pool);
  }

  async cap({ userId, micros }: Pick<Cap, 'userId' | 'micros'>): Promise<void> {
    await this.budgets.setCap({ tenantId: this.tenantId, userId, micros, onUnknown: 'ask', setBy: 'human:admin', setAt: NOON });
  }

  async reserve({ run: name, userId, micros, at, overriddenBy }: Wish): Promise<boolean> {
    const runId = this.runs.get(name) ?? (await this.begin(name, userId));
    let run = await this.run(runId);
    if (run.status === 'awaiting_human') run = await move(this.stage, run, { type: 'returned', by: 'human:ann', why: 'again' }, at);
    return this.ask(run, { micros, overriddenBy }, at);
  }

  async release(name: string): Promise<void> {
    const run = await this.runNamed(name);
    if (run.status !== 'cancelled') await move(this.stage, run, { type: 'cancelled', by: 'human:ann', reason: 'enough' });
  }

  async settle(name: string, actual: Micros | null): Promise<void> {
    const waiting = await this.runNamed(name);
    const run = await move(this.stage, waiting, 'approved');
    const launch = aLaunch({ runId: run.runId, attempt: run.attempt });
    await this.stage.launches.begin(launch);
    await this.stage.launches.change(launch.launchId, { status: 'failed', nextCheckAt: null, finishedAt: NOON, outcome: costing(actual) }, []);
  }

  async spending(at: Instant): Promise<Spending[]> {
    return this.budgets.spending(this.tenantId, dayOf(at), SPENDERS);
  }

  private async ask(run: Run, booking: Booking, at: Instant): Promise<boolean> {
    const event: RunEvent = { type: 'asked', approval: anApproval({ runId: run.runId }), booking };
    for (let tries = 0; tries < TRIES; tries += 1) if ((await this.stage.runs.commit(allowed(run, event, at), [], [])).ok) return true;
    return false;
  }

  private async begin(name: string, userId: string): Promise<string> {
    const queued = await insertRun(this.stage, { tenantId: this.tenantId, userId });
    const started = await move(this.stage, queued, 'started', NOON);
    await move(this.stage, started, { type: 'prepared', preparation: aPreparation({ estimate: { amount: 1, currency: 'USD', basis: 'priced' } }) }, NOON);
    this.runs.set(name, queued.runId);
    return queued.runId;
  }

  private async runNamed(name: string): Promise<Run> {
    return this.run(this.runs.get(name) ?? '');
  }

  private async run(runId: string): Promise<Run> {
    const run = await this.stage.runs.find(runId);
    if (!run) throw new Error(`no run ${runId}`);
    return run;
  }
}

function costing(actual: Micros | null): LaunchOutcome {
  const cost = { amount: actual === null ? null : usdOf(actual), currency: 'USD', basis: 'told' } as const;
  return { kind: 'failed', reason: 'model_error', message: 'm', detail: 'd', metrics: null, cost };
}
