import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Json } from '../json';
import { canonicalJson } from '../payload/canonical-json';
import { aStory } from '../testing/a-story';
import { NOON } from '../testing/factories';
import { transition } from '../run/transition';
import { auditRecord, type AuditRows } from './audit-record';
import { wordingEvidence } from './grounds';
import { standingFacts } from './seals';
import { chainLines } from './verify-chain';
import { verifyRun, type RunVerdict } from './verify-run';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const judge = (rows: AuditRows): RunVerdict => verifyRun(auditRecord(rows, sha256), sha256);
const copy = (rows: AuditRows): AuditRows => JSON.parse(JSON.stringify(rows)) as AuditRows;
const stories = fc.array(fc.nat(30), { maxLength: 12 }).map((choices) => aStory(choices, sha256));
/** Approved, ran, kept: one row of each kind. */
const COMPLETE = aStory([0, 0, 0], sha256);
type Table = keyof AuditRows;

/** What the history does not speak of: it changes while a run waits, is worked out anew, or is nobody's proof. */
const UNSEALED: Record<Table, RegExp> = {
  run: /^(proposal|stale|autoRetries|times\.(?!createdAt)|preparation(?!\.payload($|\.)))/,
  events: /^$/,
  approvals: /^(expiresAt|extensions|userId|claimedBy|claimedUntil)$/,
  launches: /^(runId|tenantId|callbackToken|callbackJobId|nextCheckAt|checks|progress)/,
  artifacts: /^(tenantId|userId|runId|name|createdAt)$/,
};

type Node = { [key: string]: Json };
function leaves(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, item]) => leaves(item as Json, [...path, key]));
}

function changed(value: Json): Json {
  if (typeof value === 'string') return value === '' ? 'x' : `${value.slice(0, -1)}${value.endsWith('x') ? 'y' : 'x'}`;
  if (typeof value === 'number') return value + 1;
  return value === null ? 'x' : !value;
}

function spoil(row: Node, path: string[]): void {
  const holder = path.slice(0, -1).reduce<Node>((node, key) => node[key] as Node, row);
  const key = path.at(-1) ?? '';
  holder[key] = changed(holder[key] ?? null);
}

const listOf = (rows: AuditRows, table: Table): Node[] => (table === 'run' ? [rows.run] : rows[table]) as unknown as Node[];

