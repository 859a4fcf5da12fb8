import { addMs, CHECKPOINT_RULES, nextMove, transition, type Approval, type CommandName, type Effect, type Move, type Run, type RunEvent } from '@countersign/core';
import { aCommand, anApproval, testId } from '@countersign/core/testing';
import type { ExecutorStage } from './executor-stage';

/** Moves of one run in one go; more mean that it goes in circles. */
const MAX_MOVES = 30;

/** A doorbell for the executor. */
export interface ExecutorJob {
  job: 'execution.launch' | 'execution.stop';
  runId: string;
  attempt: number;
}

/** Moves runs when a test says so, by the core's own rules, and keeps the doorbells that ring for the executor. */
export class HandOrchestrator {
  private readonly rung: ExecutorJob[] = [];

  constructor(private readonly stage: ExecutorStage) {}

  /** Goes on until the run waits for a person, a launch, or nothing. Safe to call twice at once. */
  async advance(runId: string): Promise<Run> {
    const { runs, commands, clock } = this.stage;
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const found = await runs.onRecord(runId, clock.now());
      if (!found) throw new Error(`no run ${runId}`);
      const { run, ...onRecord } = found;
      const facts = { ...onRecord, now: clock.now(), preparation: null };
      const move = nextMove(run, facts);
      if (move.kind === 'wait' || move.kind === 'time_out' || move.kind === 'prepare') return run;
      const answer = transition(run, move.kind === 'ask' ? this.asked(run, move) : move.event, clock.now(), facts);
      if (!answer.ok) {
        if (!move.command) throw new Error(answer.refusal.detail);
        await commands.refuse(move.command.commandId, answer.refusal.detail);
        continue;
      }
      const kept = await runs.commit(answer.transition, [], move.command ? [move.command.commandId] : []);
      if (kept.ok) this.rung.push(...answer.transition.effects.flatMap((effect) => jobsOf(runId, effect)));
    }
    throw new Error(`run ${runId} did not come to rest`);
  }

  async command(runId: string, name: CommandName): Promise<Run> {
    await this.stage.commands.request(aCommand({ runId, name }), []);
    return this.advance(runId);
  }

  /** What rang since the last call. */
  takeJobs(): ExecutorJob[] {
    return this.rung.splice(0);
  }

  private asked(run: Run, move: Extract<Move, { kind: 'ask' }>): RunEvent {
    const now = this.stage.clock.now();
    const preparation = move.preparation ?? run.preparation;
    const question = CHECKPOINT_RULES[move.checkpoint].question({ run, reason: move.reason, preparation, context: move.context, schema: { type: 'object' } });
    const approval: Approval = anApproval({
      ...question, approvalId: testId(), runId: run.runId, tenantId: run.tenantId, userId: run.userId, checkpoint: move.checkpoint, requestedAt: now,
      payload: preparation?.payload ?? null, payloadHash: preparation?.payloadHash ?? null, expiresAt: addMs(now, run.config.timeoutSeconds * 1000),
    });
    return { type: 'asked', approval, ...(move.booking && { booking: move.booking }), ...(move.cost && { cost: move.cost }) };
  }
}

function jobsOf(runId: string, effect: Effect): ExecutorJob[] {
  if (effect.kind === 'launch' || effect.kind === 'follow') return [{ job: 'execution.launch', runId, attempt: effect.attempt }];
  return effect.kind === 'stop_job' ? [{ job: 'execution.stop', runId, attempt: effect.attempt }] : [];
}
