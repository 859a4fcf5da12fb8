/*
 * What this is: the judge of a run's evidence. First the chain itself, then whether the rows beside it say the same.
 * Invariant: whatever the history sealed and somebody changed, took away or put elsewhere is found. What the history does
 * not speak of (older than the seal, or not taken note of yet) is told as unproven, never as broken.
 */
import type { Sha256 } from '../payload/payload';
import { isTerminal, type Status } from '../run/words';
import type { ApprovalEvidence, AuditRecord, LaunchEvidence } from './audit-record';
import { claimsOf, type Claims } from './claims';
import { verifyChain, type ChainFault } from './verify-chain';

/** `head`: run and history do not end alike. The others name the row that contradicts the history. */
export type AuditFault = ChainFault | 'head' | 'run' | 'approval' | 'launch' | 'artifact';

export interface Finding {
  runId: string;
  /** Event that speaks of it; null when it is the run as a whole. */
  seq: number | null;
  fault: AuditFault;
  /** In words, without bodies. */
  detail: string;
}

export interface RunVerdict {
  findings: Finding[];
  /** Facts that nothing in the history proves or contradicts, in words. */
  unproven: string[];
}

/** How an approval without an answer may stand. */
const UNANSWERED: ReadonlySet<string> = new Set(['pending', 'expired', 'cancelled']);

type Tell = (fault: AuditFault, seq: number | null, detail: string) => void;

export function verifyRun(record: AuditRecord, sha256: Sha256): RunVerdict {
  const { run, events } = record;
  const verdict: RunVerdict = { findings: [], unproven: [] };
  const tell: Tell = (fault, seq, detail) => void verdict.findings.push({ runId: run.runId, seq, fault, detail });
  const broken = verifyChain(events, sha256);
  if (broken) tell(broken.fault, broken.seq, broken.detail);
  const last = events.at(-1);
  if (!last) tell('head', null, 'the run has no history');
  else if (last.runId !== run.runId) tell('foreign', last.seq, `the history is of run ${last.runId}`);
  else if (last.seq !== run.version || last.hash !== run.head) tell('head', last.seq, `the run stands at event ${run.version}, its history ends at ${last.seq}${last.seq === run.version ? ' with another hash' : ''}`);
  else if (last.status !== run.status || last.step !== run.step) tell('run', last.seq, `the run is ${run.status} at ${run.step}, its history says ${last.status} at ${last.step}`);
  if (broken || !last) return verdict;
  const claims = claimsOf(events);
  checkRun(record, claims, tell);
  if (claims.requestHash === null) verdict.unproven.push('the request: the history began before requests were sealed');
  verdict.unproven.push(...checkApprovals(record, claims, tell), ...checkLaunches(record, claims, tell));
  checkArtifacts(record, claims, tell);
  return verdict;
}

function checkRun({ run, events }: AuditRecord, claims: Claims, tell: Tell): void {
  const last = events.at(-1)?.seq ?? null;
  if (claims.requestHash !== null && claims.requestHash !== run.requestHash) tell('run', 1, 'what was asked for, or by whom, is not what the history sealed');
  if (claims.runHash !== null && claims.runHash !== run.runHash) tell('run', last, 'the run\'s edits, consent, cost or end are not what the history sealed');
  if (claims.outputHash !== null && claims.outputHash !== (run.outputHash ?? 'none')) tell('run', last, 'the output is not what the history sealed');
  if (claims.payloadHash !== null && claims.payloadHash !== run.payloadHash) tell('run', last, 'the payload is not the one that the history names');
}

