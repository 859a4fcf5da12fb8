import { addMs, topics, type JobState, type Launch, type LaunchStatus, type ReconcileAnswer, type Run, type Signal } from '@countersign/core';
import { aPayload, move } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { DEADLINE_SECONDS } from '../launch/call-provider';
import { aJobPayload, approvedRun, tamper } from '../testing/approved-run';
import { executorStage, GRACE_SECONDS, type ExecutorStage } from '../testing/executor-stage';

const LEASE_MS = 15_000;
const metrics = { computeSeconds: 1, totalSeconds: 2 };
const done: JobState = { status: 'succeeded', output: { raw: 'hi', parts: [{ kind: 'text', pointer: '', text: 'hi' }], doubts: [] }, metrics };

describe('a launch under way', () => {
  let stage: ExecutorStage;
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  /** A run whose answer was lost. */
  async function unclearRun(reconcile: ReconcileAnswer): Promise<Run> {
    stage.provider.reset({ launch: () => Promise.resolve({ kind: 'unclear', detail: 'ECONNRESET' }), reconcile: () => Promise.resolve(reconcile) });
    const run = await approvedRun(stage);
    await stage.launchOnce.launch(run.runId, 1);
    return run;
  }

  /** A run whose process died while it sent the request, or before. */
  async function orphanedRun(capabilities: { idempotency: 'key' | 'none' }): Promise<Run> {
    stage.provider.reset({ launch: () => Promise.reject(new Error('died')) }, capabilities);
    const run = await approvedRun(stage);
    await expect(stage.launchOnce.launch(run.runId, 1)).rejects.toThrow('died');
    stage.provider.reset({}, capabilities);
    return run;
  }

  async function look(run: Run): Promise<Launch> {
    await stage.look.lookById((await stage.launchOf(run.runId)).launchId);
    return stage.launchOf(run.runId);
  }

  const openedBy = async (run: Run): Promise<string[]> => (await stage.rungFor((await stage.launchOf(run.runId)).launchId)).map(({ job }) => job);

  describe('a lost answer is looked for, never sent again', () => {
    it('found: the job is followed', async () => {
      const run = await unclearRun({ kind: 'not_found' });
      const state: JobState = { status: 'processing', progress: null };
      stage.provider.script.reconcile = () => Promise.resolve({ kind: 'found', jobId: `found-${run.runId}`, state });
      expect(await look(run)).toMatchObject({ status: 'launched', jobId: `found-${run.runId}` });
      const { launchId, submittedAt } = await stage.launchOf(run.runId);
      expect(stage.provider.traces).toMatchObject([{ launchId, submittedAt, payload: run.preparation?.payload }]);
      const checks = (await stage.rungFor(launchId)).map(({ data }) => data.check);
      expect(new Set(checks).size).toBe(checks.length);
      expect(checks.sort()).toEqual([1, 2]);
      stage.provider.script.follow = () => Promise.resolve({ ok: true, state: done });
      expect(await look(run)).toMatchObject({ status: 'succeeded' });
      expect(stage.provider.launched).toHaveLength(1);
    });

    it('found and finished meanwhile: the result is kept', async () => {
      const run = await unclearRun({ kind: 'not_found' });
      stage.provider.script.reconcile = () => Promise.resolve({ kind: 'found', jobId: `done-${run.runId}`, state: done });
      expect(await look(run)).toMatchObject({ status: 'succeeded', jobId: `done-${run.runId}`, outcome: { output: { text: 'hi' } } });
    });

    it('found, but it belongs to another launch: the search goes on', async () => {
      const owner = await unclearRun({ kind: 'not_found' });
      stage.provider.script.reconcile = () => Promise.resolve({ kind: 'found', jobId: `twice-${owner.runId}`, state: done });
      await look(owner);
      const run = await unclearRun({ kind: 'found', jobId: `twice-${owner.runId}`, state: done });
      expect(await look(run)).toMatchObject({ status: 'unclear', jobId: null, outcome: null });
      expect(stage.provider.traces.at(-1)?.claimedJobIds).toContain(`twice-${owner.runId}`);
    });

    it('found by its call-back alone', async () => {
      const run = await unclearRun({ kind: 'not_found' });
      const { launchId } = await stage.launchOf(run.runId);
      await stage.launches.noteCallback(launchId, `called-${run.runId}`, []);
      stage.provider.script.follow = (jobId) => Promise.resolve(jobId === `called-${run.runId}` ? { ok: true, state: done } : { ok: false, reason: 'gone', detail: jobId });
      expect(await look(run)).toMatchObject({ status: 'succeeded', jobId: `called-${run.runId}` });
    });

    it('named by a call-back that belongs to another launch: not followed, and in the end a person is asked', async () => {
      const owner = await unclearRun({ kind: 'not_found' });
      stage.provider.script.reconcile = () => Promise.resolve({ kind: 'found', jobId: `owned-${owner.runId}`, state: done });
      await look(owner);
      const run = await unclearRun({ kind: 'not_found' });
      const { launchId } = await stage.launchOf(run.runId);
      await stage.launches.noteCallback(launchId, `owned-${owner.runId}`, []);
      stage.provider.script.follow = () => Promise.resolve({ ok: true, state: done });
      expect(await look(run)).toMatchObject({ status: 'unclear', jobId: null });
      stage.clock.skip(GRACE_SECONDS * 1_000 + 1);
      expect(await look(run)).toMatchObject({ status: 'unknown', jobId: null });
    });

    const silent: [string, ReconcileAnswer, string[]][] = [
      ['not found', { kind: 'not_found' }, []],
      ['the provider cannot be asked', { kind: 'unavailable', detail: 'HTTP 503' }, []],
      ['more than one could be it', { kind: 'ambiguous', jobIds: ['one', 'other'] }, ['one', 'other']],
    ];
    it.each(silent)('%s: looked for until the grace is over, then a person is asked', async (_what, answer, jobIds) => {
      const run = await unclearRun(answer);
      stage.clock.skip(GRACE_SECONDS * 1_000 - 1);
      expect(await look(run)).toMatchObject({ status: 'unclear', outcome: null });
      expect(await openedBy(run)).not.toContain('run.executed');
      stage.clock.skip(1);
      expect(await look(run)).toMatchObject({ status: 'unknown', nextCheckAt: null, outcome: { kind: 'unknown', jobIds } });
      expect(await openedBy(run)).toContain('run.executed');
      expect(stage.provider.launched).toHaveLength(1);
    });

    it('the grace is named in what the person is told', async () => {
      const run = await unclearRun({ kind: 'not_found' });
      stage.clock.skip(GRACE_SECONDS * 1_000);
      expect((await look(run)).outcome).toMatchObject({ detail: expect.stringContaining(`within ${GRACE_SECONDS} seconds`) });
    });
  });

  describe('a process that died while sending', () => {
    it.each(['key', 'none'] as const)('keeps its launch until its lease is over (idempotency %s)', async (idempotency) => {
      const run = await orphanedRun({ idempotency });
      stage.clock.skip(LEASE_MS - 1);
      expect(await look(run)).toMatchObject({ status: 'submitting' });
      expect(stage.provider.launched).toEqual([]);
    });

    it('is taken over under the same key by a provider that has keys', async () => {
      const run = await orphanedRun({ idempotency: 'key' });
      const { launchId } = await stage.launchOf(run.runId);
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'succeeded', launchId });
      expect(stage.provider.launched.map((request) => request.launchId)).toEqual([launchId]);
    });

    it('is unclear with a provider that has none', async () => {
      const run = await orphanedRun({ idempotency: 'none' });
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'unclear' });
      expect(stage.provider.launched).toEqual([]);
    });

    it('what was approved is what runs: it is not sent again without consent', async () => {
      const run = await orphanedRun({ idempotency: 'key' });
      await tamper(stage, run.runId, 'preparation', { ...run.preparation, payload: aPayload({ input: { prompt: 'a red foy' } }) });
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'consent_mismatch' });
      expect(stage.provider.launched).toEqual([]);
    });

    it.each(['cancelled', 'executed', 'relaunched'] as const)('is not sent again for a run that was %s meanwhile', async (event) => {
      const run = await orphanedRun({ idempotency: 'key' });
      await move(stage, run, event);
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'unclear' });
      expect(stage.provider.launched).toEqual([]);
    });

    it('waits with a paused run, and goes on with it', async () => {
      const run = await orphanedRun({ idempotency: 'key' });
      const paused = await move(stage, run, 'paused');
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'submitting', nextCheckAt: addMs(stage.clock.now(), LEASE_MS) });
      await move(stage, paused, 'resumed');
      stage.clock.skip(LEASE_MS);
      expect(await look(run)).toMatchObject({ status: 'succeeded' });
    });
  });

  describe('a job that is followed', () => {
    async function launchedRun(): Promise<Run> {
      const run = await approvedRun(stage, { payload: aJobPayload() });
      await stage.launchOnce.launch(run.runId, 1);
      return run;
    }

    it('is looked at again and again, each time with a doorbell of its own, until it is done', async () => {
      const run = await launchedRun();
      const { launchId } = await stage.launchOf(run.runId);
      const pauses: number[] = [];
      for (let looks = 0; looks < 5; looks += 1) {
        const { nextCheckAt, status } = await look(run);
        expect(status).toBe('launched');
        pauses.push(Date.parse(nextCheckAt ?? '') - Date.parse(stage.clock.now()));
      }
      expect([...pauses].sort((a, b) => a - b)).toEqual(pauses);
      const checks = (await stage.rungFor(launchId)).map(({ data }) => data.check);
      expect(checks.sort()).toEqual([1, 2, 3, 4, 5, 6]);
      stage.clock.skip(60_000);
      expect(await look(run)).toMatchObject({ status: 'succeeded', nextCheckAt: null });
    });

    it('tells its progress to whoever watches', async () => {
      const run = await launchedRun();
      const signals: Signal[] = [];
      const stop = await stage.live.watch(topics.run(run.runId), (signal) => signals.push(signal));
      stage.clock.skip(30_000);
      await look(run);
      await waitFor(() => signals.length > 0, { what: 'progress' });
      await stop();
      expect(signals).toEqual([{ kind: 'progress', body: { run_id: run.runId, percent: 50, message: '30000 of 60000 ms' } }]);
    });

    const ends: [string, JobState, LaunchStatus][] = [
      ['failed', { status: 'failed', reason: 'model_error', message: 'No.', detail: 'trace', metrics }, 'failed'],
      ['moderated', { status: 'failed', reason: 'moderated', message: 'Flagged.', detail: 'nsfw', metrics }, 'failed'],
      ['cancelled', { status: 'cancelled', detail: 'by somebody', metrics }, 'stopped'],
      ['aborted', { status: 'aborted', detail: 'never ran', metrics }, 'stopped'],
      ['succeeded', done, 'succeeded'],
    ];
    it.each(ends)('%s', async (_what, state, status) => {
      const run = await launchedRun();
      stage.provider.script.follow = () => Promise.resolve({ ok: true, state });
      expect(await look(run)).toMatchObject({ status, nextCheckAt: null, finishedAt: stage.clock.now() });
      expect(await openedBy(run)).toContain('run.executed');
    });

    it('gone at the provider: failed, and says that the output is gone', async () => {
      const run = await launchedRun();
      stage.provider.script.follow = () => Promise.resolve({ ok: false, reason: 'gone', detail: 'HTTP 404' });
      expect(await look(run)).toMatchObject({ status: 'failed', outcome: { reason: 'provider_error', message: expect.stringContaining('gone'), detail: 'HTTP 404' } });
    });

    it.each(['unavailable', 'unauthorized'] as const)('%s: looked at again, until its time is over', async (reason) => {
      const run = await launchedRun();
      stage.provider.script.follow = () => Promise.resolve({ ok: false, reason, detail: 'no', retryAfterMs: null });
      expect(await look(run)).toMatchObject({ status: 'launched', outcome: null });
      stage.clock.skip((DEADLINE_SECONDS + GRACE_SECONDS) * 1_000 + 1);
      expect(await look(run)).toMatchObject({ status: 'failed', outcome: { reason: 'timed_out' } });
    });

    it('running long after its deadline: timed out here and cancelled there', async () => {
      const run = await launchedRun();
      stage.provider.script.follow = () => Promise.resolve({ ok: true, state: { status: 'processing', progress: null } });
      stage.clock.skip((DEADLINE_SECONDS + GRACE_SECONDS) * 1_000);
      expect(await look(run)).toMatchObject({ status: 'launched' });
      expect(stage.provider.cancelled).toEqual([]);
      stage.clock.skip(1);
      const { status, outcome, jobId } = await look(run);
      expect([status, outcome]).toMatchObject(['failed', { reason: 'timed_out' }]);
      expect(stage.provider.cancelled).toEqual([jobId]);
    });

    it('of a run that was called off: cancelled at the provider, its end noted', async () => {
      const run = await launchedRun();
      await move(stage, run, 'cancelled');
      const { jobId, status } = await look(run);
      expect(stage.provider.cancelled).toEqual([jobId]);
      expect(status).toBe('stopped');
    });

    it('is looked at by one job of this process at a time', async () => {
      const run = await launchedRun();
      let looks = 0;
      stage.provider.script.follow = async () => {
        looks += 1;
        const { launchId } = await stage.launchOf(run.runId);
        await stage.look.lookById(launchId);
        return { ok: true, state: done };
      };
      expect(await look(run)).toMatchObject({ status: 'succeeded' });
      expect(looks).toBe(1);
    });
  });

  it('that has ended never moves again, whatever comes late', async () => {
    const run = await unclearRun({ kind: 'found', jobId: 'late', state: done });
    const { launchId } = await stage.launchOf(run.runId);
    await stage.launches.change(launchId, { status: 'failed', nextCheckAt: null, finishedAt: stage.clock.now() }, []);
    const before = await stage.launchOf(run.runId);
    await stage.launches.noteCallback(launchId, `late-${run.runId}`, []);
    await look(run);
    await stage.launchOnce.launch(run.runId, 1);
    await stage.stopJob.stop(run.runId, 1);
    expect(await stage.launchOf(run.runId)).toEqual({ ...before, callbackJobId: `late-${run.runId}` });
    expect(await openedBy(run)).not.toContain('run.executed');
  });

  it('nobody knows: nothing happens', async () => {
    await stage.look.lookById('019e0000-0000-7000-8000-dddddddddddd');
    await stage.stopJob.stop('019e0000-0000-7000-8000-dddddddddddd', 1);
  });
});
