import {
  pendingApprovalOf, statusAfter, type Approval, type CommandName, type Decision, type HitlConfig, type LaunchOutcome, type NewRun, type Run,
  type RunCommand,
} from '@countersign/core';
import { aCommand, aConfig, aDecision, aLaunch, anOutput, insertRun } from '@countersign/core/testing';
import { ScriptedProvider } from '@countersign/providers';
import type { OrchestratorStage } from './orchestrator-stage';

/** What requesters, reviewers and executors write down, for an orchestrator to find. */
export class People {
  constructor(private readonly stage: OrchestratorStage) {}

  /** The form of a scripted model, as an executor saves it. */
  async knowForm(model = 'scripted/echo'): Promise<void> {
    const answer = await new ScriptedProvider().form({ model, version: null });
    if (!answer.ok) throw new Error(answer.detail);
    await this.stage.forms.save({ provider: 'scripted', model, requestedVersion: null, form: answer.form, problem: null, fetchedAt: this.stage.clock.now() });
  }

  /** A run as the gateway inserts it; its model's form is known. */
  async start(config: Partial<HitlConfig> = {}, over: Partial<NewRun> = {}): Promise<Run> {
    await this.knowForm();
    return this.insert({ config: aConfig(config), ...over });
  }

  async insert(over: Partial<NewRun> = {}): Promise<Run> {
    return insertRun(this.stage, over);
  }

  async run(runId: string): Promise<Run> {
    const run = await this.stage.runs.find(runId);
    if (!run) throw new Error(`no run ${runId}`);
    return run;
  }

  async advance(runId: string): Promise<Run> {
    await this.stage.advanceRun.advance(runId);
    return this.run(runId);
  }

  /** @throws Error when the run waits for nobody */
  async pending(runId: string): Promise<Approval> {
    const id = pendingApprovalOf(await this.run(runId));
    const approval = id === null ? null : await this.stage.approvals.find(id);
    if (!approval) throw new Error(`run ${runId} waits for nobody`);
    return approval;
  }

  /** False when somebody, or the clock, was first. */
  async answer(approvalId: string, decision: Partial<Decision> = {}): Promise<boolean> {
    const given = aDecision({ at: this.stage.clock.now(), ...decision });
    const answer = await this.stage.approvals.record(approvalId, statusAfter(given.action, Object.keys(given.edits).length > 0), given, []);
    return answer.ok;
  }

  async decide(runId: string, decision: Partial<Decision> = {}): Promise<Run> {
    const { approvalId } = await this.pending(runId);
    if (!(await this.answer(approvalId, decision))) throw new Error('somebody was first');
    return this.advance(runId);
  }

  async command(runId: string, name: CommandName): Promise<RunCommand> {
    const command = aCommand({ runId, name, requestedAt: this.stage.clock.now() });
    await this.stage.commands.request(command, []);
    return command;
  }

  async outcomeOf({ commandId }: RunCommand): Promise<Pick<RunCommand, 'outcome' | 'detail'>> {
    const command = await this.stage.commands.find(commandId);
    return { outcome: command?.outcome ?? null, detail: command?.detail ?? null };
  }

  /** The executor launched the run's attempt, and this came of it. */
  async launch(runId: string, outcome: LaunchOutcome | null = aSuccess()): Promise<string> {
    const { attempt } = await this.run(runId);
    const now = this.stage.clock.now();
    const begun = await this.stage.launches.begin(aLaunch({ runId, attempt, submittedAt: now, nextCheckAt: now }));
    if (begun.kind !== 'begun') throw new Error(`the launch is ${begun.kind}`);
    const { launchId } = begun.launch;
    if (outcome) await this.stage.launches.change(launchId, { status: outcome.kind, outcome, finishedAt: now, nextCheckAt: null }, []);
    return launchId;
  }
}

export function aSuccess(): LaunchOutcome {
  return { kind: 'succeeded', output: anOutput(), metrics: { computeSeconds: 1, totalSeconds: 1 }, cost: null };
}
