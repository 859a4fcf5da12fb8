import { addMs, payloadHash, type LaunchOutcome, type Refusal, type Run } from '@countersign/core';
import { anOutput } from '@countersign/core/testing';
import { orchestratorStage, type Orchestrator, type OrchestratorStage } from '../testing/orchestrator-stage';
import { aSuccess, People } from '../testing/people';

const AT_ONCE = 5;
const ROUNDS = 10;
const MEASURED = 200;

describe('only the orchestrator moves a run', () => {
  let stage: OrchestratorStage;
  let other: Orchestrator;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    other = await stage.another();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  /** One line for each version, each with the hash of the one before. */
  async function expectWhole(run: Run): Promise<string[]> {
    const history = await stage.history(run.runId);
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_event, index) => index + 1));
    expect(history.at(-1)).toMatchObject({ seq: run.version, status: run.status, step: run.step, hash: run.eventHash });
    for (const [index, { prevHash }] of history.entries()) expect(prevHash).toBe(history[index - 1]?.hash ?? '0'.repeat(64));
    return history.map(({ type }) => type);
  }

  const everybody = (runId: string): Promise<void[]> =>
    Promise.all(Array.from({ length: AT_ONCE }, (_each, index) => (index % 2 ? other : stage).advanceRun.advance(runId)));

  it('advanced five times at once, by two orchestrators, it has one history without a gap', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { runId } = await people.start({ policy: 'require_human' });
      await everybody(runId);
      expect(await expectWhole(await people.run(runId))).toEqual(['created', 'started', 'prepared', 'asked']);
      expect(await stage.approvals.ofRun(runId)).toHaveLength(1);
      await people.answer((await people.pending(runId)).approvalId);
      await everybody(runId);
      await people.launch(runId);
      await everybody(runId);
      await people.answer((await people.pending(runId)).approvalId);
      await everybody(runId);
      const run = await people.run(runId);
      expect(await expectWhole(run)).toEqual(['created', 'started', 'prepared', 'asked', 'approved', 'executed', 'asked', 'accepted']);
      expect(run.status).toBe('completed');
      expect(await stage.approvals.ofRun(runId)).toHaveLength(2);
    }
  });

  it('moves that are committed together leave one line each and one notice', async () => {
    const { runId } = await people.start({ policy: 'require_human' });
    const run = await people.advance(runId);
    expect(await expectWhole(run)).toHaveLength(4);
    const notices = (await stage.rung(runId)).filter(({ job }) => job === 'notice.tell');
    expect(notices.map(({ data }) => data)).toEqual([{ run_id: runId, seq: 4 }]);
  });

  it('asks with what will run, its hash, and a timer that stands behind the wait', async () => {
    const { runId } = await people.start({ policy: 'require_human', timeoutSeconds: 120 });
    const run = await people.advance(runId);
    const approval = await people.pending(runId);
    const payload = run.preparation?.payload;
    expect(approval).toMatchObject({ checkpoint: 'payload_suggestion', status: 'pending', payload, expiresAt: addMs(stage.clock.now(), 120_000) });
    expect(payload && payloadHash(payload, stage.sha256)).toBe(approval.payloadHash);
    expect(approval.schema).toMatchObject({ properties: { prompt: expect.anything() } });
    const [timer] = (await stage.rung(runId)).filter(({ job }) => job === 'approval.expire');
    expect(timer?.data).toEqual({ run_id: runId, approval_id: approval.approvalId, extension: run.version });
    expect(run.times.expiresAt).toBe(approval.expiresAt);
  });

  it('launches nothing before somebody consented, and then exactly once', async () => {
    const { runId } = await people.start({ policy: 'require_human' });
    await people.advance(runId);
    const launches = async () => (await stage.rung(runId)).filter(({ job }) => job === 'execution.launch');
    expect(await launches()).toEqual([]);
    const run = await people.decide(runId);
    await everybody(runId);
    expect(run.consent).toMatchObject({ by: 'human:ann', payloadHash: run.preparation?.payloadHash });
    expect((await launches()).map(({ data }) => data)).toEqual([{ run_id: runId, attempt: 1, version: run.version }]);
  });

  it('under "auto" it goes from the request to the launch in one commit, and from the result to its end in another', async () => {
    const { runId } = await people.start();
    expect(await people.advance(runId)).toMatchObject({ status: 'running', step: 'api_call', attempt: 1, consent: { by: 'policy:auto', approvalId: null } });
    await people.launch(runId);
    const run = await people.advance(runId);
    expect(await expectWhole(run)).toEqual(['created', 'started', 'prepared', 'approved', 'executed', 'accepted']);
    const notices = (await stage.rung(runId)).filter(({ job }) => job === 'notice.tell');
    expect(notices.map(({ data }) => data.seq).sort()).toEqual([4, 6]);
  });

  it('is looked at again when somebody moved it under the orchestrator\'s hands', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { runId } = await people.start({ policy: 'require_human' });
      await people.advance(runId);
      await people.answer((await people.pending(runId)).approvalId);
      const notes = Array.from({ length: AT_ONCE }, (_each, n) => other.advanceRun.note(runId, () => Promise.resolve({
        type: 'noted', note: { fact: `fact-${n}`, approvalId: null, actor: 'agent', message: 'beside the course', metadata: {} },
      })));
      await Promise.all([...notes, stage.advanceRun.advance(runId)]);
      const run = await people.run(runId);
      expect(run).toMatchObject({ status: 'running', step: 'api_call' });
      expect((await expectWhole(run)).filter((type) => type === 'noted')).toHaveLength(AT_ONCE);
    }
  });

  it('nothing happens to a run that waits, has ended, or is not there', async () => {
    const { runId } = await people.start({ policy: 'require_human' });
    const waiting = await people.advance(runId);
    expect(await people.advance(runId)).toEqual(waiting);
    const cancelled = await people.decide(runId, { action: 'reject', reason: 'no' });
    expect(await people.advance(runId)).toEqual(cancelled);
    expect(cancelled).toMatchObject({ status: 'cancelled', attempt: 0 });
    await stage.advanceRun.advance('019e0000-0000-7000-8000-cccccccccccc');
  });

  it('state and effects commit together: what was rung is out of the outbox, what a commit lost never was in it', async () => {
    const { runId } = await people.start({ policy: 'require_human', timeoutSeconds: 60 });
    await everybody(runId);
    await Promise.all([stage.doorbells.settle(), other.doorbells.settle()]);
    expect(await stage.query(`SELECT job FROM outbox WHERE data ->> 'run_id' = $1`, [runId])).toEqual([]);
    expect((await stage.rung(runId)).map(({ job }) => job).sort()).toEqual(['approval.expire', 'notice.tell']);
  });

  describe('what came of the launch', () => {
    const refusal = (over: Partial<Refusal>): LaunchOutcome => ({ kind: 'refused', refusal: { reason: 'other', message: 'No.', detail: 'HTTP', retryAfterMs: null, fields: [], ...over } });
    const ends: [string, LaunchOutcome, object][] = [
      ['consent mismatch', { kind: 'consent_mismatch', detail: 'other bytes' }, { status: 'failed', standing: { error: { code: 'CONSENT_MISMATCH' } } }],
      ['failed', { kind: 'failed', reason: 'model_error', message: 'No.', detail: '', metrics: null, cost: null }, { status: 'failed', standing: { error: { code: 'MODEL_ERROR' } } }],
      ['refused input', refusal({ reason: 'invalid_input' }), { status: 'awaiting_human', standing: { checkpoint: 'error_recovery' } }],
      ['no answer', { kind: 'unknown', detail: 'lost', jobIds: ['a'] }, { status: 'awaiting_human', standing: { checkpoint: 'execution_unknown' } }],
      ['doubtful output', { ...aSuccess(), output: anOutput({ doubts: ['empty'] }) } as LaunchOutcome, { status: 'awaiting_human', standing: { checkpoint: 'response_review' } }],
    ];
    it.each(ends)('%s, under "auto"', async (_what, outcome, stands) => {
      const { runId } = await people.start();
      await people.advance(runId);
      await people.launch(runId, outcome);
      await everybody(runId);
      expect(await people.run(runId)).toMatchObject(stands);
      await expectWhole(await people.run(runId));
    });

    it('busy: the next attempt comes not before the provider said', async () => {
      const { runId } = await people.start();
      await people.advance(runId);
      await people.launch(runId, refusal({ reason: 'throttled', retryAfterMs: 7_000 }));
      const run = await people.advance(runId);
      expect(run).toMatchObject({ status: 'running', step: 'api_call', attempt: 2, times: { launchNotBefore: addMs(stage.clock.now(), 7_000) } });
      const [launch] = (await stage.rung(runId)).filter(({ job, data }) => job === 'execution.launch' && data.attempt === 2);
      expect(launch?.delayMs).toBe(Math.max(0, Date.parse(stage.clock.now()) + 7_000 - Date.now()));
    });

    it('a person names the lost job: the executor is told to look at it at once', async () => {
      const { runId } = await people.start();
      await people.advance(runId);
      const launchId = await people.launch(runId, { kind: 'unknown', detail: 'lost', jobIds: [] });
      await people.advance(runId);
      const run = await people.decide(runId, { action: 'edit', edits: { provider_job_id: `job-of-${runId}` } });
      expect(run).toMatchObject({ status: 'running', step: 'api_call', attempt: 1 });
      expect(await stage.launches.find(launchId)).toMatchObject({ status: 'launched', jobId: `job-of-${runId}`, outcome: null });
      const rung = (await stage.rung(runId)).filter(({ job }) => job === 'execution.launch');
      expect(rung.map(({ data }) => data)).toContainEqual({ run_id: runId, attempt: 1, version: run.version });
    });

    it('a person says to run again: a new attempt, never the old one', async () => {
      const { runId } = await people.start();
      await people.advance(runId);
      await people.launch(runId, { kind: 'unknown', detail: 'lost', jobIds: [] });
      await people.advance(runId);
      expect(await people.decide(runId, { action: 'retry' })).toMatchObject({ status: 'running', attempt: 2, consent: { by: 'human:ann' } });
    });

    it('fields may be edited after a failure, however long ago the form was read', async () => {
      const { runId } = await people.start({ policy: 'auto_with_thresholds' });
      await people.advance(runId);
      stage.clock.skip(3_600_000);
      await people.launch(runId, { kind: 'failed', reason: 'model_error', message: 'No.', detail: '', metrics: null, cost: null });
      await people.advance(runId);
      expect(await people.pending(runId)).toMatchObject({ checkpoint: 'error_recovery', schema: { properties: { prompt: expect.anything() } } });
    });
  });

  it('prints how long one advance takes from queued to awaiting_human, on the database', async () => {
    await people.knowForm();
    const times: number[] = [];
    for (let n = 0; n < MEASURED; n += 1) {
      const { runId } = await people.start({ policy: 'require_human' });
      const from = performance.now();
      await stage.advanceRun.advance(runId);
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    const [median = NaN, p95 = NaN] = [times[MEASURED / 2], times[Math.floor(MEASURED * 0.95)]];
    process.stdout.write(`one advance, queued to awaiting_human: median ${median.toFixed(2)} ms, p95 ${p95.toFixed(2)} ms of ${MEASURED}\n`);
    expect(median).toBeLessThan(1_000);
  });
});
