/*
 * What this is: reads the evidence and says what went wrong. Pure, so that small tests can plant each fault and see it found.
 * Invariant: a check that saw nothing to look at fails as well: silence is no proof.
 * To extend: a new promise is one check in CHECKS.
 */
import { canonicalJson, isTerminal, verifyChain, type Status, type StepEvent } from '@countersign/core';
import { createHash } from 'node:crypto';
import type { ApprovalRow, CommandRow, Created, Evidence, LaunchRow, RunRow } from './evidence';

export interface Finding {
  check: string;
  /** How many things were looked at. */
  seen: number;
  /** One sentence each. */
  faults: string[];
}

type Look = Omit<Finding, 'check'>;

export function judge(evidence: Evidence): Finding[] {
  return Object.entries(CHECKS).map(([check, look]) => ({ check, ...look(evidence) }));
}

/** A run is where it belongs: ended, or at a question that somebody can still answer. */
export function isSettled(run: Pick<RunRow, 'status' | 'approval_id'>, approvals: ReadonlyMap<string, Pick<ApprovalRow, 'status'>>): boolean {
  if (isTerminal(run.status as Status)) return true;
  return run.status === 'awaiting_human' && run.approval_id !== null && approvals.get(run.approval_id)?.status === 'pending';
}

const CHECKS: Record<string, (evidence: Evidence) => Look> = {
  'runs lost': ({ accepted, runs, approvals, launches }) => {
    const byId = new Map(runs.map((run) => [run.run_id, run]));
    const cards = new Map(approvals.map((approval) => [approval.approval_id, approval]));
    return { seen: accepted.length, faults: [
      ...accepted.filter((runId) => !byId.has(runId)).map((runId) => `run ${runId} was accepted and is gone`),
      ...runs.filter((run) => !isSettled(run, cards)).map((run) => `run ${run.run_id} stands ${run.status} at ${run.step}`),
      ...runs.filter((run) => run.status === 'completed' && !run.has_output && lastLaunch(run, launches)?.status === 'succeeded')
        .map((run) => `run ${run.run_id} is completed without its result`),
    ] };
  },
  'runs made twice': ({ accepted, runs }) => {
    const told = new Set(accepted);
    return { seen: runs.length, faults: runs.filter(({ run_id: runId }) => !told.has(runId)).map(({ run_id: runId }) => `run ${runId}: no caller was given it`) };
  },
  'launched more than once': ({ created, launches }) => {
    const known = new Set(launches.map(({ launch_id: launchId }) => launchId));
    const claimed = launches.flatMap(({ job_id: jobId }) => (jobId === null ? [] : [jobId]));
    return { seen: created.length, faults: [
      ...twice(created.map(({ launchId }) => launchId ?? 'none')).map((launchId) => `launch ${launchId} was paid for more than once`),
      ...twice(launches.map((launch) => `${launch.run_id}/${launch.attempt}`)).map((attempt) => `attempt ${attempt} has two launches`),
      ...twice(claimed).map((jobId) => `job ${jobId} is followed for two launches`),
      ...created.filter(({ launchId }) => launchId === null || !known.has(launchId)).map(({ jobId }) => `job ${jobId} belongs to no launch on record`),
    ] };
  },
  'decided twice': ({ answers, approvals, events }) => {
    const winners = new Set(answers.filter(({ accepted }) => accepted).map(({ approvalId, by, action }) => `${approvalId} ${by} ${action}`));
    const settled = events.filter(settlesApproval).map(({ metadata }) => String(metadata['approval_id']));
    return { seen: approvals.filter(({ action }) => action !== null).length, faults: [
      ...twice([...winners].map((winner) => winner.split(' ')[0] ?? '')).map((id) => `approval ${id}: two different answers were accepted`),
      ...twice(settled).map((id) => `approval ${id} moved its run twice`),
    ] };
  },
  'answers not honoured': ({ answers, approvals, events, commands }) => {
    const cards = new Map(approvals.map((approval) => [approval.approval_id, approval]));
    const lines = new Map(events.filter(settlesApproval).map((event) => [String(event.metadata['approval_id']), event]));
    const calledOff = calledOffRuns(commands);
    const given = answers.filter(({ accepted }) => accepted);
    return { seen: given.length, faults: given.flatMap(({ approvalId, by, action }) => {
      const card = cards.get(approvalId);
      if (card?.by !== by || card.action !== action) return [`approval ${approvalId}: ${by} was told that "${action}" stands, on record is ${card?.by ?? 'nobody'} with "${card?.action ?? ''}"`];
      const line = lines.get(approvalId);
      if (line?.type === 'cancelled' && calledOff.has(card.run_id)) return [];
      const isSame = line?.actor === by && (line.type === 'rejected') === (action === 'reject');
      return isSame ? [] : [`approval ${approvalId}: the run's history does not follow "${action}" of ${by}`];
    }) };
  },
  'launched unapproved': (evidence) => {
    const records: Records = {
      runs: new Map(evidence.runs.map((run) => [run.run_id, run])), events: eventsByRun(evidence.events),
      approvals: new Map(evidence.approvals.map((approval) => [approval.approval_id, approval])),
      sent: new Map(evidence.created.map((job) => [job.launchId ?? '', job])),
    };
    return { seen: evidence.launches.length, faults: evidence.launches.flatMap((launch) => whyUnapproved(launch, records)) };
  },
  'events with a gap': ({ runs, events }) => {
    const byRun = eventsByRun(events);
    return { seen: events.length, faults: runs.flatMap((run) => {
      const line = byRun.get(run.run_id) ?? [];
      const isWhole = line.length === run.version && line.every(({ seq }, index) => seq === index + 1);
      return isWhole ? [] : [`run ${run.run_id} is at version ${run.version}, its events are ${line.map(({ seq }) => seq).join(', ')}`];
    }) };
  },
  'chains broken': ({ runs, events }) => {
    const byRun = eventsByRun(events);
    return { seen: events.length, faults: runs.flatMap((run) => {
      const line = byRun.get(run.run_id) ?? [];
      const broken = verifyChain(line, sha256);
      if (broken) return [`run ${run.run_id}: the chain breaks at event ${broken.seq} (${broken.fault})`];
      return line.at(-1)?.hash === run.event_hash ? [] : [`run ${run.run_id} does not end in its own chain`];
    }) };
  },
  'unknown without a card': ({ launches, approvals, commands }) => {
    // Whoever called the run off has ended the story; nobody would know what to ask them.
    const calledOff = calledOffRuns(commands);
    const unknown = launches.filter(({ status, run_id: runId }) => status === 'unknown' && !calledOff.has(runId));
    const asked = count(approvals.filter(({ checkpoint }) => checkpoint === 'execution_unknown').map(({ run_id: runId }) => runId));
    const open = count(unknown.map(({ run_id: runId }) => runId));
    return { seen: launches.length, faults: [...open].filter(([runId, launched]) => launched > (asked.get(runId) ?? 0)).map(([runId]) => `run ${runId}: a launch is unknown and nobody was asked`) };
  },
  'commands nobody acted on': ({ commands }) => ({
    seen: commands.length, faults: commands.filter(({ outcome }) => outcome === null).map(({ run_id: runId, name }) => `run ${runId}: "${name}" waits for ever`),
  }),
  'ends untold': ({ runs, notices }) => {
    const told = new Map(notices.map((notice) => [notice.run_id, notice.told_seq]));
    return { seen: notices.length, faults: runs.filter(({ run_id: runId, version }) => (told.get(runId) ?? 0) < version).map(({ run_id: runId, version }) => `run ${runId}: sockets were told up to ${told.get(runId) ?? 0} of ${version}`) };
  },
};

