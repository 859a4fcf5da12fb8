/*
 * What this is: the gate before every create request, the first one and one that is sent again under the same key.
 * Invariant: what was approved is what runs: the hash is computed again from what is about to be sent (6).
 * To extend: a new reason not to launch is a line in `reasonAgainst`.
 */
import { payloadHash, type ApprovalStore, type Launch, type Payload, type Run, type Sha256 } from '@countersign/core';

declare const throughGate: unique symbol;

/** A launch and the payload it may send. Only the gate makes one, and without one nothing is sent. */
export interface LaunchPermit {
  readonly [throughGate]: true;
  readonly launch: Launch;
  readonly payload: Payload;
}

export type GateAnswer = { ok: true; permit: LaunchPermit } | { ok: false; against: string };

export class LaunchGate {
  constructor(private readonly approvals: ApprovalStore, private readonly sha256: Sha256) {}

  async admit(run: Run, launch: Launch, payload: Payload | null): Promise<GateAnswer> {
    const against = payload ? await this.reasonAgainst(run, payload) : 'there is no payload';
    if (against !== null) return { ok: false, against };
    return { ok: true, permit: { launch, payload } as unknown as LaunchPermit };
  }

  /** Null when exactly this payload was approved. */
  private async reasonAgainst(run: Run, payload: Payload): Promise<string | null> {
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
