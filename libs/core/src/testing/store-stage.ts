import type { Instant } from '../json';
import type { Sha256 } from '../payload/payload';
import type { ApprovalStore } from '../ports/approval-store';
import type { CommandStore } from '../ports/command-store';
import type { LaunchStore } from '../ports/launch-store';
import type { Bell, Outbox } from '../ports/outbox';
import type { RunStore } from '../ports/run-store';
import type { NewRun } from '../run/new-run';
import type { RunEvent, RunEventType } from '../run/events';
import type { Run, RunIn } from '../run/run';
import { transition, type Transition } from '../run/transition';
import type { Status, Step } from '../run/words';
import { aNewRun, NOON, testId } from './factories';
import { fittingEvent } from './fitting-event';

/** The stores that share one truth: the contract suites of the ports run on these. */
export interface StoreStage {
  runs: RunStore;
  approvals: ApprovalStore;
  launches: LaunchStore;
  commands: CommandStore;
  outbox: Outbox;
  sha256: Sha256;
}

export const LATER: Instant = '2026-11-22T12:05:00.000Z';

/** A doorbell that can be told from others. */
export function aBell(over: Partial<Bell> = {}): Bell {
  return { job: 'run.advance', data: { run_id: testId(), version: 1 }, notBefore: null, ...over };
}

export async function insertRun({ runs }: StoreStage, over: Partial<NewRun> = {}): Promise<RunIn<'queued'>> {
  const run = aNewRun(over);
  const answer = await runs.insert(run, [], null);
  if (answer.kind !== 'inserted') throw new Error(`not inserted: ${answer.kind}`);
  return (await runs.find(run.runId)) as RunIn<'queued'>;
}

/** @throws Error when the table does not allow it: the test is wrong then. */
export function allowed(run: Run, event: RunEvent | RunEventType, now = LATER): Transition {
  const answer = transition(run, typeof event === 'string' ? fittingEvent(run, event) : event, now);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  return answer.transition;
}

/** Moves a stored run; the run after the commit. */
export async function move({ runs }: StoreStage, run: Run, event: RunEvent | RunEventType, now = LATER): Promise<Run> {
  const answer = await runs.commit(allowed(run, event, now), [], []);
  if (!answer.ok) throw new Error('stale');
  return answer.run;
}

/** Event that leads to each step from the one before. */
const ROAD: [Step, RunEventType][] = [
  ['information_review', 'started'], ['payload_review', 'prepared'], ['api_call', 'approved'], ['response_review', 'executed'],
];
const TURN: Record<Exclude<Status, 'queued' | 'running'>, RunEventType> = {
  awaiting_human: 'asked', paused: 'paused', completed: 'accepted', failed: 'failed', cancelled: 'cancelled', expired: 'asked',
};

/** A stored run that came to `step` and then to `status`, by moves that are all on record. */
export async function storedRun(stage: StoreStage, status: Status, step: Step = 'api_call', over: Partial<NewRun> = {}): Promise<Run> {
  let run: Run = await insertRun(stage, over);
  if (status === 'queued') return run;
  for (const [reached, event] of ROAD) {
    run = await move(stage, run, event, NOON);
    if (reached === step) break;
  }
  if (status === 'running') return run;
  run = await move(stage, run, TURN[status], NOON);
  return status === 'expired' ? move(stage, run, 'expired', NOON) : run;
}