interface Records {
  runs: ReadonlyMap<string, RunRow>;
  events: ReadonlyMap<string, StepEvent[]>;
  approvals: ReadonlyMap<string, ApprovalRow>;
  /** By launch. */
  sent: ReadonlyMap<string, Created>;
}

/** A person's yes to this very payload, or a policy that needs none; before it was sent; and what was sent is that payload. */
function whyUnapproved(launch: LaunchRow, { runs, events, approvals, sent }: Records): string[] {
  const run = runs.get(launch.run_id);
  if (launch.status === 'consent_mismatch') return [`launch ${launch.launch_id} met a consent for something else`];
  const yes = (events.get(launch.run_id) ?? []).filter(({ type, metadata }) => type === 'approved' && Number(metadata['attempt']) <= launch.attempt).at(-1);
  if (!run || !yes || yes.metadata['payload_hash'] !== launch.payload_hash) return [`launch ${launch.launch_id}: nobody approved its payload`];
  const approvalId = yes.metadata['approval_id'];
  if (approvalId === null) {
    if (!yes.actor.startsWith('policy:') || run.policy === 'require_human') return [`launch ${launch.launch_id}: ${yes.actor} is nobody who may approve under ${run.policy}`];
  } else {
    const card = approvals.get(String(approvalId));
    const isYes = card?.by === yes.actor && card.action !== 'reject' && (card.decided_hash ?? card.payload_hash) === launch.payload_hash;
    if (!isYes || (card.decided_ms ?? Infinity) > launch.submitted_ms) return [`launch ${launch.launch_id}: approval ${String(approvalId)} does not say yes to it`];
  }
  const job = sent.get(launch.launch_id);
  const isOther = job !== undefined && run.attempt === launch.attempt && canonicalJson(job.input) !== canonicalJson(run.input ?? {});
  return isOther ? [`launch ${launch.launch_id} sent something else than was approved`] : [];
}

const MOVES_ON: ReadonlySet<string> = new Set(['approved', 'revised', 'rejected', 'accepted', 'recovered', 'expired', 'cancelled']);

function settlesApproval({ type, metadata }: StepEvent): boolean {
  return MOVES_ON.has(type) && typeof metadata['approval_id'] === 'string';
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

function calledOffRuns(commands: CommandRow[]): ReadonlySet<string> {
  return new Set(commands.filter(({ name, outcome }) => name === 'cancel' && outcome === 'done').map(({ run_id: runId }) => runId));
}

function lastLaunch(run: RunRow, launches: LaunchRow[]): LaunchRow | undefined {
  return launches.find((launch) => launch.run_id === run.run_id && launch.attempt === run.attempt);
}

function eventsByRun(events: StepEvent[]): Map<string, StepEvent[]> {
  const byRun = new Map<string, StepEvent[]>();
  for (const event of events) byRun.set(event.runId, [...(byRun.get(event.runId) ?? []), event]);
  return byRun;
}

function count(words: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const twice = (words: string[]): string[] => [...count(words)].filter(([, times]) => times > 1).map(([word]) => word);
