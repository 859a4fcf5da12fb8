/*
 * What this is: one SQL statement that moves a run and does everything the move causes: one round trip, atomic without
 * BEGIN and COMMIT. Only the parts that a move needs are in it; each shape is prepared once per connection.
 * Invariant: state and effects commit together (4): every part hangs on `moved`, the conditional update of the run.
 * To extend: a new effect with a table of its own is a part here.
 */
import { dayOf, type Approval, type Bell, type Effect, type StepEvent, type Transition } from '@countersign/core';
import { toApprovalRow } from '../mappers/approval.mapper';
import { toStepEventRow } from '../mappers/step-event.mapper';
import { storableJson } from '../mappers/storable';
import { BELL_COLUMNS, bellsJson } from './bells';
import { observeParts } from './observe-statement';
import { releaseParts, reserveParts, roomParts, type Reserve } from './budget-parts';
import { APPROVAL_COLUMNS, STEP_EVENT_COLUMNS } from './columns';

export interface CommitFacts {
  transition: Transition;
  events: StepEvent[];
  /** Columns of `hitl_runs` that change, with their values. */
  changed: Record<string, unknown>;
  bells: Bell[];
  handledCommands: string[];
}

export interface Statement {
  name: string;
  text: string;
  values: unknown[];
}

interface Part {
  name: string;
  /** SQL of a WITH part; `add` takes a value and gives its placeholder. */
  sql: (add: (value: unknown) => string) => string;
  isNeeded: boolean;
}

export function commitStatement(facts: CommitFacts): Statement {
  const values: unknown[] = [];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const parts = partsOf(facts).filter(({ isNeeded }) => isNeeded);
  const text = `WITH ${parts.map(({ name, sql }) => `${name} AS (${sql(add)})`).join(', ')}
    SELECT (SELECT count(*) FROM moved) AS moved, ${facts.bells.length > 0 ? 'ARRAY(SELECT id FROM rung ORDER BY id)' : `'{}'`}::text[] AS bell_ids`;
  return { name: nameOf(text), text, values };
}

/** Names of the shapes seen, a few dozen in all: Postgres tells prepared statements apart by at most 63 characters. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  const name = names.get(text) ?? `commit-${names.size + 1}`;
  names.set(text, name);
  return name;
}

function partsOf({ transition: { before, run, effects }, events, changed, bells, handledCommands }: CommitFacts): Part[] {
  const opened = approvalsOf(effects);
  const followed = effects.flatMap((effect) => (effect.kind === 'follow' ? [{ attempt: effect.attempt, job_id: effect.jobId }] : []));
  const [reworded] = effects.flatMap((effect) => (effect.kind === 'reword' ? [{ approval_id: effect.approvalId, message: effect.wording.message, by: effect.wording.by, call_id: effect.wording.callId }] : []));
  const now = run.times.updatedAt;
  const reserve = reserveOf(effects);
  const needed = <P extends object>(part: P): P & { isNeeded: boolean } => ({ ...part, isNeeded: true });
  return [
    ...(reserve ? roomParts(before, reserve, dayOf(now)) : []).map(needed),
    { name: 'moved', isNeeded: true, sql: (add) => `
        UPDATE hitl_runs r SET ${Object.keys(changed).map((column) => `${column} = n.${column}`).join(', ')}
        FROM json_populate_record(NULL::hitl_runs, ${add(storableJson(changed))}::json) n
        WHERE r.run_id = ${add(run.runId)} AND r.version = ${add(before.version)}${reserve ? ' AND (SELECT ok FROM room)' : ''} RETURNING r.run_id` },
    { name: 'told', isNeeded: true, sql: (add) => `
        INSERT INTO hitl_step_events (${STEP_EVENT_COLUMNS}) SELECT ${prefixed('e', STEP_EVENT_COLUMNS)}
        FROM json_populate_recordset(NULL::hitl_step_events, ${add(JSON.stringify(events.map(toStepEventRow)))}::json) e, moved` },
    { name: 'asked', isNeeded: opened.length > 0, sql: (add) => `
        INSERT INTO hitl_approvals (${APPROVAL_COLUMNS}) SELECT ${prefixed('a', APPROVAL_COLUMNS)}
        FROM json_populate_recordset(NULL::hitl_approvals, ${add(storableJson(opened.map(toApprovalRow)))}::json) a, moved` },
    { name: 'reworded', isNeeded: reworded !== undefined, sql: (add) => `
        UPDATE hitl_approvals a SET message = w.message,
          context = a.context || jsonb_build_object('wording', jsonb_build_object('by', w.by, 'call_id', w.call_id, 'rule_message', a.message))
        FROM json_to_record(${add(storableJson(reworded ?? {}))}::json) AS w(approval_id uuid, message text, by text, call_id text), moved
        WHERE a.approval_id = w.approval_id AND a.run_id = moved.run_id AND a.status = 'pending' AND NOT a.context ? 'wording'` },
    { name: 'ended', isNeeded: effects.some(({ kind }) => kind === 'cancel_approvals'), sql: (add) => `
        UPDATE hitl_approvals a SET status = 'cancelled', decided_at = ${add(now)}::timestamptz
        FROM moved WHERE a.run_id = moved.run_id AND a.status = 'pending'` },
    { name: 'rung', isNeeded: bells.length > 0, sql: (add) => `
        INSERT INTO outbox (job, data, not_before) SELECT b.job, b.data, b.not_before
        FROM json_to_recordset(${add(bellsJson(bells))}::json) AS b(${BELL_COLUMNS}), moved ORDER BY b.n RETURNING id` },
    { name: 'handled', isNeeded: handledCommands.length > 0, sql: (add) => `
        UPDATE hitl_commands c SET outcome = 'done'
        FROM moved WHERE c.command_id = ANY(${add(handledCommands)}::uuid[]) AND c.run_id = moved.run_id` },
    { name: 'followed', isNeeded: followed.length > 0, sql: (add) => `
        UPDATE hitl_launches l SET status = 'launched', job_id = f.job_id, outcome = NULL, finished_at = NULL, next_check_at = ${add(now)}::timestamptz
        FROM json_to_recordset(${add(JSON.stringify(followed))}::json) AS f(attempt integer, job_id text), moved
        WHERE l.run_id = moved.run_id AND l.attempt = f.attempt AND l.status = 'unknown'
          AND NOT EXISTS (SELECT 1 FROM hitl_launches o WHERE o.provider = l.provider AND o.job_id = f.job_id)` },
    ...observeParts(effects.flatMap((effect) => (effect.kind === 'observe' ? [effect.observation] : []))[0]),
    ...(reserve ? reserveParts(run, reserve, dayOf(now)) : []).map(needed),
    ...(effects.some(({ kind }) => kind === 'release') ? releaseParts() : []).map(needed),
  ];
}

export function reserveOf(effects: readonly Effect[]): Reserve | null {
  return effects.find((effect): effect is Reserve => effect.kind === 'reserve') ?? null;
}

function approvalsOf(effects: readonly Effect[]): Approval[] {
  return effects.flatMap((effect) => (effect.kind === 'open_approval' ? [effect.approval] : []));
}

export function prefixed(alias: string, columns: string): string {
  return columns.split(', ').map((column) => `${alias}.${column}`).join(', ');
}
