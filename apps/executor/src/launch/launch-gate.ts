/*
 * What this is: the gate before every create request, the first one and one that is sent again under the same key.
 * Invariant: what was approved is what runs: the hash is computed again from what is about to be sent, and the consent is
 * compared with the answer behind it (6). A person's consent is good for a limited time, and only while version, price and
 * files are what was looked at.
 * To extend: a new reason never to launch is a line in `reasonAgainst`; a new reason to ask again is one in `changesSince`.
 */
import {
  canonicalJson, fileChanges, parameterChanges, payloadGate, payloadHash, priceChange, reviewedFiles, timeChange, versionChange, type Action, type Approval, type ApprovalStatus, type ApprovalStore,
  type Clock, type Consent, type ConsentChange, type Json, type Launch, type LaunchOutcome, type Payload, type Run, type Sha256,
} from '@countersign/core';
import type { ProviderRegistry } from '@countersign/providers';
import type { InputFiles } from './input-files';
import type { NewestVersion } from './newest-version';

declare const throughGate: unique symbol;

/** A launch and the payload it may send. Only the gate makes one, and without one nothing is sent. */
export interface LaunchPermit {
  readonly [throughGate]: true;
  readonly launch: Launch;
  readonly payload: Payload;
}

/** What a launch that is not allowed came to, without a call. */
export type GateRefusal = Extract<LaunchOutcome, { kind: 'consent_mismatch' | 'consent_stale' }>;

/** The gate comes before the launch is committed, so the permit is made out to the launch once there is one. */
export type GateAnswer = { ok: true; permitFor(launch: Launch): LaunchPermit } | { ok: false; refusal: GateRefusal };

export interface GateFacts {
  providers: Pick<ProviderRegistry, 'estimate'>;
  newest: Pick<NewestVersion, 'of'>;
  inputFiles: Pick<InputFiles, 'hash'>;
}

export class LaunchGate {
  constructor(
    private readonly approvals: Pick<ApprovalStore, 'find'>,
    private readonly facts: GateFacts,
    private readonly clock: Clock,
    private readonly sha256: Sha256,
  ) {}

  async admit(run: Run, payload: Payload | null): Promise<GateAnswer> {
    if (!payload) return { ok: false, refusal: { kind: 'consent_mismatch', detail: 'there is no payload' } };
    const refusal = await this.refusal(run, payload);
    if (refusal) return { ok: false, refusal };
    return { ok: true, permitFor: (launch) => ({ launch, payload }) as unknown as LaunchPermit };
  }

  /** Null when exactly this payload was approved, and the approval is still good. */
  private async refusal(run: Run, payload: Payload): Promise<GateRefusal | null> {
    const detail = await this.reasonAgainst(run, payload);
    if (detail !== null) return { kind: 'consent_mismatch', detail };
    const changes = await this.changesSince(run, payload);
    return changes.length > 0 ? { kind: 'consent_stale', changes } : null;
  }

  private async reasonAgainst(run: Run, payload: Payload): Promise<string | null> {
    const { consent } = run;
    const hash = payloadHash(payload, this.sha256);
    if (consent === null) return 'nobody gave consent';
    if (hash !== consent.payloadHash) return `consent is for ${consent.payloadHash}, the payload is ${hash}`;
    if (run.provider !== payload.provider || run.model !== payload.model) return `the run is for ${run.provider} ${run.model}, the payload for ${payload.provider} ${payload.model}`;
    if (consent.edits !== undefined && !isSame(run.edits, consent.edits)) return 'people\'s edits are not those that were approved';
    if (consent.approvalId === null) return reasonAgainstPolicy(run, consent);
    const approval = await this.approvals.find(consent.approvalId);
    return reasonAgainstAnswer(run, consent, approval);
  }

  /** Cheapest first: files outside the house are read only for an approval that is good otherwise. */
  private async changesSince(run: Run, payload: Payload): Promise<ConsentChange[]> {
    const { consent, preparation } = run;
    if (consent === null || consent.approvalId === null) return [];
    // Written before edits were kept with the consent: nobody can say any more which ones were meant.
    if (consent.edits === undefined && Object.keys(run.edits).length > 0) return parameterChanges({}, run.edits);
    const late = timeChange(run.config, consent, this.clock.now());
    const estimate = this.facts.providers.estimate(payload);
    const newest = run.modelVersion === null ? await this.facts.newest.of(run) : null;
    const changes = [late, versionChange(payload.version, newest), priceChange(preparation?.estimate ?? null, estimate)].filter((change) => change !== null);
    const reviewed = preparation?.files ?? [];
    if (changes.length > 0 || reviewed.length === 0) return changes;
    return fileChanges(reviewed, await this.facts.inputFiles.hash(run.tenantId, reviewed));
  }
}

/** Answers that let a payload run, and how their approvals stand. An answer in words is shown again first. */
const YES: ReadonlySet<Action> = new Set<Action>(['approve', 'edit', 'retry']);
const SAID_YES: ReadonlySet<ApprovalStatus> = new Set<ApprovalStatus>(['approved', 'edited']);

/** A policy's consent has no answer behind it: the policy itself must say so. */
function reasonAgainstPolicy(run: Run, consent: Consent): string | null {
  if (!run.preparation || !consent.by.startsWith('policy:')) return 'the consent names no approval';
  return payloadGate(run.config, run.preparation).ask ? 'the policy asks a person, and the consent names no approval' : null;
}

function reasonAgainstAnswer(run: Run, consent: Consent, approval: Approval | null): string | null {
  const decision = approval?.decision;
  if (!approval || approval.runId !== run.runId || !decision || !YES.has(decision.action) || !SAID_YES.has(approval.status)) return 'the approval behind the consent does not say yes';
  const approved = decision.preparation?.payloadHash ?? approval.payloadHash;
  if (approved !== consent.payloadHash) return `the approval is for ${approved ?? 'no payload'}, the payload is ${consent.payloadHash}`;
  if (decision.by !== consent.by || decision.at !== consent.at) return 'the consent is not the answer that was given: another person, or another time';
  const edited = decision.preparation ? decision.edits : {};
  if (Object.entries(edited).some(([field, value]) => !isSame(value, run.edits[field]))) return 'the edits are not those of the answer';
  const shown = decision.preparation ? (decision.preparation.files ?? []) : reviewedFiles(approval.context);
  return isSame(shown, run.preparation?.files ?? []) ? null : 'the files are not those that were looked at';
}

const isSame = (one: unknown, other: unknown): boolean => other !== undefined && canonicalJson(one as Json) === canonicalJson(other as Json);
