import type { Approval, Wording } from '../approval/approval';
import type { JsonObject } from '../json';
import type { Launch, LaunchOutcome } from '../launch/launch';
import type { RunEvent } from '../run/events';
import type { Run, StoredPart } from '../run/run';
import { decisionFacts, launchFacts, questionFacts, wordingSeal } from './seals';

/** What was on record when a run moved, and was the reason for it. */
export interface Grounds {
  approval?: Approval | null;
  launch?: Launch | null;
}

/** For the history: facts in plain words for `metadata`, and whole facts of which only the hash goes in. */
export interface Evidence {
  metadata: JsonObject;
  /** Name → facts; in `metadata` stands `<name>_hash`. */
  sealed: Record<string, object>;
}

/** Moves that come of a launch's end, or end the wait for it. */
const OF_LAUNCH: ReadonlySet<RunEvent['type']> = new Set(['executed', 'relaunched', 'outdated', 'failed', 'asked', 'cancelled']);

/** What of the grounds belongs into the history with this move. `settled`: the approval whose wait it ends. */
export function evidenceOf(event: RunEvent, after: Run, { grounds, settled }: { grounds: Grounds; settled: string | null }): Evidence {
  const evidence: Evidence = { metadata: {}, sealed: {} };
  const { approval, launch } = grounds;
  if (approval?.decision && approval.approvalId === settled) take(evidence, answerEvidence(approval));
  if (launch?.outcome && OF_LAUNCH.has(event.type)) take(evidence, launchEvidence(launch, launch.outcome));
  if (event.type === 'asked') take(evidence, questionEvidence(event.approval));
  if ((event.type === 'executed' || event.type === 'accepted') && after.output) evidence.sealed.output = after.output;
  if (event.type === 'noted' && event.note.evidence) take(evidence, event.note.evidence);
  return evidence;
}

export function questionEvidence(approval: Approval): Evidence {
  return { metadata: { expires_at: approval.expiresAt }, sealed: { question: questionFacts(approval) } };
}

/** Of other words for a question. */
export function wordingEvidence(approvalId: string, wording: Wording): Evidence {
  return { metadata: {}, sealed: { wording: wordingSeal(approvalId, wording) } };
}

/** Of an approval that was answered. */
export function answerEvidence(approval: Approval): Evidence {
  const { decision } = approval;
  if (!decision) return { metadata: {}, sealed: {} };
  const { action, by, at, via } = decision;
  return { metadata: { decision: { action, by, at, via, payload_hash: approval.payloadHash } }, sealed: { decision: decisionFacts(approval) } };
}

function launchEvidence(launch: Launch, outcome: LaunchOutcome): Evidence {
  const { launchId, attempt, status, jobId, payloadHash, submittedAt, finishedAt } = launch;
  return {
    metadata: {
      launch: {
        launch_id: launchId, attempt, status, job_id: jobId, payload_hash: payloadHash, submitted_at: submittedAt, finished_at: finishedAt,
        cost: costOf(outcome), files: filesOf(outcome).map(({ artifactId, sha256, mime, bytes }) => ({ artifact_id: artifactId, sha256, mime, bytes })),
      },
    },
    sealed: { launch: launchFacts(launch) },
  };
}

/** What a launch cost, as far as its provider told; null = not told or nothing. */
export function costOf(outcome: LaunchOutcome): JsonObject | null {
  return 'cost' in outcome && outcome.cost ? { amount: outcome.cost.amount, currency: outcome.cost.currency } : null;
}

type KeptFile = Extract<StoredPart, { kind: 'file' }>;

/** The files that a launch brought and that were kept. */
export function filesOf(outcome: LaunchOutcome): KeptFile[] {
  return outcome.kind === 'succeeded' ? outcome.output.parts.filter((part): part is KeptFile => part.kind === 'file') : [];
}

function take(evidence: Evidence, more: Evidence): void {
  Object.assign(evidence.metadata, more.metadata);
  Object.assign(evidence.sealed, more.sealed);
}
