import { answerEvidence, questionEvidence, type ApprovalStore, type Clock, type RunStore } from '@countersign/core';
import { bell, type Doorbells } from '@countersign/queues';
import type { ApprovalNoted } from '@countersign/contracts';
import type { AdvanceRun } from './advance-run';

const MESSAGES: Record<string, string> = {
  browser_asked: 'A browser agent asks',
  browser_decided: 'The browser agent got its answer',
  browser_expired: 'Nobody answered the browser agent in time',
  browser_cancelled: 'The browser agent\'s question was cancelled',
  browser_completed: 'The browser agent reports what it did',
};
/** More events than any run has had; only used to see whether a fact is on record already. */
const MAX_EVENTS = 10_000;

/** A browser agent's questions stop the agent, not the run; here they get their place in the run's history. */
export class NoteBrowser {
  constructor(
    private readonly runs: RunStore,
    private readonly approvals: ApprovalStore,
    private readonly advanceRun: AdvanceRun,
    private readonly doorbells: Doorbells,
    private readonly clock: Clock,
  ) {}

  async note({ run_id: runId, approval_id: approvalId, fact }: ApprovalNoted): Promise<void> {
    const approval = await this.approvals.find(approvalId);
    if (!approval) return;
    const { decision } = approval;
    const note = {
      fact, approvalId, actor: fact === 'browser_decided' ? (decision?.by ?? 'system') : 'agent',
      message: `${MESSAGES[fact] ?? fact}: ${approval.title}`,
      metadata: { action: fact === 'browser_decided' ? (decision?.action ?? null) : null },
      evidence: fact === 'browser_asked' ? questionEvidence(approval) : answerEvidence(approval),
    };
    await this.advanceRun.note(runId, async () => ((await this.isOnRecord(runId, approvalId, fact)) ? null : { type: 'noted', note }));
  }

  /** The clock ends a question nobody answered. */
  async expire(runId: string, approvalId: string): Promise<void> {
    const noted = bell('approval.noted', { run_id: runId, approval_id: approvalId, fact: 'browser_expired' });
    const answer = await this.approvals.expire(approvalId, this.clock.now(), [noted]);
    if (answer.ok) await this.doorbells.ring(answer.bells);
  }

  private async isOnRecord(runId: string, approvalId: string, fact: string): Promise<boolean> {
    const events = await this.runs.events(runId, 0, MAX_EVENTS);
    return events.some(({ type, metadata }) => type === 'noted' && metadata.approval_id === approvalId && metadata.fact === fact);
  }
}
