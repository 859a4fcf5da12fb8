import type { CountersignClient, RunRequest } from '@countersign/client';
import { setTimeout as pause } from 'node:timers/promises';
import { CALL_MS, persevere } from './persevere';
import type { PlannedRun } from './schedule';

/** Callers who ask until they are told that their run is accepted, always under the same key. */

/** Somebody changes their mind this long after asking, ms. */
const SECOND_THOUGHT_MS = 1_500;
const HELD_MS = 5_000;

export class Load {
  /** By id; undefined for the runs that measure recovery. */
  readonly accepted = new Map<string, PlannedRun | undefined>();
  /** What the house said no to, which it should not. */
  readonly refused: string[] = [];

  constructor(private readonly client: CountersignClient, private readonly name: string, private readonly signal: AbortSignal) {}

  async run(plans: readonly PlannedRun[]): Promise<void> {
    const begunAt = performance.now();
    await Promise.all(plans.map(async (plan) => {
      await pause(Math.max(0, plan.atMs - (performance.now() - begunAt)));
      await this.see(plan).catch((error: unknown) => this.refused.push(`run ${plan.n}: ${String(error)}`));
    }));
  }

  async start(request: RunRequest, key: string, plan?: PlannedRun): Promise<string> {
    const idempotencyKey = `${this.name}-${key}`;
    const { run_id: runId } = await persevere(() => this.client.startRun(request, { idempotencyKey, timeoutMs: CALL_MS }), this.signal);
    this.accepted.set(runId, plan);
    return runId;
  }

  private async see(plan: PlannedRun): Promise<void> {
    const runId = await this.start(requestOf(plan), String(plan.n), plan);
    if (plan.fate === 'cancel') await this.command(() => this.client.cancel(runId, { reason: 'changed my mind', timeoutMs: CALL_MS }));
    if (plan.fate !== 'hold') return;
    await this.command(() => this.client.pause(runId, { timeoutMs: CALL_MS }));
    await pause(HELD_MS);
    await this.command(() => this.client.resume(runId, { timeoutMs: CALL_MS }));
  }

  /** A run that has ended meanwhile, or that this very command has ended already, refuses: that is an answer too. */
  private async command(ask: () => Promise<unknown>): Promise<void> {
    await pause(SECOND_THOUGHT_MS);
    await persevere(ask, this.signal).catch((error: { code?: string }) => {
      if (error.code !== 'ILLEGAL_STATE') throw error;
    });
  }
}

function requestOf({ n, policy, provider, model, parameters }: PlannedRun): RunRequest {
  return {
    // Words of its own: a lost answer can only be found by what was asked for.
    run_input: { prompt: `A quiet harbour at dawn, number ${n}`, provider, model, parameters },
    hitl_config: { policy },
  };
}
