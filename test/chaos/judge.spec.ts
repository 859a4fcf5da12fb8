import { canonicalJson, type StepEvent } from '@countersign/core';
import { createHash } from 'node:crypto';
import type { ApprovalRow, Evidence, LaunchRow } from './evidence';
import { judge } from './judge';

const RUN = 'run-1';
const CARD = 'card-1';
const HASH = 'h'.repeat(64);
const BY = 'human:rita';

const sealed = (event: Omit<StepEvent, 'hash'>): StepEvent => ({ ...event, hash: createHash('sha256').update(canonicalJson(event)).digest('hex') });

type Line = Partial<StepEvent> & Pick<StepEvent, 'type'>;

function historyOf(lines: Line[], runId = RUN): StepEvent[] {
  const events: StepEvent[] = [];
  for (const line of lines) {
    events.push(sealed({
      runId, seq: events.length + 1, step: 'api_call', status: 'running', at: '2026-11-22T10:00:00.000Z', actor: 'system', message: line.type,
      metadata: {}, prevHash: events.at(-1)?.hash ?? '0'.repeat(64), ...line,
    }));
  }
  return events;
}

const LINES: Line[] = [
  { type: 'created' }, { type: 'asked', metadata: { approval_id: CARD } },
  { type: 'approved', actor: BY, metadata: { approval_id: CARD, attempt: 1, payload_hash: HASH } }, { type: 'accepted' },
];

const card: ApprovalRow = {
  approval_id: CARD, run_id: RUN, checkpoint: 'payload_suggestion', status: 'approved', payload_hash: HASH, decided_hash: null, action: 'approve',
  by: BY, decided_ms: 100,
};
const launch: LaunchRow = { launch_id: 'l-1', run_id: RUN, attempt: 1, provider: 'replicate', payload_hash: HASH, status: 'succeeded', job_id: 'j-1', submitted_ms: 200 };

/** One run that a person approved and that ran once. */
function clean(lines: Line[] = LINES): Evidence {
  const events = historyOf(lines);
  return {
    accepted: [RUN], answers: [{ approvalId: CARD, by: BY, action: 'approve', accepted: true }],
    created: [{ jobId: 'j-1', launchId: 'l-1', input: { prompt: 'a fox' } }],
    runs: [{
      run_id: RUN, status: 'completed', step: 'completed', version: events.length, attempt: 1, approval_id: null, event_hash: events.at(-1)?.hash ?? '',
      policy: 'require_human', has_output: true, input: { prompt: 'a fox' },
    }],
    events, approvals: [card], launches: [launch], commands: [{ run_id: RUN, name: 'pause', outcome: 'done' }],
    notices: [{ run_id: RUN, channel: 'socket', told_seq: events.length }],
  };
}

/** Names of the checks that found something. */
const found = (evidence: Evidence): string[] => judge(evidence).filter(({ faults }) => faults.length > 0).map(({ check }) => check);
const withRun = (over: Partial<Evidence['runs'][number]>): Evidence => ({ ...clean(), runs: clean().runs.map((run) => ({ ...run, ...over })) });
const withLaunch = (over: Partial<LaunchRow>): Evidence => ({ ...clean(), launches: [{ ...launch, ...over }] });
const withCard = (over: Partial<ApprovalRow>): Evidence => ({ ...clean(), approvals: [{ ...card, ...over }] });

