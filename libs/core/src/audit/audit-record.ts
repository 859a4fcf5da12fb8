/*
 * What this is: a run's evidence: its whole history, and of every row beside it the ids, words and hashes that the
 * history speaks of. Bodies (prompts, files, answers) are not in it, so it may be kept and sent where they may not.
 * To extend: a fact goes in here when the history holds something to compare it with.
 */
import type { Approval } from '../approval/approval';
import type { JsonObject } from '../json';
import type { Launch } from '../launch/launch';
import { payloadHash, type Sha256 } from '../payload/payload';
import type { Artifact } from '../ports/artifact-store';
import type { StepEvent } from '../run/events';
import { pendingApprovalOf, type Run } from '../run/run';
import { costOf, filesOf } from './grounds';
import { decisionFacts, launchFacts, questionFacts, requestFacts, sealHash, standingFacts, wordingFacts } from './seals';

export interface RunEvidence {
  runId: string;
  tenantId: string;
  userId: string;
  provider: string;
  model: string;
  parentRunId: string | null;
  status: string;
  step: string;
  /** Number and hash of the newest event. */
  version: number;
  head: string;
  attempt: number;
  createdAt: string;
  pendingApprovalId: string | null;
  requestHash: string;
  runHash: string;
  outputHash: string | null;
  /** Computed anew from the payload. */
  payloadHash: string | null;
}

export interface ApprovalEvidence {
  approvalId: string;
  checkpoint: string;
  status: string;
  questionHash: string;
  /** Of a language model's words in place of the question's own; null (or absent, in older exports) when there are none. */
  wordingHash?: string | null;
  /** Hash that the card showed, and the same computed anew from its payload. */
  payloadHash: string | null;
  computedHash: string | null;
  decision: { action: string; by: string; at: string; via: string } | null;
  decisionHash: string | null;
}

export interface LaunchEvidence {
  launchId: string;
  attempt: number;
  status: string;
  jobId: string | null;
  payloadHash: string;
  submittedAt: string;
  finishedAt: string | null;
  cost: JsonObject | null;
  /** Null while it is open. */
  launchHash: string | null;
  files: { artifactId: string; sha256: string; mime: string; bytes: number }[];
}

export interface ArtifactEvidence {
  artifactId: string;
  sha256: string;
  mime: string;
  bytes: number;
}

export interface AuditRecord {
  run: RunEvidence;
  events: StepEvent[];
  approvals: ApprovalEvidence[];
  launches: LaunchEvidence[];
  artifacts: ArtifactEvidence[];
}

/** Rows of one run, as of one instant. */
export interface AuditRows {
  run: Run;
  events: StepEvent[];
  approvals: Approval[];
  launches: Launch[];
  artifacts: Artifact[];
}

export function auditRecord(rows: AuditRows, sha256: Sha256): AuditRecord {
  return {
    run: runEvidence(rows.run, sha256),
    events: rows.events,
    approvals: rows.approvals.map((approval) => approvalEvidence(approval, sha256)),
    launches: rows.launches.map((launch) => launchEvidence(launch, sha256)),
    artifacts: rows.artifacts.map(({ artifactId, sha256: hash, mime, bytes }) => ({ artifactId, sha256: hash, mime, bytes })),
  };
}

function runEvidence(run: Run, sha256: Sha256): RunEvidence {
  const { runId, tenantId, userId, provider, model, parentRunId, status, step, version, attempt } = run;
  const payload = run.preparation?.payload;
  return {
    runId, tenantId, userId, provider, model, parentRunId, status, step, version, head: run.eventHash, attempt, createdAt: run.times.createdAt,
    pendingApprovalId: pendingApprovalOf(run),
    requestHash: sealHash(requestFacts(run), sha256),
    runHash: sealHash(standingFacts(run), sha256),
    outputHash: run.output && sealHash(run.output, sha256),
    payloadHash: payload ? payloadHash(payload, sha256) : null,
  };
}

function approvalEvidence(approval: Approval, sha256: Sha256): ApprovalEvidence {
  const { approvalId, checkpoint, status, payload, decision } = approval;
  const wording = wordingFacts(approval);
  return {
    approvalId, checkpoint, status, payloadHash: approval.payloadHash,
    questionHash: sealHash(questionFacts(approval), sha256),
    wordingHash: wording && sealHash(wording, sha256),
    computedHash: payload ? payloadHash(payload, sha256) : null,
    decision: decision && { action: decision.action, by: decision.by, at: decision.at, via: decision.via },
    decisionHash: decision && sealHash(decisionFacts(approval), sha256),
  };
}

function launchEvidence(launch: Launch, sha256: Sha256): LaunchEvidence {
  const { launchId, attempt, status, jobId, submittedAt, finishedAt, outcome } = launch;
  return {
    launchId, attempt, status, jobId, payloadHash: launch.payloadHash, submittedAt, finishedAt,
    cost: outcome && costOf(outcome),
    launchHash: outcome && sealHash(launchFacts(launch), sha256),
    files: outcome ? filesOf(outcome).map(({ artifactId, sha256: hash, mime, bytes }) => ({ artifactId, sha256: hash, mime, bytes })) : [],
  };
}