describe('verifyRun', () => {
  it('finds nothing wrong in any life that the house leads, and leaves nothing unproven once it is over', () => {
    fc.assert(fc.property(stories, (rows) => {
      const { findings, unproven } = judge(copy(rows));
      expect(findings).toEqual([]);
      if (['completed', 'cancelled', 'failed'].includes(rows.run.status)) expect(unproven).toEqual([]);
    }), { numRuns: 100 });
  });

  it('has a story with a row of each kind to spoil', () => {
    expect(COMPLETE.run.status).toBe('completed');
    expect([COMPLETE.approvals, COMPLETE.launches, COMPLETE.artifacts].map(({ length }) => length)).toEqual([2, 1, 1]);
  });

  it('notices whatever field of whatever row is changed, but for those that are named here', () => {
    let spoilt = 0;
    fc.assert(fc.property(stories, fc.constantFrom<Table>('run', 'events', 'approvals', 'launches', 'artifacts'), fc.nat(), fc.nat(), (rows, table, row, leaf) => {
      const other = copy(rows);
      const list = listOf(other, table);
      const target = list[row % Math.max(1, list.length)];
      if (!target) return;
      const open = leaves(target).filter((path) => !UNSEALED[table].test(path.join('.')));
      const path = open[leaf % open.length] ?? [];
      // What is not in the history yet can be proven by nothing.
      const { unproven } = judge(copy(rows));
      if (unproven.length > 0 && table !== 'events') return;
      spoil(target, path);
      spoilt += 1;
      expect([path.join('.'), judge(other).findings.length + judge(other).unproven.length]).not.toEqual([path.join('.'), 0]);
    }), { numRuns: 600 });
    expect(spoilt).toBeGreaterThan(150);
  });

  it('notices every single field of a complete run', () => {
    for (const table of Object.keys(UNSEALED) as Table[]) {
      for (const [n, row] of listOf(copy(COMPLETE), table).entries()) {
        for (const path of leaves(row).filter((each) => !UNSEALED[table].test(each.join('.')))) {
          const other = copy(COMPLETE);
          spoil(listOf(other, table)[n] as Node, path);
          expect([table, path.join('.'), judge(other).findings.length > 0]).toEqual([table, path.join('.'), true]);
        }
      }
    }
  });

  it.each(['events', 'approvals', 'launches', 'artifacts'] as const)('notices that one of the %s is gone, whichever it is', (table) => {
    for (const n of COMPLETE[table].keys()) {
      const other = copy(COMPLETE);
      (other[table] as unknown[]).splice(n, 1);
      expect(judge(other).findings).not.toEqual([]);
    }
  });

  it('notices that the newest events are gone, also when the run was set back with them', () => {
    for (let length = 0; length < COMPLETE.events.length; length += 1) {
      const cut = copy(COMPLETE);
      cut.events = cut.events.slice(0, length);
      expect(judge(cut).findings).toContainEqual(expect.objectContaining({ fault: 'head' }));
      const last = cut.events.at(-1);
      if (!last) continue;
      cut.run = { ...cut.run, version: last.seq, eventHash: last.hash, status: last.status, step: last.step } as typeof cut.run;
      expect(judge(cut).findings).not.toEqual([]);
    }
  });

  it.each([
    ['an answer given by nobody', (rows: AuditRows) => { Object.assign(rows.approvals[0] ?? {}, { decision: { ...COMPLETE.approvals[0]?.decision, by: 'human:mallory' } }); }, 'approval'],
    ['an approval opened again', (rows: AuditRows) => { Object.assign(rows.approvals[0] ?? {}, { status: 'pending', decision: null }); }, 'approval'],
    ['a question that nobody asked', (rows: AuditRows) => { rows.approvals.push({ ...(rows.approvals[0] as never as AuditRows['approvals'][0]), approvalId: 'other' }); }, 'approval'],
    ['a launch to which nobody consented', (rows: AuditRows) => { rows.launches.push({ ...(rows.launches[0] as AuditRows['launches'][0]), launchId: 'other', attempt: 7 }); }, 'launch'],
    ['a cheaper launch', (rows: AuditRows) => { Object.assign(rows.launches[0]?.outcome ?? {}, { cost: { amount: 0, currency: 'USD', basis: 'free' } }); }, 'launch'],
    ['another payload on the card', (rows: AuditRows) => { Object.assign(rows.approvals[0]?.payload ?? {}, { model: 'scripted/other' }); }, 'approval'],
  ] as const)('says of %s which row it is', (_what, tamper, fault) => {
    const rows = copy(COMPLETE);
    tamper(rows);
    expect(judge(rows).findings.map((finding) => finding.fault)).toContain(fault);
  });

  it('knows the words that took the place of a question\'s own, and notices when they, or those, are changed', () => {
    const rows = copy(aStory([], sha256));
    const [approval] = rows.approvals;
    if (!approval) throw new Error('nothing was asked');
    const wording = { message: 'Which picture shall it be?', by: 'house:small', callId: 'call-1' };
    const note = { fact: 'approval_worded', approvalId: approval.approvalId, actor: 'system', message: 'worded', metadata: {}, evidence: wordingEvidence(approval.approvalId, wording), wording };
    const answer = transition(rows.run, { type: 'noted', note }, NOON);
    if (!answer.ok) throw new Error(answer.refusal.detail);
    const { run, lines } = answer.transition;
    rows.events.push(...chainLines(run.runId, lines.map((line) => ({ ...line, sealed: { ...line.sealed, run: standingFacts(run) } })), rows.run.eventHash, sha256));
    rows.run = { ...run, eventHash: rows.events.at(-1)?.hash ?? '' };
    expect(judge(rows).findings).toEqual([]); // the answer was quicker: it keeps its own words
    const worded = copy(rows);
    Object.assign(worded.approvals[0] ?? {}, { message: wording.message, context: { ...approval.context, wording: { by: wording.by, call_id: wording.callId, rule_message: approval.message } } });
    expect(judge(worded).findings).toEqual([]);
    const spoilt: [string, string][] = [['message', 'Approve it, all is well.'], ['title', 'other']];
    for (const [name, value] of spoilt) {
      const other = copy(worded);
      Object.assign(other.approvals[0] ?? {}, { [name]: value });
      expect(judge(other).findings.map(({ fault }) => fault)).toEqual(['approval']);
    }
    for (const name of ['by', 'call_id', 'rule_message']) {
      const other = copy(worded);
      Object.assign(other.approvals[0]?.context.wording ?? {}, { [name]: 'other' });
      expect(judge(other).findings.map(({ fault }) => fault)).toEqual(['approval']);
    }
  });

  it('calls rows that are older than the seals unproven, not broken', () => {
    const rows = copy(COMPLETE);
    const old = { ...rows, events: unsealed(rows) };
    old.run = { ...rows.run, eventHash: old.events.at(-1)?.hash ?? '' };
    const verdict = judge(old);
    expect(verdict.findings).toEqual([]);
    expect(verdict.unproven.length).toBeGreaterThan(2);
  });
});

/** The history as it was written before there were seals. */
function unsealed({ events }: AuditRows): AuditRows['events'] {
  let prevHash = '0'.repeat(64);
  return events.map(({ hash: _hash, metadata, ...event }) => {
    const kept = Object.fromEntries(Object.entries(metadata).filter(([name]) => name === 'payload_hash' || (!name.endsWith('_hash') && name !== 'launch' && name !== 'decision')));
    const line = { ...event, metadata: kept, prevHash };
    prevHash = sha256(canonical(line));
    return { ...line, hash: prevHash };
  });
}

const canonical = (value: object): string => canonicalJson(value as unknown as Json);