function checkApprovals({ run, approvals }: AuditRecord, claims: Claims, tell: Tell): string[] {
  const rows = new Map(approvals.map((approval) => [approval.approvalId, approval]));
  for (const [approvalId, { seq, hash, payloadHash }] of claims.questions) {
    const row = rows.get(approvalId);
    if (!row) tell('approval', seq, `approval ${approvalId} is gone`);
    else if ((hash !== null && hash !== row.questionHash) || (payloadHash !== null && payloadHash !== row.payloadHash)) tell('approval', seq, `approval ${approvalId} asks something else than was asked`);
    else if (row.payloadHash !== null && row.computedHash !== null && row.payloadHash !== row.computedHash) tell('approval', seq, `approval ${approvalId} shows another payload than its hash says`);
  }
  for (const [approvalId, { seq, hash }] of claims.decisions) {
    const row = rows.get(approvalId);
    if (!row && !claims.questions.has(approvalId)) tell('approval', seq, `approval ${approvalId} is gone`);
    if (row && row.decisionHash !== hash) tell('approval', seq, `the answer to approval ${approvalId} is not the one that was given`);
  }
  return approvals.flatMap((row) => {
    if (row.checkpoint !== 'browser_action' && !claims.questions.has(row.approvalId)) tell('approval', null, `approval ${row.approvalId} was never asked`);
    if (row.wordingHash && claims.wordings.get(row.approvalId) !== row.wordingHash) tell('approval', null, `approval ${row.approvalId} has words that the history does not know`);
    if (!row.decision && !UNANSWERED.has(row.status)) tell('approval', null, `approval ${row.approvalId} is ${row.status}, but nobody answered it`);
    if (row.status === 'pending' && claims.settled.has(row.approvalId)) tell('approval', null, `approval ${row.approvalId} is open again after its wait had ended`);
    return unprovenAnswer(row, run.pendingApprovalId, claims);
  });
}

function unprovenAnswer(row: ApprovalEvidence, pendingId: string | null, claims: Claims): string[] {
  if (!claims.questions.has(row.approvalId)) return [`approval ${row.approvalId}: the history has not noted the question`];
  if (!row.decision || claims.decisions.has(row.approvalId)) return [];
  return [`approval ${row.approvalId}: the answer is ${row.approvalId === pendingId ? 'not acted on yet' : 'not sealed in the history'}`];
}

function checkLaunches({ run, launches }: AuditRecord, claims: Claims, tell: Tell): string[] {
  const rows = new Map(launches.map((launch) => [launch.launchId, launch]));
  for (const [launchId, { seq, hash }] of claims.launches) {
    const row = rows.get(launchId);
    if (!row) tell('launch', seq, `launch ${launchId} is gone`);
    else if (row.launchHash !== hash) tell('launch', seq, `launch ${launchId} (job, payload, outcome or cost) is not what the history sealed`);
  }
  return launches.flatMap((row) => {
    const consent = claims.consents.get(row.attempt);
    if (consent === undefined) tell('launch', null, `launch ${row.launchId} belongs to attempt ${row.attempt}, to which nobody consented`);
    else if (consent !== row.payloadHash && row.status !== 'consent_mismatch') tell('launch', null, `launch ${row.launchId} sent another payload than was consented to`);
    return unprovenLaunch(row, run.status as Status, claims);
  });
}

function unprovenLaunch(row: LaunchEvidence, status: Status, claims: Claims): string[] {
  if (row.launchHash === null || claims.launches.has(row.launchId)) return [];
  return [`launch ${row.launchId}: its end is ${isTerminal(status) ? 'not sealed in the history' : 'not noted yet'}`];
}

/** Files are named by sealed launches; more files than that are left-overs of tries. */
function checkArtifacts({ launches, artifacts }: AuditRecord, claims: Claims, tell: Tell): void {
  const rows = new Map(artifacts.map((artifact) => [artifact.artifactId, artifact]));
  for (const launch of launches) {
    const seq = claims.launches.get(launch.launchId)?.seq ?? null;
    for (const file of launch.files) {
      const row = rows.get(file.artifactId);
      if (!row) tell('artifact', seq, `artifact ${file.artifactId} of launch ${launch.launchId} is gone`);
      else if (row.sha256 !== file.sha256 || row.bytes !== file.bytes || row.mime !== file.mime) tell('artifact', seq, `artifact ${file.artifactId} is not the file that launch ${launch.launchId} kept`);
    }
  }
}
