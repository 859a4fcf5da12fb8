import {
  isTerminal, pendingApprovalOf, type Approval, type ApprovalStore, type Notice, type Run, type RunStore, type StepEvent,
} from '@countersign/core';

/** Events read at once. Runs have some ten; one with thousands is read in pieces. */
const PAGE = 500;

/** A run's history with everything that notices of it speak of. */
export class RunStory {
  private constructor(private readonly events: StepEvent[], private readonly run: Run, private readonly approvals: Approval[]) {}

  /** Null when there is no such run. The run is read after its events: it is never older than they are. */
  static async read(runId: string, from: { runs: RunStore; approvals: ApprovalStore }): Promise<RunStory | null> {
    const events: StepEvent[] = [];
    for (let page = await from.runs.events(runId, 0, PAGE); ; page = await from.runs.events(runId, events.length, PAGE)) {
      events.push(...page);
      if (page.length < PAGE) break;
    }
    const [run, approvals] = await Promise.all([from.runs.find(runId), from.approvals.ofRun(runId)]);
    return run && new RunStory(events, run, approvals);
  }

  /** What there is to tell behind `toldSeq`, in order. */
  *after(toldSeq: number): Generator<Notice, void> {
    const waitingFor = this.approval(pendingApprovalOf(this.run));
    for (const [index, event] of this.events.entries()) {
      if (event.seq <= toldSeq) continue;
      const approval = this.approval(event.metadata.approval_id);
      yield { event, history: this.events.slice(0, index + 1), run: this.run, approval, waitingFor, ended: this.endedWith(event, approval) };
    }
  }

  private approval(id: unknown): Approval | null {
    return this.approvals.find(({ approvalId }) => approvalId === id) ?? null;
  }

  private endedWith(event: StepEvent, approval: Approval | null): Approval[] {
    if (!isTerminal(event.status)) return [];
    return this.approvals.filter((other) => other.status === 'cancelled' && other.approvalId !== approval?.approvalId);
  }
}
