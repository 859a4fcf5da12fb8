import { approvalView, type ApprovalListView, type ApprovalView, type PendingApprovalsQueryDto } from '@countersign/contracts';
import { ApprovalStore, LiveState, mayDecide, maySee, RunReader, RunStore, topics, type Approval, type Principal } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import { ArtifactUrls } from '../http/answers/artifact-urls';
import { ProblemError } from '../http/answers/problem';
import { watchUntil } from '../http/answers/watch-until';
import { pageOf } from '../runs/list-runs';

export interface ApprovalWait {
  seconds: number;
  abort: AbortSignal;
}

/** Approvals as those see them who may decide, and the run's owner. */
@Injectable()
export class SeeApprovals {
  constructor(
    private readonly approvals: ApprovalStore,
    private readonly reader: RunReader,
    private readonly runs: RunStore,
    private readonly live: LiveState,
    private readonly urls: ArtifactUrls,
  ) {}

  async pending(principal: Principal, query: PendingApprovalsQueryDto): Promise<ApprovalListView> {
    const filter = { userId: query.user_id, sessionId: query.session_id, runId: query.run_id, checkpoint: query.checkpoint_type };
    const { items, total, nextCursor } = await this.reader.pendingApprovals(principal, filter, pageOf(query));
    return { approvals: items.map((approval) => this.view(approval)), total, next_cursor: nextCursor };
  }

  /** @param wait answers as soon as it is no longer pending, at the latest after so many seconds */
  async one(principal: Principal, approvalId: string, wait?: ApprovalWait): Promise<ApprovalView> {
    const first = await this.find(principal, approvalId);
    if (!wait || wait.seconds === 0 || first.status !== 'pending') return this.view(first);
    const settled = await watchUntil(
      this.live,
      { topic: topics.run(first.runId), timeoutMs: wait.seconds * 1000, abort: wait.abort, wakes: ({ kind }) => kind !== 'progress' },
      async () => {
        const approval = await this.approvals.find(approvalId);
        return approval?.status === 'pending' ? null : approval;
      },
    );
    return this.view(settled ?? first);
  }

  /** @throws ProblemError APPROVAL_NOT_FOUND, also for approvals that are not the caller's to see */
  async find(principal: Principal, approvalId: string): Promise<Approval> {
    const approval = await this.approvals.find(approvalId);
    if (approval && (mayDecide(principal, approval) || (await this.ownsRun(principal, approval)))) return approval;
    throw new ProblemError('APPROVAL_NOT_FOUND', `there is no approval ${approvalId}`);
  }

  view(approval: Approval): ApprovalView {
    return approvalView(approval, (artifactId) => this.urls.url(artifactId));
  }

  /** An escalated approval is addressed to reviewers; the owner of its run still sees it. */
  private async ownsRun(principal: Principal, approval: Approval): Promise<boolean> {
    if (principal.tenantId !== approval.tenantId) return false;
    const run = await this.runs.find(approval.runId);
    return run !== null && maySee(principal, run);
  }
}
