import type { JobState, LaunchAnswer } from '@countersign/core';
import { waitFor } from '@countersign/testing';
import { aJobPayload, approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

describe('stopping the job of a cancelled run', () => {
  let stage: ExecutorStage;
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  it('does nothing when nothing was launched', async () => {
    const run = await approvedRun(stage);
    await stage.stopJob.stop(run.runId, 1);
    expect(await stage.launches.ofRun(run.runId)).toEqual([]);
  });

  it('stops a job that runs, and says that its time may be billed', async () => {
    const run = await approvedRun(stage, { payload: aJobPayload() });
    await stage.launchOnce.launch(run.runId, 1);
    await stage.stopJob.stop(run.runId, 1);
    const { jobId, status, outcome } = await stage.launchOf(run.runId);
    expect(stage.provider.cancelled).toEqual([jobId]);
    expect([status, outcome]).toEqual(['stopped', { kind: 'stopped', billed: true, detail: 'the run was cancelled' }]);
    await stage.stopJob.stop(run.runId, 1);
    expect(stage.provider.cancelled).toHaveLength(1);
  });

  it('stops the job that only a call-back named', async () => {
    stage.provider.reset({ launch: () => Promise.resolve({ kind: 'unclear', detail: 'lost' }), cancel: () => Promise.resolve({ ok: true, state: null }) });
    const run = await approvedRun(stage);
    await stage.launchOnce.launch(run.runId, 1);
    const { launchId } = await stage.launchOf(run.runId);
    await stage.stopJob.stop(run.runId, 1);
    expect((await stage.launchOf(run.runId)).status).toBe('unclear');
    await stage.launches.noteCallback(launchId, `named-${run.runId}`, []);
    await stage.stopJob.stop(run.runId, 1);
    expect(stage.provider.cancelled).toEqual([`named-${run.runId}`]);
    expect(await stage.launchOf(run.runId)).toMatchObject({ status: 'stopped', jobId: `named-${run.runId}` });
  });

  it('goes on following a job that the provider did not stop', async () => {
    stage.provider.reset({ cancel: () => Promise.resolve({ ok: false, detail: 'HTTP 500' }) });
    const run = await approvedRun(stage, { payload: aJobPayload() });
    await stage.launchOnce.launch(run.runId, 1);
    await stage.stopJob.stop(run.runId, 1);
    expect(await stage.launchOf(run.runId)).toMatchObject({ status: 'launched', outcome: null });
  });

  it('leaves a provider alone that cannot stop', async () => {
    stage.provider.reset({}, { cancel: false });
    const run = await approvedRun(stage, { payload: aJobPayload() });
    await stage.launchOnce.launch(run.runId, 1);
    await stage.stopJob.stop(run.runId, 1);
    expect(stage.provider.cancelled).toEqual([]);
    expect((await stage.launchOf(run.runId)).status).toBe('launched');
  });

  it('calls off a call that still waits for its answer', async () => {
    const cancelled: JobState = { status: 'cancelled', detail: 'called off', metrics: { computeSeconds: null, totalSeconds: null } };
    stage.provider.reset({
      launch: ({ signal, launchId }) => new Promise<LaunchAnswer>((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'launched', jobId: `called-off-${launchId}`, state: cancelled }));
      }),
    }, { paid: false });
    const run = await approvedRun(stage);
    const calling = stage.launchOnce.launch(run.runId, 1);
    await waitFor(() => stage.provider.launched.length === 1, { what: 'the call' });
    await stage.stopJob.stop(run.runId, 1);
    await calling;
    expect(stage.provider.cancelled).toEqual([]);
    expect(await stage.launchOf(run.runId)).toMatchObject({ status: 'stopped', outcome: { billed: false } });
  });

  it('cannot reach a call of another process: that one cancels the job when its answer comes', async () => {
    const other = await stage.another();
    let answer: (answer: LaunchAnswer) => void = () => undefined;
    stage.provider.reset({ launch: () => new Promise((resolve) => (answer = resolve)), cancel: () => Promise.resolve({ ok: true, state: null }) });
    const run = await approvedRun(stage, { payload: aJobPayload() });
    const calling = other.launchOnce.launch(run.runId, 1);
    await waitFor(() => stage.provider.launched.length === 1, { what: 'the call' });
    await stage.query(`UPDATE hitl_runs SET status = 'cancelled' WHERE run_id = $1`, [run.runId]);
    await stage.stopJob.stop(run.runId, 1);
    expect((await stage.launchOf(run.runId)).status).toBe('submitting');
    answer({ kind: 'launched', jobId: `slow-${run.runId}`, state: { status: 'processing', progress: null } });
    await calling;
    await stage.look.lookById((await stage.launchOf(run.runId)).launchId);
    expect(stage.provider.cancelled).toEqual([`slow-${run.runId}`]);
  });
});
