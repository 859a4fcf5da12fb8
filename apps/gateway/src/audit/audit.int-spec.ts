import { checkReceipt, receiptView } from '@countersign/contracts';
import { payloadHash, sealHash, transition, verifyRun, type Approval, type Run, type RunEvent } from '@countersign/core';
import { aDecision, anApproval, aPayload, aPreparation, insertRun, move, NOON, storedRun, type StoreStage } from '@countersign/core/testing';
import {
  createDataSource, migrate, poolOf, PostgresApprovalStore, PostgresAuditReader, PostgresCommandStore, PostgresLaunchStore, PostgresOutbox, PostgresRunStore,
} from '@countersign/persistence';
import { sha256Hex } from '@countersign/service-kit';
import { freshDatabase, type FreshDatabase } from '@countersign/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { BrokenFile } from './audit-file';
import { readAuditWords } from './audit-words';
import { tendAudit, type AuditAnswer } from './tend-audit';

/** After every anchor's pause. */
const LATER = Date.parse('2026-11-22T13:00:00.000Z');

describe('npm run audit', () => {
  let database: FreshDatabase;
  let dataSource: DataSource;
  let pool: Pool;
  let stage: StoreStage;
  let folder: string;
  let reader: PostgresAuditReader;
  let done: Run;
  let waiting: Run;
  beforeEach(async () => {
    database = await freshDatabase({
      migrate: async (url) => {
        const source = await createDataSource({ url, poolSize: 2, applicationName: 'test' }).initialize();
        await migrate(source);
        await source.destroy();
      },
    });
    dataSource = await createDataSource({ url: database.url, poolSize: 4, applicationName: 'test' }).initialize();
    pool = poolOf(dataSource);
    stage = {
      runs: new PostgresRunStore(pool, sha256Hex), approvals: new PostgresApprovalStore(pool), launches: new PostgresLaunchStore(pool),
      commands: new PostgresCommandStore(pool), outbox: new PostgresOutbox(pool), sha256: sha256Hex,
    };
    reader = new PostgresAuditReader(pool, sha256Hex);
    folder = mkdtempSync(join(tmpdir(), 'countersign-audit-'));
    done = await rejected();
    await storedRun(stage, 'cancelled', 'information_review', { tenantId: 'acme' });
    const asked = await storedRun(stage, 'queued');
    waiting = await move(stage, asked, 'started', '2026-11-22T12:30:00.000Z');
    // As somebody with all rights over the database would.
    await pool.query('ALTER TABLE hitl_step_events DISABLE TRIGGER ALL');
  });
  afterEach(async () => {
    await dataSource.destroy();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  const audit = (...args: string[]): Promise<AuditAnswer> => tendAudit(readAuditWords(args), async () => reader, LATER);
  const anchorsOf = ({ lines }: AuditAnswer): string[] => lines.filter((line) => line.startsWith('csa1 '));
  const file = (): string => join(folder, 'export.jsonl');

  it('finds a whole database intact, and prints an anchor for each tenant', async () => {
    const answer = await audit('verify');
    expect(answer.isIntact).toBe(true);
    expect(answer.lines.at(-1)).toMatch(/^3 runs, 11 events in \d+\.\d s: intact$/);
    expect(anchorsOf(answer).map((line) => line.split(' ')[4])).toEqual(['acme', 'default']);
  });

  it('reads only what is asked for, and makes no anchor of a part', async () => {
    expect((await audit('verify', '--run', done.runId)).lines).toEqual([expect.stringMatching(/^1 run, 6 events/)]);
    expect((await audit('verify', '--since', '2026-11-22T12:01:00Z')).lines).toEqual([expect.stringMatching(/^1 run, /)]);
    expect((await audit('verify', '--tenant', 'acme')).lines.at(-1)).toMatch(/^1 run, /);
    await expect(audit('verify', '--run', '019e0000-0000-7000-8000-ffffffffffff')).rejects.toThrow('there is no run');
  });

  it.each([
    ['changed words', `UPDATE hitl_step_events SET message = 'nothing' WHERE seq = 2`, 'event 2: altered'],
    ['a deleted event', 'DELETE FROM hitl_step_events WHERE seq = 2', 'event 3: gap'],
    ['deleted newest events', 'DELETE FROM hitl_step_events WHERE seq > 2', 'event 2: head'],
    ['a whole history gone', 'DELETE FROM hitl_step_events', 'head: the run has no history'],
    ['another request', `UPDATE hitl_runs SET original_input = '{"prompt": "a wolf"}'`, 'event 1: run'],
    ['another owner', `UPDATE hitl_runs SET user_id = 'mallory'`, 'event 1: run'],
    ['a run set back', `UPDATE hitl_runs SET status = 'running'`, 'run: the run is running'],
    ['another answer', `UPDATE hitl_approvals SET decision = jsonb_set(decision, '{by}', '"human:mallory"')`, 'approval: the answer to approval'],
    ['another question', `UPDATE hitl_approvals SET title = 'Nothing to see'`, 'approval: approval'],
    ['an approval gone', 'DELETE FROM hitl_approvals', 'is gone'],
  ])('finds %s', async (_what, sql, expected) => {
    await pool.query(sql);
    const { lines, isIntact } = await audit('verify');
    expect(isIntact).toBe(false);
    expect(lines.join('\n')).toContain(expected);
    expect(lines.at(-1)).toContain('BROKEN in');
  });

  it('tells of a run that is gone as a whole, or was written anew with its chain, by an anchor that was kept', async () => {
    const anchors = anchorsOf(await audit('verify'));
    const kept = join(folder, 'anchors.txt');
    writeFileSync(kept, anchors.join('\n'));
    expect((await audit('verify', '--anchor', kept)).isIntact).toBe(true);
    await deleteRun(done.runId);
    expect((await audit('verify')).isIntact).toBe(true);
    expect((await audit('verify', '--anchor', kept)).lines).toContainEqual(expect.stringContaining('anchor of default until 2026-11-22T12:55:00.000Z: it counted 1 ended runs, there are 0'));
    expect((await audit('verify', '--tenant', 'acme', '--anchor', anchors[0] ?? '')).isIntact).toBe(true);
  });

  it('names the run that is gone when an earlier export was kept, and lets runs grow', async () => {
    await audit('export', '--out', file());
    expect((await audit('verify', '--anchor', file())).isIntact).toBe(true);
    await move(stage, (await stage.runs.find(waiting.runId)) as Run, 'cancelled');
    expect((await audit('verify', '--anchor', file())).isIntact).toBe(true);
    await deleteRun(done.runId);
    const { lines } = await audit('verify', '--anchor', file());
    expect(lines).toContain(`BROKEN    run ${done.runId}: gone: it stands in the earlier export`);
  });

  it('checks an export as it checks the database, without one', async () => {
    const { lines: [said] } = await audit('export', '--out', file());
    expect(said).toContain('3 runs, 11 events');
    const offline = await tendAudit(readAuditWords(['verify', '--file', file()]), noDatabase, LATER);
    expect(offline.isIntact).toBe(true);
    expect(anchorsOf(offline)).toEqual(anchorsOf(await audit('verify')));
    expect(readFileSync(file(), 'utf8')).not.toContain('a red fox');
  });

  it('finds whatever byte of an export was changed, and that it was cut', async () => {
    await audit('export', '--out', file());
    const whole = readFileSync(file());
    const spoilt = join(folder, 'spoilt.jsonl');
    const isNoticed = async (): Promise<boolean> =>
      tendAudit(readAuditWords(['verify', '--file', spoilt]), noDatabase, LATER).then(({ isIntact }) => !isIntact, (error: unknown) => error instanceof BrokenFile);
    for (let at = 0; at < whole.length - 1; at += 41) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(spoilt, bytes);
      expect([at, await isNoticed()]).toEqual([at, true]);
    }
    const lines = whole.toString('utf8').split('\n');
    for (let n = 0; n < lines.length - 1; n += 1) {
      writeFileSync(spoilt, lines.filter((_line, at) => at !== n).join('\n'));
      expect([n, await isNoticed()]).toEqual([n, true]);
    }
  });

  it('checks a receipt without a server, and finds what was changed in it', async () => {
    const [record] = await reader.records({ runId: done.runId }, null, 1);
    if (!record) throw new Error('no record');
    const receipt = receiptView(record, verifyRun(record, sha256Hex), sha256Hex);
    expect(receipt).toMatchObject({ status: 'cancelled', verdict: { intact: true }, questions: [{ action: 'reject', decided_by: 'human:ann', via: 'rest' }] });
    const path = join(folder, 'receipt.json');
    writeFileSync(path, JSON.stringify(receipt));
    expect(await audit('verify', '--receipt', path)).toEqual({ lines: [`${path}: intact`], isIntact: true });
    for (const spoil of [{ user_id: 'mallory' }, { status: 'completed' }, { events: receipt.events.slice(1) }, { questions: [] }, { extra: 1 }, { receipt_hash: 'f' }]) {
      expect([spoil, checkReceipt({ ...receipt, ...spoil }, sha256Hex).length > 0]).toEqual([spoil, true]);
      const { receipt_hash: _hash, ...rest } = { ...receipt, ...spoil };
      expect([spoil, checkReceipt({ ...rest, receipt_hash: sealHash(rest, sha256Hex) }, sha256Hex).length > 0]).toEqual([spoil, !('receipt_hash' in spoil)]);
    }
    expect(checkReceipt(null, sha256Hex)).toEqual(['this is no receipt of Countersign']);
  });

  const noDatabase = (): Promise<never> => Promise.reject(new Error('no database here'));

  async function deleteRun(runId: string): Promise<void> {
    for (const table of ['hitl_step_events', 'hitl_approvals', 'hitl_runs']) await pool.query(`DELETE FROM ${table} WHERE run_id = $1`, [runId]);
  }

  /** Asked, answered with no. */
  async function rejected(): Promise<Run> {
    const payload = aPayload();
    const preparation = aPreparation({ payload, payloadHash: payloadHash(payload, sha256Hex) });
    let run: Run = await insertRun(stage);
    run = await move(stage, run, 'started', NOON);
    run = await move(stage, run, { type: 'prepared', preparation }, NOON);
    const approval = anApproval({ runId: run.runId, payload, payloadHash: preparation.payloadHash, expiresAt: '2026-11-22T14:00:00.000Z' });
    run = await move(stage, run, { type: 'asked', approval }, NOON);
    const answer = await stage.approvals.record(approval.approvalId, 'rejected', aDecision({ action: 'reject', reason: 'no' }), []);
    run = await commit(run, { type: 'noted', note: { fact: 'browser_completed', approvalId: null, actor: 'agent', message: 'done', metadata: {} } }, null);
    return commit(run, { type: 'rejected', by: 'human:ann', reason: 'no' }, answer.approval);
  }

  async function commit(run: Run, event: RunEvent, approval: Approval | null): Promise<Run> {
    const moved = transition(run, event, NOON, { approval });
    if (!moved.ok) throw new Error(moved.refusal.detail);
    const committed = await stage.runs.commit(moved.transition, [], []);
    if (!committed.ok) throw new Error('stale');
    return committed.run;
  }
});

describe('readAuditWords', () => {
  it.each([
    [[], 'Say what to do'], [['look'], 'What is "look"?'], [['export'], '--out FILE'], [['verify', '--out', 'x'], 'does not go with --out'],
    [['verify', '--run', 'x'], '--run needs the id'], [['verify', '--since', 'yesterday'], '--since needs a time'], [['verify', '--nonsense'], 'nonsense'],
    [['verify', '--file', 'x', '--run', 'y'], '--file does not go with --run'], [['verify', '--receipt', 'x', '--tenant', 'y'], '--receipt does not go with --tenant'],
    [['verify', '--anchor', 'x', '--since', '2026-01-01'], 'all runs of a tenant'],
  ])('refuses %j with a sentence', (args, sentence) => expect(() => readAuditWords(args)).toThrow(sentence));
});
