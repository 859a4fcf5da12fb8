import {
  canonicalJson, CHECKPOINT_RULES, inOneGo, newRun, refuseAnswer, transition, type Approval, type Bell, type CheckpointRule, type Decision, type Instant, type NewRun, type Run, type RunEvent,
  type RunIn, type RunStore, type Transition,
} from '@countersign/core';

declare const run: Run;
declare const queued: RunIn<'queued'>;
declare const facts: NewRun;
declare const store: RunStore;
declare const now: Instant;
declare const event: RunEvent;
declare const approval: Approval;
declare const decision: Decision;
declare const rule: CheckpointRule;

const answer = transition(run, event, now);
if (answer.ok) void store.commit(answer.transition, [], []);

// @ts-expect-error a refusal has no transition: look at `ok` first (invariant 10)
answer.transition;
// @ts-expect-error a run is not a move: only `transition` makes one (invariant 2)
void store.commit(run, [], []);
// @ts-expect-error what looks like a move is none
void store.commit({ before: run, run, effects: [], lines: [] }, [], []);
// @ts-expect-error nor may a move be changed afterwards
if (answer.ok) answer.transition.run = run;
// @ts-expect-error moves go together only as moves
inOneGo(run, run);
// @ts-expect-error a run is inserted before anything happened to it
void store.insert(run, [], null);
// @ts-expect-error a queued run may have been moved before: only `newRun` makes a fresh one
void store.insert(queued, [], null);
void store.insert(newRun(facts, now), [], null);

export const waits = (waiting: RunIn<'awaiting_human'>): string => waiting.standing.approvalId;
// @ts-expect-error a completed run waits for nobody
export const done = (completed: RunIn<'completed'>): string => completed.standing.approvalId;
// @ts-expect-error a run that waits has no error
export const error = (waiting: RunIn<'awaiting_human'>): unknown => waiting.standing.error;
// @ts-expect-error only after looking at the status
run.standing.approvalId;
if (run.status === 'failed') run.standing.error.message.trim();
// @ts-expect-error there is no such status
if (run.status === 'done') throw new Error();
// @ts-expect-error a paused run says what it holds
export const paused: RunIn<'paused'>['standing'] = {};

// @ts-expect-error only a decided approval has a decision
approval.decision.by;
if (approval.status === 'approved') approval.decision.by.trim();
// @ts-expect-error a pending approval has none
export const pending: Approval = { ...approval, status: 'pending', decision };
// @ts-expect-error an approval cannot be approved without a decision
export const approved: Approval = { ...approval, status: 'approved', decision: null };
// @ts-expect-error an answer names its action in one of five words
refuseAnswer(approval, { action: 'maybe', edits: {}, reason: null, payloadHash: null }, now);

// @ts-expect-error an event carries what it is about
transition(run, { type: 'approved' }, now);
// @ts-expect-error a launch is asked for by consent, not by an event
transition(run, { type: 'launched' }, now);
// @ts-expect-error time is handed in
transition(run, event);

// @ts-expect-error a date is not JSON: it would be hashed as something else
canonicalJson({ at: new Date() });
// @ts-expect-error nor is undefined
canonicalJson({ at: undefined });
// @ts-expect-error a doorbell holds data, no entity
export const bell: Bell = { job: 'run.start', data: { at: new Date() }, notBefore: null };

// @ts-expect-error a browser agent's question stops the agent, not the run
CHECKPOINT_RULES.browser_action;
// @ts-expect-error every checkpoint says what follows from an answer
export const silent: CheckpointRule = { type: 'response_review', question: rule.question };

export type Made = Transition;
