/*
 * What this is: the brain of the orchestrator, pure. Given a run and the facts that others recorded, it says what
 * happens next. Every job is only a doorbell for this question, so each may ring twice, late or never.
 * Invariants: no launch without consent (6); only facts move a run (2); nobody waits inside (3).
 * To extend: a new reason to ask is a gate in policy.ts; a new kind of question a file in checkpoints/.
 */
import type { Approval } from '../approval/approval';
import { isOverdue } from '../approval/decide';
import type { Booking, BudgetFacts } from '../budget/budget';
import { budgetGate } from '../budget/budget-gate';
import { budgetContext, consentWithMoney, withMoney } from '../budget/guard-launch';
import { costOfOutcome } from '../budget/run-cost';
import type { RunCheckpoint } from '../checkpoints/checkpoints';
import { CHECKPOINT_RULES, passesCap } from '../checkpoints/checkpoints';
import { addMs, type Instant, type JsonObject } from '../json';
import { isOpenLaunch, type Launch } from '../launch/launch';
import type { CostEstimate } from '../ports/ai-provider';
import type { RunCommand } from '../ports/command-store';
import type { RunEvent } from './events';
import { failureMove } from './failure-move';
import { payloadGate, responseGate, validationGate } from './policy';
import type { Preparation, Proposal, Run, RunIn } from './run';
import { askedAgain, parameterChanges, staleConsent, timeChange } from './stale-consent';

/** What is on record besides the run itself. */
export interface Facts {
  now: Instant;
  /** Oldest command not acted on. */
  command: RunCommand | null;
  /** The approval the run waits for, as it stands. */
  approval: Approval | null;
  /** The launch of the current attempt. */
  launch: Launch | null;
  /** The check of the request as it is now; null = not made yet. */
  preparation: Preparation | null;
  /** Caps that the run is under, as they stand; null = there are none. */
  budget: BudgetFacts | null;
}

export type Move =
  | { kind: 'event'; event: RunEvent; command?: RunCommand }
  | { kind: 'ask'; checkpoint: RunCheckpoint; reason: string; context: JsonObject; preparation: Preparation | null; booking?: Booking; cost?: CostEstimate; command?: undefined }
  /** The check of the request is needed first. */
  | { kind: 'prepare' }
  /** The clock answers the approval, by its `on_timeout`. */
  | { kind: 'time_out'; approval: Approval; how: 'reject' | 'approve' | 'extend' | 'escalate' }
  | { kind: 'wait' };

export function nextMove(run: Run, facts: Facts): Move {
  if (facts.command) return { kind: 'event', event: commanded(facts.command), command: facts.command };
  switch (run.status) {
    case 'queued': return { kind: 'event', event: { type: 'started' } };
    case 'running': return moveOfRunning(run, facts);
    case 'awaiting_human': return moveOfWaiting(run, facts);
    default: return { kind: 'wait' };
  }
}

function commanded(command: RunCommand): RunEvent {
  switch (command.name) {
    case 'pause': return { type: 'paused', by: command.by };
    case 'resume': return { type: 'resumed', by: command.by };
    case 'cancel': return { type: 'cancelled', by: command.by, reason: command.reason };
    case 'forked': return {
      type: 'noted',
      note: { fact: 'forked', approvalId: null, actor: command.by, message: `Another run was forked from this one: ${command.reason}`, metadata: { forked_run_id: command.reason } },
    };
    case 'report': return {
      type: 'noted',
      note: { fact: 'browser_completed', approvalId: null, actor: command.by, message: `The browser agent reports: ${command.reason}`, metadata: {} },
    };
  }
}

function moveOfRunning(run: RunIn<'running'>, facts: Facts): Move {
  switch (run.step) {
    case 'information_review': {
      if (!facts.preparation) return { kind: 'prepare' };
      const gate = validationGate(facts.preparation);
      if (!gate.ask) return { kind: 'event', event: { type: 'prepared', preparation: facts.preparation } };
      return { kind: 'ask', checkpoint: 'validation_review', reason: gate.reason, context: againContext(run, facts.preparation), preparation: facts.preparation };
    }
    case 'payload_review': return moveOfPayload(run, facts);
    case 'api_call': return moveOfLaunch(run, facts);
    case 'response_review': {
      if (!run.output) return { kind: 'wait' };
      const gate = responseGate(run.config, run.output);
      if (!gate.ask) return { kind: 'event', event: { type: 'accepted', by: gate.reason } };
      return { kind: 'ask', checkpoint: 'response_review', reason: gate.reason, context: budgetContext(run.preparation, facts.budget), preparation: run.preparation };
    }
    default: return { kind: 'wait' };
  }
}

function moveOfPayload(run: RunIn<'running'>, facts: Facts): Move {
  const { preparation } = run;
  if (!preparation) return { kind: 'wait' };
  if (run.proposal || run.stale) {
    const context = { ...(run.proposal && { proposed_from: proposedFrom(run.proposal, preparation) }), ...againContext(run, preparation) };
    return askPayload(preparation, run.proposal ? 'an answer in words changed it' : 'the approval is no longer good', facts, context);
  }
  const gate = payloadGate(run.config, preparation);
  if (gate.ask) return askPayload(preparation, gate.reason, facts);
  const consent = { payloadHash: preparation.payloadHash ?? '', by: gate.reason, approvalId: null, at: facts.now };
  const event = withMoney(run, { type: 'approved', consent }, facts.budget);
  return event ? { kind: 'event', event } : askPayload(preparation, null, facts);
}

