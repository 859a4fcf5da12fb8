import type { ApprovalView } from '@countersign/contracts';
import {
  addMs, ApprovalStore, Clock, has, Ids, isTerminal, RunStore, type Approval, type Principal, type Run,
} from '@countersign/core';
import { bell, Doorbells } from '@countersign/queues';
import { Injectable } from '@nestjs/common';
import { SeeApprovals } from '../approvals/see-approvals';
import { ProblemError } from '../http/answers/problem';
import { Reply } from '../http/answers/reply';
import { SeeRun } from '../runs/see-run';
import { DEFAULT_TIMEOUT_SECONDS, type BrowserApprovalDto } from './browser.dto';
import { editableSchema } from './editable-fields';

const CREATED = 201;
const OK = 200;
const MS_PER_SECOND = 1_000;

/** Reads and writes that a question of a browser agent needs. */
@Injectable()
export class BrowserBooks {
  constructor(readonly runs: RunStore, readonly approvals: ApprovalStore, readonly clock: Clock, readonly ids: Ids, readonly doorbells: Doorbells) {}
}

/** A browser agent asks a person before it acts. The agent waits; its run goes its own way. */
@Injectable()
export class AskForBrowser {
  constructor(private readonly books: BrowserBooks, private readonly seeRun: SeeRun, private readonly seeApprovals: SeeApprovals) {}

  /** @throws ProblemError RUN_NOT_FOUND, ILLEGAL_STATE, FORBIDDEN, VALIDATION_FAILED */
  async ask(principal: Principal, asked: BrowserApprovalDto): Promise<Reply<ApprovalView>> {
    const run = await this.seeRun.run(principal, asked.run_id.toLowerCase());
    refuseEnded(run);
    const question = this.questionOf(principal, run, asked);
    const facts = { run_id: run.runId, approval_id: question.approvalId };
    const { approvals, doorbells } = this.books;
    const { approval, created, bells } = await approvals.open(question, [
      bell('approval.noted', { ...facts, fact: 'browser_asked' }),
      bell('approval.expire', { ...facts, extension: 0 }, question.expiresAt),
    ]);
    if (created) await this.refuseEndedMeanwhile(approval);
    await doorbells.ring(bells);
    return new Reply(created ? CREATED : OK, this.seeApprovals.view(approval), { Location: `/hitl/approvals/${approval.approvalId}` });
  }

  private questionOf(principal: Principal, run: Run, asked: BrowserApprovalDto): Approval {
    const { action_description: action, browser_context: context, timeout_seconds: timeoutSeconds = DEFAULT_TIMEOUT_SECONDS } = asked;
    const schema = editableSchema(asked.editable_fields, { ...context, action_description: action });
    const isEditable = Object.keys(schema.properties ?? {}).length > 0;
    const now = this.books.clock.now();
    return {
      approvalId: this.books.ids.next(), runId: run.runId, tenantId: run.tenantId, checkpoint: 'browser_action',
      title: 'A browser agent wants to act', message: action,
      context: { action_description: action, browser_context: context, requires_human_review: true },
      schema, allowedActions: isEditable ? ['approve', 'edit', 'reject'] : ['approve', 'reject'], payload: null, payloadHash: null,
      requestedAt: now, expiresAt: addMs(now, timeoutSeconds * MS_PER_SECOND), onTimeout: 'reject', timeoutSeconds, extensions: 0,
      userId: addressee(principal, run, asked.user_id), sessionId: asked.session_id ?? run.sessionId, claimedBy: null, claimedUntil: null,
      requestId: asked.request_id ?? null, status: 'pending', decision: null,
    };
  }

  /** A run that ended while the question was written could not take it along. */
  private async refuseEndedMeanwhile(approval: Approval): Promise<void> {
    const run = await this.books.runs.find(approval.runId);
    if (!run || !isTerminal(run.status)) return;
    await this.books.approvals.cancel(approval.approvalId, []);
    refuseEnded(run);
  }
}

export function refuseEnded(run: Run): void {
  if (isTerminal(run.status)) throw new ProblemError('ILLEGAL_STATE', `the run is ${run.status}; there is nothing left to do for it`);
}

/** Being asked means being allowed to decide, so only an admin may bring in somebody else. */
function addressee(principal: Principal, run: Run, userId: string | undefined): string {
  if (userId === undefined || userId === run.userId) return run.userId;
  if (userId === principal.userId || has(principal, 'admin')) return userId;
  throw new ProblemError('FORBIDDEN', 'the question may go to the run\'s user or to yourself');
}
