import { isJsonObject, wordingEvidence, type ApprovalStore, type ModelCall, type ModelCalls, type RunStore } from '@countersign/core';
import type { ApprovalWorded } from '@countersign/contracts';
import type { AdvanceRun } from './advance-run';

/** The fact in the run's history. */
const WORDED = 'approval_worded';
/** More events than any run has had; only used to see whether a fact is on record already. */
const MAX_EVENTS = 10_000;

/** A better wording of an open question takes its place: nothing else changes, and an answered question stays as it was. */
export class Reword {
  constructor(
    private readonly runs: RunStore,
    private readonly approvals: ApprovalStore,
    private readonly calls: ModelCalls,
    private readonly advanceRun: AdvanceRun,
  ) {}

  async reword({ run_id: runId, approval_id: approvalId, call_id: callId }: ApprovalWorded): Promise<void> {
    const call = await this.calls.find(callId);
    const message = call && wordingOf(call);
    if (!call || !message || call.approvalId !== approvalId || call.runId !== runId) return;
    const by = call.model ?? '';
    const wording = { message, by, callId };
    const note = {
      fact: WORDED, approvalId, actor: 'system', message: `The question was worded by ${by}`, metadata: { model: by, call_id: callId },
      wording, evidence: wordingEvidence(approvalId, wording),
    };
    await this.advanceRun.note(runId, async () => {
      const isOpen = (await this.approvals.find(approvalId))?.status === 'pending';
      return isOpen && !(await this.isOnRecord(runId, callId)) ? { type: 'noted', note } : null;
    });
  }

  private async isOnRecord(runId: string, callId: string): Promise<boolean> {
    const events = await this.runs.events(runId, 0, MAX_EVENTS);
    return events.some(({ type, metadata }) => type === 'noted' && metadata.fact === WORDED && metadata.call_id === callId);
  }
}

function wordingOf({ purpose, outcome, answer }: ModelCall): string | null {
  return purpose === 'wording' && outcome === 'answered' && isJsonObject(answer) && typeof answer.message === 'string' ? answer.message : null;
}
