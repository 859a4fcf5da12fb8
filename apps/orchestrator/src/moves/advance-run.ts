/*
 * What this is: the only writer of run state. Loads a run and the facts on record, asks core what happens next, commits
 * it, and goes on until nothing more can happen without somebody else.
 * Invariants: one commit per move, with everything it causes (2, 4); a stale version means somebody else moved the run,
 * so look again; every call may come twice (3).
 * To extend: what happens next is decided in core's next-move.ts, not here.
 */
import {
  inOneGo, nextMove, transition, type Clock, type CommandStore, type Facts, type Grounds, type LiveState,
  type Move, type Run, type RunEvent, type RunOnRecord, type RunStore, type Transition,
} from '@countersign/core';
import { RetryableError, type Doorbells } from '@countersign/queues';
import type { AnswerByClock } from './answer-by-clock';
import type { Ask } from './ask';
import type { PrepareRun } from './prepare-run';
import { bellsOf } from './run-effects';

/** Moves in one go: a run has five steps, each with a few moves. More means a loop, and a loop must end. */
const MAX_MOVES = 30;
/** Looks at a run that others keep moving, or whose commands come one after the other. */
const MAX_TRIES = 30;

export interface Records {
  runs: RunStore;
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

  /**
   * Moves the run as far as it goes. Moves between which nobody has to wait are committed together: one history line
   * each, one commit. Safe to call twice, late or for a run that waits.
   */
  async advance(runId: string): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const found = await this.records.runs.onRecord(runId, this.clock.now());
      if (!found || (await this.goOn(found)) === 'at rest') return;
    }
    throw new RetryableError(`run ${runId} did not come to rest within ${MAX_TRIES} tries`);
  }

  /** `look again`: something outside the gathered moves changed, so facts are to be read anew. */
  private async goOn({ run: loaded, ...onRecord }: RunOnRecord): Promise<'at rest' | 'look again'> {
    const journey: Journey = { run: loaded, gathered: null, commands: [] };
    let facts: Facts = { ...onRecord, now: this.clock.now(), preparation: null };
    for (let moves = 0; moves < MAX_MOVES; moves += 1) {
      const move = nextMove(journey.run, facts);
      if (move.kind === 'wait') return this.arrive(journey, 'at rest');
      if (move.kind === 'time_out') {
        await this.hands.answerByClock.timeOut(move);
        return 'look again';
      }
      if (move.kind === 'prepare') {
        const answer = await this.hands.prepareRun.prepare(journey.run);
        if (answer.kind === 'asked') return this.arrive(journey, 'at rest');
        facts = { ...facts, preparation: answer.preparation };
        continue;
      }
      const command = facts.command;
      if (!(await this.gather(journey, move, facts))) return this.arrive(journey, 'look again');
      if (command) return this.arrive(journey, 'look again');
      if (move.kind === 'ask') return this.arrive(journey, 'at rest');
      // A question that is put again is about the same launch as before.
      const launch = move.event.type === 'returned' ? facts.launch : null;
      facts = { now: this.clock.now(), command: null, approval: null, launch, preparation: null, budget: facts.budget };
    }
    throw new RetryableError(`run ${loaded.runId} did not come to rest within ${MAX_MOVES} moves`);
  }

  /**
   * Writes something that happened beside the run's own course into its history. `noteOf` is asked before each try, after
   * the run was read: what it saw on record is still all there is when the commit holds.
   */
  async note(runId: string, noteOf: () => Promise<Extract<RunEvent, { type: 'noted' }> | null>): Promise<void> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const run = await this.records.runs.find(runId);
      const event = run && (await noteOf());
      if (!event) return;
      const answer = transition(run, event, this.clock.now());
      if (!answer.ok) return;
      if (await this.commit(answer.transition, [])) return;
    }
    throw new RetryableError(`run ${runId} kept moving`);
  }

  /** Takes the move into the journey; false when it is not legal, which only a command can be. */
  private async gather(journey: Journey, move: Extract<Move, { kind: 'event' | 'ask' }>, grounds: Grounds): Promise<boolean> {
    const { run } = journey;
    const event = move.kind === 'ask' ? await this.hands.ask.asked(run, move) : move.event;
    const answer = transition(run, event, this.clock.now(), grounds);
    if (answer.ok) {
      journey.gathered = journey.gathered ? inOneGo(journey.gathered, answer.transition) : answer.transition;
      journey.run = journey.gathered.run;
      if (move.command) journey.commands.push(move.command.commandId);
      return true;
    }
    if (!move.command) throw new RetryableError(`run ${run.runId}: ${answer.refusal.detail}`);
    await this.records.commands.refuse(move.command.commandId, answer.refusal.detail);
    await this.live.moved(run.runId, run.version);
    return false;
  }

  /** Commits what was gathered; somebody who was faster makes us look again. */
  private async arrive<T extends 'at rest' | 'look again'>({ gathered, commands }: Journey, then: T): Promise<T | 'look again'> {
    if (!gathered) return then;
    return (await this.commit(gathered, commands)) ? then : 'look again';
  }

  private async commit(gathered: Transition, commands: string[]): Promise<boolean> {
    const committed = await this.records.runs.commit(gathered, bellsOf(gathered.run, gathered.effects), commands);
    if (!committed.ok) return false;
    await Promise.all([
      this.doorbells.ring(committed.bells),
      this.live.moved(committed.run.runId, committed.run.version).catch(() => undefined),
    ]);
    return true;
  }
}

/** Moves made but not committed yet. */
interface Journey {
  run: Run;
  gathered: Transition | null;
  commands: string[];
}
