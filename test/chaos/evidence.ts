import { isJsonObject, type Json, type JsonObject, type StepEvent } from '@countersign/core';
import type { ReplicateEmulator } from '@countersign/providers';
import type { Pool } from 'pg';
import type { GivenAnswer } from './reviewers';

/** What is on record when the storm is over: the rows of Postgres, the stand-in provider's own book, and what callers were told. */
export interface Evidence {
  /** Ids of runs whose callers were told "accepted". */
  accepted: string[];
  answers: GivenAnswer[];
  created: Created[];
  runs: RunRow[];
  events: StepEvent[];
  approvals: ApprovalRow[];
  launches: LaunchRow[];
  commands: CommandRow[];
  notices: NoticeRow[];
}

/** A paid job in the provider's own book. */
export interface Created {
  jobId: string;
  /** Out of the call-back address; null when it has none. */
  launchId: string | null;
  input: JsonObject;
}

export interface RunRow {
  run_id: string;
  status: string;
  step: string;
  version: number;
  attempt: number;
  approval_id: string | null;
  event_hash: string;
  policy: string;
  has_output: boolean;
  /** What the newest attempt was to send. */
  input: JsonObject | null;
}

export interface ApprovalRow {
  approval_id: string;
  run_id: string;
  checkpoint: string;
  status: string;
  payload_hash: string | null;
  /** After edits, when the decision made any. */
  decided_hash: string | null;
  action: string | null;
  by: string | null;
  /** Milliseconds since 1970; null while nobody answered. */
  decided_ms: number | null;
}

export interface LaunchRow {
  launch_id: string;
  run_id: string;
  attempt: number;
  provider: string;
  payload_hash: string;
  status: string;
  job_id: string | null;
  submitted_ms: number;
}

export interface CommandRow {
  run_id: string;
  name: string;
  outcome: string | null;
}

export interface NoticeRow {
  run_id: string;
  channel: string;
  told_seq: number;
}

type Rows = Pick<Evidence, 'runs' | 'events' | 'approvals' | 'launches' | 'commands' | 'notices'>;

export async function readRows(db: Pool): Promise<Rows> {
  const rows = async <Row extends object>(sql: string): Promise<Row[]> => (await db.query<Row>(sql)).rows;
  const events = await rows<StepEventRow>('SELECT * FROM hitl_step_events ORDER BY run_id, seq');
  return {
    runs: await rows(`SELECT run_id, status, step, version, attempt, approval_id, event_hash, config ->> 'policy' AS policy,
      output IS NOT NULL AS has_output, preparation #> '{payload,input}' AS input FROM hitl_runs`),
    events: events.map(({ run_id: runId, prev_hash: prevHash, at, ...same }) => ({ ...same, runId, prevHash, at: at.toISOString() })),
    approvals: await rows(`SELECT approval_id, run_id, checkpoint, status, payload_hash, decision #>> '{preparation,payloadHash}' AS decided_hash,
      decision ->> 'action' AS action, decision ->> 'by' AS by, (extract(epoch FROM decided_at) * 1000)::float AS decided_ms FROM hitl_approvals`),
    launches: await rows(`SELECT launch_id, run_id, attempt, provider, payload_hash, status, job_id,
      (extract(epoch FROM submitted_at) * 1000)::float AS submitted_ms FROM hitl_launches`),
    commands: await rows('SELECT run_id, name, outcome FROM hitl_commands'),
    notices: await rows(`SELECT run_id, channel, told_seq FROM notices WHERE channel = 'socket'`),
  };
}

type StepEventRow = Omit<StepEvent, 'runId' | 'prevHash' | 'at'> & { run_id: string; prev_hash: string; at: Date };

/** Every job the stand-in made, whether anybody heard of it or not. */
export function readBook({ predictions }: ReplicateEmulator): Created[] {
  return predictions.all().map(({ id, webhook, input }) => ({ jobId: id, launchId: launchIdOf(webhook), input: onlyJson(input) }));
}

function launchIdOf(webhook: string | null): string | null {
  return webhook === null ? null : (new URL(webhook).pathname.split('/').at(-1) ?? null);
}

function onlyJson(input: Json): JsonObject {
  return isJsonObject(input) ? input : {};
}
