import { isTerminal, pendingApprovalOf, type Approval, type Notice, type Run, type RunStore, type StepEvent } from '@countersign/core';

/** Events read at once. Runs have some ten; one with thousands is read in pieces. */
const PAGE = 500;

/** A run's history with everything that notices of it speak of. */
export class RunStory {
  private constructor(private readonly events: StepEvent[], private readonly run: Run, private readonly approvals: Approval[]) {}

  /** Null when there is no such run. The run is never older than its events. */
  static async read(runId: string, runs: RunStore): Promise<RunStory | null> {
    const read = await runs.withHistory(runId, PAGE);
    if (read === null || read.events.length < PAGE) return read && new RunStory(read.events, read.run, read.approvals);
    const events = [...read.events];
    for (let page = await runs.events(runId, events.length, PAGE); page.length > 0; page = await runs.events(runId, events.length, PAGE)) events.push(...page);
    const now = (await runs.withHistory(runId, 0)) ?? read;
    return new RunStory(events, now.run, now.approvals);
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
