import type { ApproveDto, DecisionDto, DecisionView, RetryDto, RunControlView } from '@countersign/contracts';
import { isTerminal, mayControl, RunStore, withoutHidden, type Principal, type Run } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { readIdempotencyKey } from '../http/input/idempotency-key';
import { ProblemError } from '../http/answers/problem';
import { SeeRun } from '../runs/see-run';
import { DecideApproval } from './decide-approval';
import { namedApproval, readAnswer, type GivenAnswer } from './read-answer';
import { SeeApprovals } from './see-approvals';

/** Decisions by HTTP, addressed by run or by approval. */
@Injectable()
export class DecideRun {
  constructor(
    private readonly decisions: DecideApproval,
    private readonly approvals: SeeApprovals,
    private readonly runs: RunStore,
    private readonly seeRun: SeeRun,
  ) {}

  async ofRun(principal: Principal, runId: string, body: ApproveDto, key?: string): Promise<DecisionView> {
    const approvalId = namedApproval(body);
    const approval = await this.approvals.find(principal, approvalId).catch(async (error: unknown) => {
      if (!(await this.runs.find(runId))) throw new ProblemError('RUN_NOT_FOUND', `there is no run ${runId}`);
      throw error;
    });
    if (approval.runId !== runId || (body.run_id !== undefined && body.run_id.toLowerCase() !== runId)) {
      throw new ProblemError('APPROVAL_NOT_FOUND', `run ${runId} has no approval ${approvalId}`);
    }
    return this.decisions.decideOn(principal, approval, withKey(readAnswer(body), key), 'rest');
  }

  ofApproval(principal: Principal, approvalId: string, body: DecisionDto, key?: string): Promise<DecisionView> {
    return this.decisions.decide(principal, approvalId, withKey(readAnswer(body), key), 'rest');
  }

  /** The action `retry` on whatever the run waits for, where that allows it. */
  async retry(principal: Principal, runId: string, body: RetryDto | undefined): Promise<RunControlView> {
    const run = await this.seeRun.run(principal, runId);
    if (!mayControl(principal, run)) throw new ProblemError('FORBIDDEN', 'only the run\'s owner may retry it');
    const pending = await this.seeRun.pending(run);
    if (!pending?.allowedActions.includes('retry')) throw new ProblemError('ILLEGAL_STATE', nothingToRetry(run));
    const answer = { action: 'retry' as const, edits: withoutHidden(body?.edits ?? {}), reason: body?.reason ?? null, message: null, payloadHash: null };
    await this.decisions.decide(principal, pending.approvalId, answer, 'rest');
    const now = (await this.runs.find(runId)) ?? run;
    return { success: true, message: 'Run will be retried', run_id: runId, status: now.status };
  }
}

/** A run that has ended never changes again; a new one may begin where it stood. */
function nothingToRetry({ status, step }: Run): string {
  const hint = isTerminal(status) ? '; it never changes again, but POST …/fork starts a new run from one of its steps' : '';
  return `a run that is ${status} at ${step} has nothing to retry${hint}`;
}

function withKey(answer: GivenAnswer, header: string | undefined): GivenAnswer {
  const key = readIdempotencyKey(header);
  return key === null ? answer : { ...answer, idempotencyKey: key };
}