describe('the judge', () => {
  it('finds nothing where nothing is wrong, and says what it looked at', () => {
    expect(found(clean())).toEqual([]);
    expect(judge(clean()).filter(({ seen }) => seen === 0)).toEqual([]);
  });

  it('says that it saw nothing where there is nothing to see', () => {
    const empty: Evidence = { accepted: [], answers: [], created: [], runs: [], events: [], approvals: [], launches: [], commands: [], notices: [] };
    expect(judge(empty).every(({ seen }) => seen === 0)).toBe(true);
  });

  const planted: [fault: string, check: string, evidence: Evidence][] = [
    ['an accepted run that is gone', 'runs lost', { ...clean(), accepted: [RUN, 'run-2'] }],
    ['a run that stands still', 'runs lost', withRun({ status: 'running' })],
    ['a run that stays paused', 'runs lost', withRun({ status: 'paused' })],
    ['a run that waits for an answer somebody gave', 'runs lost', withRun({ status: 'awaiting_human', approval_id: CARD })],
    ['a result that is gone', 'runs lost', withRun({ has_output: false })],
    ['a run nobody was told of', 'runs made twice', { ...clean(), accepted: [] }],
    ['a launch that was paid twice', 'launched more than once', { ...clean(), created: [...clean().created, { jobId: 'j-2', launchId: 'l-1', input: { prompt: 'a fox' } }] }],
    ['an attempt with two launches', 'launched more than once', { ...clean(), launches: [launch, { ...launch, launch_id: 'l-2', job_id: null }] }],
    ['a job followed for two launches', 'launched more than once', { ...clean(), launches: [launch, { ...launch, launch_id: 'l-2', attempt: 2 }] }],
    ['a job no launch knows', 'launched more than once', { ...clean(), created: [...clean().created, { jobId: 'j-9', launchId: 'l-9', input: {} }] }],
    ['two accepted answers', 'decided twice', { ...clean(), answers: [...clean().answers, { approvalId: CARD, by: 'human:ravi', action: 'reject', accepted: true }] }],
    ['one answer that moved the run twice', 'decided twice', clean([...LINES, { type: 'revised', actor: BY, metadata: { approval_id: CARD } }])],
    ['an answer that is not on record', 'answers not honoured', withCard({ by: null, action: null })],
    ['an answer that nothing came of', 'answers not honoured', clean(LINES.map((line) => (line.type === 'approved' ? { ...line, type: 'accepted' as const, actor: 'policy:auto', metadata: {} } : line)))],
    ['a yes taken for a no', 'answers not honoured', clean(LINES.map((line) => (line.type === 'approved' ? { ...line, type: 'rejected' as const } : line)))],
    ['a launch nobody approved', 'launched unapproved', clean([{ type: 'created' }, { type: 'accepted' }])],
    ['a launch of another payload', 'launched unapproved', withLaunch({ payload_hash: 'x'.repeat(64) })],
    ['a launch after a no', 'launched unapproved', withCard({ action: 'reject' })],
    ['a launch before the yes', 'launched unapproved', withLaunch({ submitted_ms: 50 })],
    ['a policy that approves where a person must', 'launched unapproved', clean(LINES.map((line) => (line.type === 'approved' ? { ...line, actor: 'policy:auto', metadata: { ...line.metadata, approval_id: null } } : line)))],
    ['other words at the provider than approved', 'launched unapproved', { ...clean(), created: [{ jobId: 'j-1', launchId: 'l-1', input: { prompt: 'a wolf' } }] }],
    ['a missing event', 'events with a gap', { ...clean(), events: clean().events.filter(({ seq }) => seq !== 2) }],
    ['a missing last event', 'events with a gap', { ...clean(), events: clean().events.slice(0, -1) }],
    ['a changed event', 'chains broken', { ...clean(), events: clean().events.map((event) => (event.seq === 2 ? { ...event, message: 'never asked' } : event)) }],
    ['a chain that does not hang together', 'chains broken', { ...clean(), events: clean().events.map((event) => (event.seq === 3 ? sealed({ ...event, prevHash: '1'.repeat(64) }) : event)) }],
    ['a run with another end than its chain', 'chains broken', withRun({ event_hash: '2'.repeat(64) })],
    ['an unknown launch nobody was asked about', 'unknown without a card', withLaunch({ status: 'unknown' })],
    ['a command nobody acted on', 'commands nobody acted on', { ...clean(), commands: [{ run_id: RUN, name: 'cancel', outcome: null }] }],
    ['an end that sockets never heard of', 'ends untold', { ...clean(), notices: [{ run_id: RUN, channel: 'socket', told_seq: 1 }] }],
  ];
  it.each(planted)('finds %s', (_fault, check, evidence) => {
    expect(found(evidence)).toContain(check);
  });

  it('takes a run that waits for somebody, and one that was called off after a yes, for what they are', () => {
    const waiting = withRun({ status: 'awaiting_human', approval_id: 'card-2' });
    expect(found({ ...waiting, approvals: [...waiting.approvals, { ...card, approval_id: 'card-2', status: 'pending', action: null, by: null }] })).toEqual([]);
    const calledOff = clean([...LINES.slice(0, 2), { type: 'cancelled', actor: 'human:lena', metadata: { approval_id: CARD } }]);
    const commands = [{ run_id: RUN, name: 'cancel', outcome: 'done' }];
    expect(found({ ...withLaunch({ status: 'unknown' }), commands })).toEqual([]);
    expect(found({ ...calledOff, launches: [], created: [], commands })).toEqual([]);
  });
});
