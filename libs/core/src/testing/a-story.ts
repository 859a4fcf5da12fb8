import { chainLines, CHAIN_START, type LineToChain } from '../audit/verify-chain';
import { standingFacts, requestFacts } from '../audit/seals';
import type { AuditRows } from '../audit/audit-record';
import { statusAfter, type Approval } from '../approval/approval';
import { CHECKPOINT_RULES } from '../checkpoints/checkpoints';
import { addMs, type JsonObject } from '../json';
import type { Launch, LaunchOutcome } from '../launch/launch';
import { payloadHash, type Sha256 } from '../payload/payload';
import { nextMove, type Facts, type Move } from '../run/next-move';
import type { RunEvent } from '../run/events';
import { pendingApprovalOf, type Preparation, type StoredPart } from '../run/run';
import { transition } from '../run/transition';
import { aConfig, aDecision, aLaunch, aNewRun, anApproval, anOutput, aPayload, aPreparation, NOON, testId } from './factories';

/** Steps of a story that goes in circles. */
const MAX_MOVES = 60;

/** A run's life as the house would lead it, with all its rows; `choices` say how people and providers answer. */
export function aStory(choices: readonly number[], sha256: Sha256): AuditRows {
  const rows = begun(sha256);
  const left = [...choices];
  for (let moves = 0; moves < MAX_MOVES; moves += 1) {
    const facts = factsOf(rows, addMs(NOON, moves * 1_000), sha256);
    const move = nextMove(rows.run, facts);
    if (move.kind === 'event') commit(rows, move.event, facts, sha256);
    else if (move.kind === 'ask') commit(rows, asked(rows, move, facts), facts, sha256);
    else if (left.length === 0 || !answered(rows, left.shift() ?? 0, facts)) return rows;
  }
  return rows;
}

function begun(sha256: Sha256): AuditRows {
  const run = aNewRun({ config: aConfig({ policy: 'require_human' }) });
  const line = { type: 'created' as const, step: run.step, status: run.status, seq: 1, at: NOON, actor: 'human:ann', message: 'Run created', metadata: {} };
  const events = chainLines(run.runId, [{ ...line, sealed: { request: requestFacts(run), run: standingFacts(run) } }], CHAIN_START, sha256);
  return { run: { ...run, eventHash: events[0]?.hash ?? '' }, events, approvals: [], launches: [], artifacts: [] };
}

function factsOf({ run, approvals, launches }: AuditRows, now: string, sha256: Sha256): Facts {
  const payload = aPayload({ input: { prompt: 'a red fox', ...run.edits } });
  const preparation: Preparation = aPreparation({ payload, payloadHash: payloadHash(payload, sha256) });
  return {
    now, command: null, preparation, budget: null,
    approval: approvals.find(({ approvalId }) => approvalId === pendingApprovalOf(run)) ?? null,
    launch: (run.step === 'api_call' && launches.find(({ attempt }) => attempt === run.attempt)) || null,
  };
}

function commit(rows: AuditRows, event: RunEvent, facts: Facts, sha256: Sha256): void {
  const answer = transition(rows.run, event, facts.now, facts);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  const { run, lines, effects } = answer.transition;
  const placed: LineToChain[] = lines.map((line) => ({ ...line, sealed: { ...line.sealed, run: standingFacts(run) } }));
  const events = chainLines(run.runId, placed, rows.run.eventHash, sha256);
  rows.events.push(...events);
  rows.run = { ...run, eventHash: events.at(-1)?.hash ?? '' };
  for (const effect of effects) {
    if (effect.kind === 'open_approval') rows.approvals.push(effect.approval);
    if (effect.kind === 'cancel_approvals') rows.approvals = rows.approvals.map((each) => (each.status === 'pending' ? { ...each, status: 'cancelled' } : each));
  }
}

function asked({ run }: AuditRows, move: Extract<Move, { kind: 'ask' }>, { now }: Facts): RunEvent {
  const preparation = move.preparation ?? run.preparation;
  const question = CHECKPOINT_RULES[move.checkpoint].question({ run, reason: move.reason, preparation, context: move.context, schema: { type: 'object' } });
  const approval = anApproval({
    ...question, runId: run.runId, checkpoint: move.checkpoint, payload: preparation?.payload ?? null, payloadHash: preparation?.payloadHash ?? null, requestedAt: now,
  });
  return { type: 'asked', approval };
}

/** Somebody beside the house acts: a person on a card, a provider on a call. False when nobody is waited for. */
function answered(rows: AuditRows, choice: number, { now }: Facts): boolean {
  const { run } = rows;
  if (run.status === 'awaiting_human') {
    rows.approvals = rows.approvals.map((each) => (each.approvalId === run.standing.approvalId ? decided(each, choice, now) : each));
    return true;
  }
  if (run.status !== 'running' || run.step !== 'api_call') return false;
  rows.launches.push(launched(rows, choice, now));
  return true;
}

function decided(approval: Approval, choice: number, at: string): Approval {
  const action = approval.allowedActions[choice % approval.allowedActions.length] ?? 'approve';
  const edits: JsonObject = action === 'edit' || action === 'respond' ? { prompt: `a grey fox ${choice}` } : {};
  const decision = aDecision({ action, edits, at, reason: action === 'reject' ? 'not what I meant' : null, message: action === 'respond' ? 'grey' : null });
  return { ...approval, status: statusAfter(action, action === 'edit'), decision };
}

function launched(rows: AuditRows, choice: number, now: string): Launch {
  const { run } = rows;
  const outcome = OUTCOMES[choice % OUTCOMES.length]?.() ?? OUTCOMES[0]();
  if (outcome.kind === 'succeeded') rows.artifacts.push(...outcome.output.parts.flatMap((part) => (part.kind === 'file' ? [anArtifact(part, run)] : [])));
  return aLaunch({
    runId: run.runId, attempt: run.attempt, payloadHash: run.consent?.payloadHash ?? '', status: outcome.kind, outcome,
    jobId: outcome.kind === 'refused' ? null : `job-${choice}`, launchedAt: now, finishedAt: now, nextCheckAt: null,
  });
}

function anArtifact(part: Extract<StoredPart, { kind: 'file' }>, { runId, tenantId, userId }: AuditRows['run']) {
  const { artifactId, sha256, mime, bytes, name } = part;
  return { artifactId, tenantId, userId, runId, sha256, mime, bytes, name, createdAt: NOON };
}

const METRICS = { computeSeconds: 1, totalSeconds: 1 };
const OUTCOMES: [() => LaunchOutcome, ...(() => LaunchOutcome)[]] = [
  () => ({
    kind: 'succeeded', metrics: METRICS, cost: { amount: 0.25, currency: 'USD', basis: 'one call' },
    output: anOutput({ parts: [{ kind: 'file', pointer: '', artifactId: testId(), sha256: 'd'.repeat(64), mime: 'image/png', bytes: 9, name: null }, { kind: 'text', pointer: '', text: 'a fox' }] }),
  }),
  () => ({ kind: 'failed', reason: 'model_error', message: 'The model failed.', detail: 'oom', metrics: null, cost: { amount: 0.1, currency: 'USD', basis: 'time' } }),
  () => ({ kind: 'refused', refusal: { reason: 'throttled', message: 'busy', detail: '429', fields: [], retryAfterMs: 10 } }),
  () => ({ kind: 'unknown', detail: 'lost', jobIds: [] }),
];
