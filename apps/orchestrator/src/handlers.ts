import type { ApprovalStore } from '@countersign/core';
import type { Handlers } from '@countersign/queues';
import type { AdvanceRun } from './moves/advance-run';
import type { NoteBrowser } from './moves/note-browser';
import type { Reword } from './moves/reword';

export interface OrchestratorHands {
  advanceRun: AdvanceRun;
  noteBrowser: NoteBrowser;
  reword: Reword;
  approvals: ApprovalStore;
}

/** Every job is a doorbell for the same question: what happens next to this run? */
export function orchestratorHandlers({ advanceRun, noteBrowser, reword, approvals }: OrchestratorHands): Handlers<'orchestrator'> {
  const advance = ({ run_id }: { run_id: string }): Promise<void> => advanceRun.advance(run_id);
  return {
    'run.start': advance,
    'run.decided': advance,
    'run.commanded': advance,
    'run.executed': advance,
    'run.advance': advance,
    'approval.expire': async ({ run_id, approval_id }) => {
      const approval = await approvals.find(approval_id);
      if (approval?.checkpoint === 'browser_action') await noteBrowser.expire(run_id, approval_id);
      else await advanceRun.advance(run_id);
    },
    'approval.worded': (data) => reword.reword(data),
    'approval.noted': (data) => noteBrowser.note(data),
  };
}
