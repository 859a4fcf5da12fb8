/*
 * What this is: effects of a transition as doorbells of the queue contract. What happens inside the store's commit
 * (approvals opened or cancelled, money set aside, launches given their job, decisions remembered) is not here; what `advance` means is the loop
 * in advance-run.ts.
 * Invariant: state and effects commit together (4): these go into the same statement as the run.
 * To extend: a new effect is a case here; the compiler asks for it.
 */
import { CHECKPOINT_RULES, type Approval, type Bell, type Effect, type Instant, type Run } from '@countersign/core';
import { bell } from '@countersign/queues';

/**
 * Waits longer than this have no timer of their own: the sweeper ends them within seconds, and a late answer is refused to
 * the millisecond anyway. Most waits are answered long before, and their timers would only fill Redis.
 */
const LONG_WAIT_MS = 120_000;

export function bellsOf(run: Run, effects: readonly Effect[]): Bell[] {
  return effects.flatMap((effect) => bellOf(run, effect));
}

function bellOf(run: Run, effect: Effect): Bell[] {
  const { runId: run_id, version } = run;
  switch (effect.kind) {
    case 'tell': return [bell('notice.tell', { run_id, seq: effect.seq })];
    case 'launch': return [bell('execution.launch', { run_id, attempt: effect.attempt, version }, effect.notBefore)];
    case 'stop_job': return [bell('execution.stop', { run_id, attempt: effect.attempt })];
    case 'arm_timer': return isLong(run, effect.at) ? [] : [bell('approval.expire', { run_id, approval_id: effect.approvalId, extension: version }, effect.at)];
    // The attempt exists, so the executor looks at its launch, which the commit gave the job's id.
    case 'follow': return [bell('execution.launch', { run_id, attempt: effect.attempt, version })];
    case 'open_approval': return mayBeWorded(run, effect.approval) ? [bell('approval.word', { run_id, approval_id: effect.approval.approvalId })] : [];
    case 'advance': case 'cancel_approvals': case 'reword': case 'observe': case 'reserve': case 'release': return [];
  }
}

/** A language model may say the question better; without one the executor lets the doorbell ring. */
function mayBeWorded(run: Run, { checkpoint }: Approval): boolean {
  return run.config.useNaturalLanguageHitl && checkpoint !== 'browser_action' && CHECKPOINT_RULES[checkpoint].mayBeWorded === true;
}

function isLong(run: Run, at: Instant): boolean {
  return Date.parse(at) - Date.parse(run.times.updatedAt) > LONG_WAIT_MS;
}
