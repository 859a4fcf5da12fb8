/*
 * What this is: the only writer of run state. Loads a run and the facts on record, asks core what happens next, commits
 * it, and goes on until nothing more can happen without somebody else.
 * Invariants: one commit per move, with everything it causes (2, 4); a stale version means somebody else moved the run,
 * so look again; every call may come twice (3).
 * To extend: what happens next is decided in core's next-move.ts, not here.
 */
import {
  nextMove, transition, type ApprovalStore, type Clock, type CommandStore, type Facts, type LaunchStore, type LiveState,
  type Move, type Preparation, type Run, type RunEvent, type RunStore, pendingApprovalOf,
} from '@countersign/core';
import { RetryableError, type Doorbells } from '@countersign/queues';
import type { AnswerByClock } from './answer-by-clock';
import type { Ask } from './ask';
import type { PrepareRun } from './prepare-run';
import { bellsOf } from './run-effects';

/** Moves in one go: a run has at most five steps, each with a few moves. More means a loop, and a loop must end. */
const MAX_MOVES = 30;

export interface Records {
  runs: RunStore;
  approvals: ApprovalStore;
  launches: LaunchStore;
  commands: CommandStore;
}

export interface Hands {
  ask: Ask;
  prepareRun: PrepareRun;
  answerByClock: AnswerByClock;
}

export class AdvanceRun {
  constructor(
    private readonly records: Records,
    private readonly hands: Hands,
    private readonly doorbells: Doorbells,
    private readonly live: LiveState,
    private readonly clock: Clock,
  ) {}

  /** Moves the run as far as it goes. Safe to call twice, late or for a run that waits. */
  async advance(runId: string): Promise<void> {
    let run = await this.records.runs.find(runId);
    if (!run) return;
    let preparation: Preparation | null = null;
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const facts: Facts = await this.factsOf(run, preparation);
      const move = nextMove(run, facts);
      if (move.kind === 'wait') return;
      if (move.kind === 'prepare') {
        const answer = await this.hands.prepareRun.prepare(run);
        if (answer.kind === 'asked') return;
        preparation = answer.preparation;
        continue;
      }
      if (move.kind === 'time_out') await this.hands.answerByClock.timeOut(move);
      else run = await this.move(run, move);
      if (move.kind !== 'time_out') preparation = null;
    }
    throw new RetryableError(`run ${runId} did not come to rest within ${MAX_MOVES} moves`);
  }

  /** Writes something that happened beside the run's own course into its history. */
  async note(runId: string, event: Extract<RunEvent, { type: 'noted' }>): Promise<void> {
    for (let tries = 0; tries < MAX_MOVES; tries += 1) {
      const run = await this.records.runs.find(runId);
      if (!run) return;
      const answer = transition(run, event, this.clock.now());
      if (!answer.ok) return;
      if (await this.commit(answer.transition, [])) return;
    }
    throw new RetryableError(`run ${runId} kept moving`);
  }

  private async factsOf(run: Run, preparation: Preparation | null): Promise<Facts> {
    const approvalId = pendingApprovalOf(run);
    const isCalling = run.status === 'running' && run.step === 'api_call';
    const [commands, approval, launch] = await Promise.all([
      this.records.commands.open(run.runId),
      approvalId === null ? null : this.records.approvals.find(approvalId),
      isCalling ? this.records.launches.ofAttempt(run.runId, run.attempt) : null,
    ]);
    return { now: this.clock.now(), command: commands[0] ?? null, approval, launch, preparation };
  }

  /** The run after the move; read again when somebody else was first. */
  private async move(run: Run, move: Extract<Move, { kind: 'event' | 'ask' }>): Promise<Run> {
    const event = move.kind === 'ask' ? await this.hands.ask.asked(run, move) : move.event;
    const answer = transition(run, event, this.clock.now());
    if (!answer.ok) {
      if (!move.command) throw new RetryableError(`run ${run.runId}: ${answer.refusal.detail}`);
      await this.records.commands.refuse(move.command.commandId, answer.refusal.detail);
      await this.live.moved(run.runId, run.version);
      return run;
    }
    const moved = await this.commit(answer.transition, move.command ? [move.command.commandId] : []);
    return moved ?? this.readAgain(run);
  }

  private async commit(allowed: Extract<ReturnType<typeof transition>, { ok: true }>['transition'], commands: string[]): Promise<Run | null> {
    const committed = await this.records.runs.commit(allowed, bellsOf(allowed.run, allowed.effects), commands);
    if (!committed.ok) return null;
    await Promise.all([
      this.doorbells.ring(committed.bells),
      this.live.moved(committed.run.runId, committed.run.version).catch(() => undefined),
    ]);
    return committed.run;
  }

  private async readAgain(run: Run): Promise<Run> {
    const again = await this.records.runs.find(run.runId);
    if (!again) throw new RetryableError(`run ${run.runId} is gone`);
    return again;
  }
}
