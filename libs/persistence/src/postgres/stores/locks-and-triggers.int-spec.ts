import { aLaunch, allowed, storedRun, testId } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { Client } from 'pg';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';

/** What only the database itself can promise. */
describe('the database', () => {
  let stage: DatabaseStage;
  let second: Client;
  beforeAll(async () => {
    stage = await databaseStage();
    second = new Client({ connectionString: stage.url });
    await second.connect();
  });
  afterAll(async () => {
    await second.end();
    await stage.close();
  });

  const isWaiting = (what: string) =>
    waitFor(async () => {
      const { rowCount } = await stage.pool.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1`, [`%${what}%`],
      );
      return rowCount === 1;
    }, { what: `a statement with ${what} to wait for a lock` });

  it.each([
    ['UPDATE', `UPDATE hitl_step_events SET message = 'nothing happened' WHERE run_id = $1`],
    ['DELETE', 'DELETE FROM hitl_step_events WHERE run_id = $1'],
  ])('refuses %s of the history', async (_what, sql) => {
    const { runId } = await storedRun(stage, 'running');
    const before = await stage.runs.events(runId, 0, 100);
    await expect(second.query(sql, [runId])).rejects.toThrow('append-only');
    expect(await stage.runs.events(runId, 0, 100)).toEqual(before);
  });

  it('refuses TRUNCATE of the history', async () => {
    await expect(second.query('TRUNCATE hitl_step_events')).rejects.toThrow('append-only');
  });

  it('refuses a second event at the same place, and a run that goes while its history stands', async () => {
    const { runId } = await storedRun(stage, 'running');
    await expect(second.query('INSERT INTO hitl_step_events SELECT * FROM hitl_step_events WHERE run_id = $1 AND seq = 1', [runId])).rejects.toMatchObject({ code: '23505' });
    await expect(second.query('DELETE FROM hitl_runs WHERE run_id = $1', [runId])).rejects.toMatchObject({ code: '23503' });
  });

  it('lets no launch begin while a pause is being committed, and none after it', async () => {
    const run = await storedRun(stage, 'running', 'api_call');
    await second.query('BEGIN');
    await second.query(`UPDATE hitl_runs SET status = 'paused', version = version + 1 WHERE run_id = $1`, [run.runId]);
    const beginning = stage.launches.begin(aLaunch({ runId: run.runId, attempt: run.attempt }));
    await isWaiting('FOR SHARE');
    await second.query('COMMIT');
    expect(await beginning).toEqual({ kind: 'not_wanted' });
    expect(await stage.launches.ofRun(run.runId)).toEqual([]);
  });

  it('lets a pause wait until a launch that has begun is on record', async () => {
    const run = await storedRun(stage, 'running', 'api_call');
    await second.query('BEGIN');
    await second.query('SELECT 1 FROM hitl_runs WHERE run_id = $1 FOR SHARE', [run.runId]);
    const pausing = stage.runs.commit(allowed(run, 'paused'), [], []);
    await isWaiting('UPDATE hitl_runs');
    await second.query('COMMIT');
    expect(await pausing).toMatchObject({ ok: true, run: { status: 'paused' } });
  });

  it('keeps a move that failed half-way out of every table', async () => {
    const run = await storedRun(stage, 'running', 'payload_review');
    const move = allowed(run, 'asked');
    await second.query('INSERT INTO hitl_step_events SELECT run_id, seq + 1, type, step, status, at, actor, message, metadata, prev_hash, hash FROM hitl_step_events WHERE run_id = $1 AND seq = $2', [run.runId, run.version]);
    const job = `never-${testId()}`;
    await expect(stage.runs.commit(move, [{ job, data: {}, notBefore: null }], [])).rejects.toMatchObject({ code: '23505' });
    expect(await stage.runs.find(run.runId)).toEqual(run);
    expect(await stage.approvals.ofRun(run.runId)).toEqual([]);
    expect((await stage.outbox.unrung(0, 10_000)).filter((bell) => bell.job === job)).toEqual([]);
  });
});
