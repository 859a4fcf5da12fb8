/*
 * What this is: pause, resume and cancel. The gateway writes the wish down and the orchestrator acts on it (2); the answer
 * is waited for a moment, so that most callers are told how it ended.
 */
import type { RunControlView } from '@countersign/contracts';
import {
  Clock, CommandStore, Ids, LiveState, mayControl, rowFor, RunStore, topics, type CommandName, type ControlName, type Principal, type Run, type RunCommand, type RunEventType,
} from '@countersign/core';
import { bell, Doorbells } from '@countersign/queues';
import { Injectable } from '@nestjs/common';
import { ProblemError } from '../http/answers/problem';
import { Reply } from '../http/answers/reply';
import { watchUntil } from '../http/answers/watch-until';
import { SeeRun } from './see-run';

/** The orchestrator acts within milliseconds, or is busy or away: then the caller is told that it was noted. */
const WAIT_MS = 5_000;
const OK = 200;
const ACCEPTED = 202;

interface Wording {
  event: RunEventType;
  done: string;
  noted: string;
}

const WORDING: Record<ControlName, Wording> = {
  pause: { event: 'paused', done: 'Run paused successfully', noted: 'Run will be paused' },
  resume: { event: 'resumed', done: 'Run resumed successfully', noted: 'Run will be resumed' },
  cancel: { event: 'cancelled', done: 'Run cancelled successfully', noted: 'Run will be cancelled' },
};

@Injectable()
export class CommandLog {
  constructor(private readonly commands: CommandStore, private readonly doorbells: Doorbells, private readonly clock: Clock, private readonly ids: Ids) {}

  async write(run: Pick<Run, 'runId'>, name: CommandName, by: string, reason: string): Promise<string> {
    const command: RunCommand = {
      commandId: this.ids.next(), runId: run.runId, name, by, reason, requestedAt: this.clock.now(), outcome: null, detail: null,
    };
    const { bells } = await this.commands.request(command, [bell('run.commanded', { run_id: run.runId, command_id: command.commandId })]);
    await this.doorbells.ring(bells);
    return command.commandId;
  }

  /** Somebody's wish is still on its way: how the run stands now says little about what may be asked of it. */
  async isWaiting(runId: string): Promise<boolean> {
    return (await this.commands.open(runId)).length > 0;
  }

  async outcome(commandId: string): Promise<RunCommand | null> {
    const command = await this.commands.find(commandId);
    return command?.outcome ? command : null;
  }
}

@Injectable()
export class CommandRun {
  constructor(private readonly see: SeeRun, private readonly runs: RunStore, private readonly log: CommandLog, private readonly live: LiveState) {}

  async command(principal: Principal, runId: string, name: ControlName, reason: string | undefined): Promise<Reply<RunControlView>> {
    const run = await this.see.run(principal, runId);
    if (!mayControl(principal, run)) throw new ProblemError('FORBIDDEN', `only the run's owner may ${name} it`);
    const { event, done, noted } = WORDING[name];
    if (!rowFor(event, run.status, run.step) && !(await this.log.isWaiting(runId))) throw new ProblemError('ILLEGAL_STATE', `a run that is ${run.status} cannot be ${event}`);
    const answer = await this.ask(run, name, { by: `human:${principal.userId}`, reason: reason ?? 'no reason given' });
    if (answer?.outcome === 'refused') throw new ProblemError('ILLEGAL_STATE', answer.detail ?? `the run could not be ${event}`);
    const now = (await this.runs.find(runId)) ?? run;
    const isDone = answer !== null;
    return new Reply(isDone ? OK : ACCEPTED, { success: isDone, message: isDone ? done : noted, run_id: runId, status: now.status });
  }

  private ask(run: Run, name: ControlName, { by, reason }: { by: string; reason: string }): Promise<RunCommand | null> {
    let commandId: string | null = null;
    return watchUntil(this.live, { topic: topics.run(run.runId), timeoutMs: WAIT_MS }, async () => {
      commandId ??= await this.log.write(run, name, by, reason);
      return this.log.outcome(commandId);
    });
  }
}
