import { runView, approvalView, receiptView, checkReceipt } from '@countersign/contracts';
import { isTerminal, verifyRun, type AuditRecord, type Run } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { orchestratorStage, type OrchestratorStage } from './testing/orchestrator-stage';
import { aSuccess, People } from './testing/people';

interface Recorded {
  /** How it stands → run id. */
  runs: Record<string, string>;
  /** Table → rows, as the first version that was deployed wrote them. */
  rows: Record<string, Record<string, unknown>[]>;
}

const RECORDED = JSON.parse(readFileSync(path.resolve(__dirname, '../../../test/fixtures/rolling/rows-1.json'), 'utf8')) as Recorded;
/** From the stage's noon to when the rows were written. */
const TO_RECORDING_MS = 6.75 * 3_600_000;

describe('rows that an older version wrote', () => {
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
    stage.clock.skip(TO_RECORDING_MS);
    for (const [table, rows] of Object.entries(RECORDED.rows)) {
      const columns = Object.keys(rows[0] ?? {}).join(', ');
      await stage.query(`INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1::json)`, [JSON.stringify(rows)]);
    }
  });
  afterAll(() => stage.close());

  const id = (name: string): string => RECORDED.runs[name] ?? '';
  const names = Object.keys(RECORDED.runs);
  const decide = async (name: string, action: 'approve' | 'edit' | 'retry', edits = {}): Promise<Run> => people.decide(id(name), { action, edits });
  async function evidence(name: string): Promise<AuditRecord> {
    const [record] = await stage.evidence.records({ runId: id(name) }, null, 1);
    if (!record) throw new Error(`no evidence of ${name}`);
    return record;
  }

  it('stand for every status and every question of the orchestrator\'s', async () => {
    const runs = await Promise.all(names.map((name) => people.run(id(name))));
    expect([...new Set(runs.map(({ status }) => status))].sort()).toEqual(['awaiting_human', 'cancelled', 'completed', 'expired', 'failed', 'paused', 'queued', 'running']);
  });

  it.each(names)('%s: are shown, with an intact history', async (name) => {
    const run = await people.run(id(name));
    const history = await stage.history(id(name));
    for (const approval of await stage.approvals.ofRun(id(name))) expect(approvalView(approval, () => '').approval_id).toBe(approval.approvalId);
    expect(runView(run, history, null)).toMatchObject({ run_id: run.runId, status: run.status });
    const record = await evidence(name);
    const verdict = verifyRun(record, sha256Hex);
    expect(verdict.findings).toEqual([]);
    expect(checkReceipt(JSON.parse(JSON.stringify(receiptView(record, verdict, sha256Hex))), sha256Hex)).toEqual([]);
  });

  it('are led on by today\'s code from where they stand', async () => {
    expect(await people.advance(id('queued'))).toMatchObject({ status: 'running', step: 'api_call' });
    expect(await decide('awaiting_payload', 'approve')).toMatchObject({ status: 'running', step: 'api_call', attempt: 1 });
    expect(await decide('awaiting_response', 'approve')).toMatchObject({ status: 'completed' });
    expect(await decide('awaiting_validation', 'edit', { prompt: 'a grey fox' })).toMatchObject({ status: 'awaiting_human', step: 'payload_review' });
    expect(await decide('awaiting_recovery', 'retry')).toMatchObject({ status: 'running', step: 'api_call', attempt: 2 });
    await people.command(id('paused'), 'resume');
    expect(await people.advance(id('paused'))).toMatchObject({ status: 'awaiting_human', step: 'payload_review' });
    const [launch] = await stage.launches.ofRun(id('calling'));
    const finishedAt = stage.clock.now();
    await stage.launches.change(launch?.launchId ?? '', { status: 'succeeded', finishedAt, nextCheckAt: null, outcome: aSuccess() }, []);
    expect(await people.advance(id('calling'))).toMatchObject({ status: 'completed' });
  });

  it.each(['completed', 'cancelled', 'expired', 'failed'])('%s: stay as they are', async (name) => {
    const before = await people.run(id(name));
    expect(isTerminal(before.status)).toBe(true);
    expect(await people.advance(id(name))).toEqual(before);
  });

  it.each(names)('%s: have one intact history when two versions wrote it', async (name) => {
    expect(verifyRun(await evidence(name), sha256Hex).findings).toEqual([]);
  });
});
