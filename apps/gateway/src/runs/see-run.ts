import type { RunStateView, RunView } from '@countersign/contracts';
import { runView } from '@countersign/contracts';
import {
  ApprovalStore, LaunchStore, LiveState, maySee, pendingApprovalOf, RunStore, type Approval, type JsonObject, type Principal, type Run, type StepEvent,
} from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { ArtifactUrls } from '../http/answers/artifact-urls';
import { ProblemError } from '../http/answers/problem';
import { stateView } from './state-view';

/** Events of one run that a view shows: a run has some ten; a browser agent that asks a lot may bring hundreds. */
const EVENTS_SHOWN = 10_000;
/** A run that moves between two reads is read again this often. */
const READS = 3;

interface Seen {
  run: Run;
  history: StepEvent[];
}

/** Runs as their owners and reviewers see them; for everybody else they do not exist. */
@Injectable()
export class SeeRun {
  constructor(
    private readonly runs: RunStore,
    private readonly approvals: ApprovalStore,
    private readonly launches: LaunchStore,
    private readonly live: LiveState,
    private readonly urls: ArtifactUrls,
  ) {}

  /** From the fast copy where there is one; it is dropped whenever the run moves. */
  async status(principal: Principal, runId: string): Promise<RunView> {
    const live = await this.live.get(runId).catch(() => null);
    if (live && !maySee(principal, live)) throw notFound(runId);
    const copied = live?.view as unknown as RunView | undefined;
    if (copied && (await this.stillAsked(copied))) return copied;
    const { run, history } = await this.load(principal, runId);
    const view = runView(run, history, await this.pending(run));
    const copy = { version: view.version, tenantId: run.tenantId, userId: run.userId, view: JSON.parse(JSON.stringify(view)) as JsonObject };
    await this.live.put(runId, copy).catch(() => false);
    return view;
  }

  async state(principal: Principal, runId: string, capabilities: (provider: string) => JsonObject | null): Promise<RunStateView> {
    const { run, history } = await this.load(principal, runId);
    const [approvals, launches] = await Promise.all([this.approvals.ofRun(runId), this.launches.ofRun(runId)]);
    return stateView({
      run, history, approvals, launches, capabilities: capabilities(run.provider), artifactUrl: (id) => this.urls.url(id),
    });
  }

  /** @throws ProblemError RUN_NOT_FOUND, also for runs of others */
  async run(principal: Principal, runId: string): Promise<Run> {
    const run = await this.runs.find(runId);
    if (!run || !maySee(principal, run)) throw notFound(runId);
    return run;
  }

  async pending(run: Run): Promise<Approval | null> {
    const approvalId = pendingApprovalOf(run);
    return approvalId === null ? null : this.approvals.find(approvalId);
  }

  /** An answer is on record before the run moves: a copy from before it would ask for one that is refused. */
  private async stillAsked({ pending_approval: asked }: RunView): Promise<boolean> {
    return asked === null || (await this.approvals.find(asked.approval_id))?.status === 'pending';
  }

  private async load(principal: Principal, runId: string): Promise<Seen> {
    for (let read = 1; ; read += 1) {
      const run = await this.run(principal, runId);
      const history = await this.runs.events(runId, 0, EVENTS_SHOWN);
      if (history.at(-1)?.seq === run.version || read === READS) return { run, history };
    }
  }
}

export function notFound(runId: string): ProblemError {
  return new ProblemError('RUN_NOT_FOUND', `there is no run ${runId}`);
}

