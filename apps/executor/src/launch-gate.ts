/*
 * What this is: the gate before every create request, the first one and one that is sent again under the same key.
 * Invariant: what was approved is what runs: the hash is computed again from what is about to be sent (6).
 * To extend: a new reason not to launch is a line in `reasonAgainst`.
 */
import { payloadHash, type ApprovalStore, type Payload, type Run, type Sha256 } from '@countersign/core';

export class LaunchGate {
  constructor(private readonly approvals: ApprovalStore, private readonly sha256: Sha256) {}

  /** Null when exactly this payload was approved. */
  async reasonAgainst(run: Run, payload: Payload): Promise<string | null> {
    const hash = payloadHash(payload, this.sha256);
    if (run.consent === null) return 'nobody gave consent';
    if (hash !== run.consent.payloadHash) return `consent is for ${run.consent.payloadHash}, the payload is ${hash}`;
    if (run.consent.approvalId === null) return null;
    const approval = await this.approvals.find(run.consent.approvalId);
    const decision = approval?.decision;
    if (!approval || approval.runId !== run.runId || !decision || decision.action === 'reject') return 'the approval behind the consent does not say yes';
    const approved = decision.preparation?.payloadHash ?? approval.payloadHash;
    return approved === hash ? null : `the approval is for ${approved ?? 'no payload'}, the payload is ${hash}`;
  }
}