/** The money for the launch is set aside while the card waits; a cap that leaves no room for it is the card's own reason. */
function askPayload(preparation: Preparation, reason: string | null, { budget }: Facts, context: JsonObject = {}): Move {
  const money = budgetGate(preparation.estimate, budget);
  const ask = { kind: 'ask', checkpoint: 'payload_suggestion', preparation } as const;
  if (money.fits) return { ...ask, reason: reason ?? '', context, ...(money.booking && { booking: money.booking }) };
  const reasons = reason === null ? money.reason : `${money.reason}; ${reason}`;
  return { ...ask, reason: reasons, context: { ...context, ...budgetContext(preparation, budget) } };
}

function againContext(run: Run, preparation: Preparation): JsonObject {
  const again = askedAgain(run, preparation);
  return again ? { asked_again: again } : {};
}

/** What was said, what was read, and what it changes, for the card. */
function proposedFrom({ message, by, understood, before, readBy }: Proposal, preparation: Preparation): JsonObject {
  const after = preparation.payload?.input ?? {};
  const changes = parameterChanges(before, after).map((change) => ({ field: change.field ?? '', before: change.before, after: change.after }));
  return { message, by, understood, changes, ...(readBy === undefined ? {} : { read_by: readBy }) };
}

function moveOfLaunch(run: RunIn<'running'>, { launch, now, budget }: Facts): Move {
  if (!launch || isOpenLaunch(launch) || !launch.outcome) return { kind: 'wait' };
  const { outcome } = launch;
  const cost = costOfOutcome(outcome);
  if (outcome.kind !== 'succeeded') return moveOfFailure(run, failureMove(run, outcome, now), cost, budget);
  const startedAt = launch.launchedAt ?? launch.submittedAt;
  const providerMs = Math.max(0, Date.parse(launch.finishedAt ?? now) - Date.parse(startedAt));
  return { kind: 'event', event: { type: 'executed', output: outcome.output, providerMs, cost } };
}

/** A launch that failed may have cost something, and the next one needs money. */
function moveOfFailure(run: RunIn<'running'>, move: Move, cost: CostEstimate, budget: BudgetFacts | null): Move {
  if (move.kind === 'ask') return { ...move, cost, context: { ...move.context, ...budgetContext(run.preparation, budget) } };
  if (move.kind !== 'event') return move;
  if (move.event.type === 'failed') return { ...move, event: { ...move.event, cost } };
  if (move.event.type !== 'relaunched') return move;
  const event = withMoney(run, { ...move.event, cost }, budget);
  if (event) return { kind: 'event', event };
  return { kind: 'ask', checkpoint: 'error_recovery', reason: move.event.why, context: budgetContext(run.preparation, budget), preparation: run.preparation, cost };
}

function moveOfWaiting(run: RunIn<'awaiting_human'>, { approval, now, budget }: Facts): Move {
  if (!approval) return { kind: 'wait' };
  if (approval.status === 'cancelled') return { kind: 'event', event: { type: 'cancelled', by: 'system', reason: 'what the run waited for was called off' } };
  if (approval.status === 'expired') return { kind: 'event', event: { type: 'expired', approvalId: approval.approvalId } };
  if (approval.status === 'pending') return isOverdue(approval, now) ? timeOut(approval) : extension(run, approval);
  const rule = CHECKPOINT_RULES[run.standing.checkpoint as RunCheckpoint];
  const event = inTime(run, rule.consequence(run, approval, approval.decision), now);
  return { kind: 'event', event: consentWithMoney(run, event, approval.decision, budget) };
}

/** A yes that was heard too late is no yes any more. */
function inTime(run: Run, event: RunEvent, now: Instant): RunEvent {
  const late = event.type === 'approved' ? timeChange(run.config, event.consent, now) : null;
  if (event.type !== 'approved' || !late) return event;
  return { type: 'outdated', stale: staleConsent(event.consent, event.preparation ?? run.preparation, [late]), ...(event.edits && { edits: event.edits }) };
}

/** The approval's end was moved: the run's history has to say so. */
function extension(run: RunIn<'awaiting_human'>, approval: Approval): Move {
  if (run.times.expiresAt === approval.expiresAt) return { kind: 'wait' };
  const { approvalId, expiresAt, onTimeout } = approval;
  return { kind: 'event', event: { type: 'extended', approvalId, expiresAt, escalated: onTimeout === 'escalate' } };
}

function timeOut(approval: Approval): Move {
  switch (approval.onTimeout) {
    case 'keep_waiting': return { kind: 'time_out', approval, how: 'extend' };
    case 'escalate': return { kind: 'time_out', approval, how: approval.extensions === 0 ? 'escalate' : 'reject' };
    // A clock passes no cap.
    case 'approve': return { kind: 'time_out', approval, how: approval.allowedActions.includes('approve') && !passesCap(approval, 'approve') ? 'approve' : 'reject' };
    case 'reject': return { kind: 'time_out', approval, how: 'reject' };
  }
}

/** The new end of a wait that goes on. */
export function extendedEnd(approval: Approval, now: Instant): Instant {
  return addMs(now, approval.timeoutSeconds * 1000);
}
