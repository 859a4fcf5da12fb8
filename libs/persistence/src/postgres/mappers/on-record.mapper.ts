/*
 * What this is: a run with what stands beside it, read in one statement, as the core knows it.
 * Invariant: what `row_to_json` turned into text (times) is an instant again; everything else is left to each row's own mapper.
 * To extend: a new row is a field of the row type, and its mapper with the names of its times.
 */
import type { Day, RunOnRecord, RunWithHistory } from '@countersign/core';
import type { ApprovalEntity } from '../entities/approval.entity';
import type { CommandEntity } from '../entities/command.entity';
import type { LaunchEntity } from '../entities/launch.entity';
import type { RunEntity } from '../entities/run.entity';
import type { StepEventEntity } from '../entities/step-event.entity';
import { toApproval } from './approval.mapper';
import { toBudgetFacts, type CapLineJson, type HeldJson } from './budget.mapper';
import { toCommand } from './command.mapper';
import { toLaunch } from './launch.mapper';
import { toRun } from './run.mapper';
import { toStepEvent } from './step-event.mapper';

/** Rows as `row_to_json` gives them: like the entities, but with times as text. */
type AsJson<T> = { [K in keyof T]: Date extends T[K] ? string | Exclude<T[K], Date> : T[K] };

export type OnRecordRow = RunEntity & {
  command: AsJson<CommandEntity> | null;
  approval: AsJson<ApprovalEntity> | null;
  launch: AsJson<LaunchEntity> | null;
  caps: CapLineJson[] | null;
  held: HeldJson | null;
};

export type WithHistoryRow = RunEntity & {
  approvals: AsJson<ApprovalEntity>[] | null;
  events: AsJson<StepEventEntity>[] | null;
};

export function toRunOnRecord({ command, approval, launch, caps, held, ...run }: OnRecordRow, day: Day): RunOnRecord {
  return {
    budget: toBudgetFacts(day, caps, held),
    run: toRun(run),
    command: command && toCommand(withTimes<CommandEntity>(command, ['requested_at'])),
    approval: approval && approvalOfJson(approval),
    launch: launch && toLaunch(withTimes<LaunchEntity>(launch, ['submitted_at', 'launched_at', 'finished_at', 'next_check_at'])),
  };
}

export function toRunWithHistory({ approvals, events, ...run }: WithHistoryRow): RunWithHistory {
  return {
    run: toRun(run),
    approvals: (approvals ?? []).map(approvalOfJson),
    events: (events ?? []).map((event) => toStepEvent(withTimes<StepEventEntity>(event, ['at']))),
  };
}

const approvalOfJson = (row: AsJson<ApprovalEntity>) => toApproval(withTimes<ApprovalEntity>(row, ['requested_at', 'expires_at', 'decided_at', 'claimed_until']));

function withTimes<T extends object>(row: AsJson<T>, names: (keyof T & string)[]): T {
  const times = names.map((name) => [name, row[name] === null ? null : new Date(row[name] as string)]);
  return { ...row, ...Object.fromEntries(times) } as unknown as T;
}
