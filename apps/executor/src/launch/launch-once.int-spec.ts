import { addMs, topics, type LaunchAnswer, type Refusal, type Run, type Signal } from '@countersign/core';
import { aPayload, move } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { aJobPayload, approvedRun } from '../testing/approved-run';
import { executorStage, type ExecutorStage, type Hands } from '../testing/executor-stage';

const ROUNDS = 20;

describe('a paid call is made once', () => {
  let stage: ExecutorStage;
  let other: Hands;
  beforeAll(async () => {
    stage = await executorStage();
    other = await stage.another();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  it('has committed the launch before the call: who looks during the call sees it', async () => {
    const run = await approvedRun(stage);
    let seen: unknown[] = [];
    stage.provider.reset({
      launch: async ({ launchId }) => {
        seen = await stage.query('SELECT run_id, attempt, status, payload_hash FROM hitl_launches WHERE launch_id = $1', [launchId]);
        return { kind: 'unclear', detail: 'enough seen' };
      },
    });
    await stage.launchOnce.launch(run.runId, 1);
    expect(seen).toEqual([{ run_id: run.runId, attempt: 1, status: 'submitting', payload_hash: run.consent?.payloadHash }]);
  });

  it('makes one call when two executors are told at the same moment, again and again', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      stage.provider.reset();
      const run = await approvedRun(stage);
      await Promise.all([stage, other, stage, other].map(({ launchOnce }) => launchOnce.launch(run.runId, 1)));
      await stage.launchOnce.launch(run.runId, 1);
      expect(stage.provider.launched).toHaveLength(1);
      expect((await stage.launches.ofRun(run.runId)).map(({ status }) => status)).toEqual(['succeeded']);
    }
  });

  it('never sends an attempt again that a dead process began, not even after its lease', async () => {
    const run = await approvedRun(stage);
    stage.provider.reset({ launch: () => Promise.reject(new Error('the process died here')) }, { reconcile: 'none' });
    await expect(stage.launchOnce.launch(run.runId, 1)).rejects.toThrow('the process died here');
    for (let hours = 0; hours < 3; hours += 1) {
      await stage.launchOnce.launch(run.runId, 1);
      await other.launchOnce.launch(run.runId, 1);
      stage.clock.skip(3_600_000);
    }
    expect(stage.provider.launched).toHaveLength(1);
    expect((await stage.launchOf(run.runId)).status).toBe('unknown');
  });

  const gone: [string, (run: Run) => Promise<unknown>][] = [
    ['is paused', (run) => move(stage, run, 'paused')],
    ['was cancelled', (run) => move(stage, run, 'cancelled')],
    ['moved on', (run) => move(stage, run, 'executed')],
    ['stands at the next attempt', (run) => move(stage, run, 'relaunched')],
  ];
  it.each(gone)('makes no call for a run that %s', async (_what, happens) => {
    const run = await approvedRun(stage);
    await happens(run);
    await stage.launchOnce.launch(run.runId, 1);
    expect(stage.provider.launched).toEqual([]);
    expect(await stage.launches.ofRun(run.runId)).toEqual([]);
  });

  it('makes no call for a run that nobody knows', async () => {
    await stage.launchOnce.launch('019e0000-0000-7000-8000-eeeeeeeeeeee', 1);
    expect(stage.provider.launched).toEqual([]);
  });

  it('either calls or sees the pause, never half of both, when they come at the same moment', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      stage.provider.reset();
      const run = await approvedRun(stage);
      const [, paused] = await Promise.all([stage.launchOnce.launch(run.runId, 1), move(stage, run, 'paused')]);
      const launches = await stage.launches.ofRun(run.runId);
      expect(launches).toHaveLength(stage.provider.launched.length);
      await move(stage, paused, 'resumed');
      await stage.launchOnce.launch(run.runId, 1);
      await other.launchOnce.launch(run.runId, 1);
      expect(stage.provider.launched).toHaveLength(1);
    }
  });

  it('waits until the provider may be called again, and says for how long', async () => {
    const run = await approvedRun(stage);
    await move(stage, run, { type: 'relaunched', notBefore: addMs(stage.clock.now(), 5_000), why: 'busy' }, stage.clock.now());
    await expect(stage.launchOnce.launch(run.runId, 2)).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: 5_000 });
    expect(await stage.launches.ofRun(run.runId)).toEqual([]);
    stage.clock.skip(5_000);
    await stage.launchOnce.launch(run.runId, 2);
    expect(stage.provider.launched).toHaveLength(1);
  });

  it('asks for call-backs at an address of this launch alone', async () => {
    const run = await approvedRun(stage);
    await stage.launchOnce.launch(run.runId, 1);
    const launch = await stage.launchOf(run.runId);
    expect(stage.provider.launched[0]).toMatchObject({
      launchId: launch.launchId, callbackUrl: `https://countersign.test/webhooks/scripted/${launch.launchId}?token=${launch.callbackToken}`,
    });
    expect(launch.callbackToken).toMatch(/^[\w-]{32}$/);
  });

  it('waits for its turn where another launch was refused for being too fast, in every executor, and writes nothing meanwhile', async () => {
    const busy: Refusal = { reason: 'throttled', message: 'Busy.', detail: 'HTTP 429', retryAfterMs: 60_000, fields: [] };
    stage.provider.reset({ launch: () => Promise.resolve({ kind: 'refused', refusal: busy }) });
    const refused = await approvedRun(stage);
    await stage.launchOnce.launch(refused.runId, 1);
    expect(await stage.launchOf(refused.runId)).toMatchObject({ status: 'refused', outcome: { kind: 'refused', refusal: busy } });

    stage.provider.reset();
    const next = await approvedRun(stage);
    for (const { launchOnce } of [stage, await stage.another()]) {
      await expect(launchOnce.launch(next.runId, 1)).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: expect.any(Number) });
    }
    expect(stage.provider.launched).toEqual([]);
    expect(await stage.launches.ofRun(next.runId)).toEqual([]);
    await stage.redis.flush();
    await stage.launchOnce.launch(next.runId, 1);
    expect(stage.provider.launched).toHaveLength(1);
  });

  describe('each answer to it', () => {
    const refusal: Refusal = { reason: 'payment_required', message: 'No credit.', detail: 'HTTP 402', retryAfterMs: null, fields: [] };
    const metrics = { computeSeconds: 1, totalSeconds: 2 };
    const ended: [string, LaunchAnswer, object][] = [
      ['refused', { kind: 'refused', refusal }, { status: 'refused', outcome: { kind: 'refused', refusal } }],
      ['failed at once', launched({ status: 'failed', reason: 'out_of_memory', message: 'Too large.', detail: 'CUDA', metrics }), {
        status: 'failed', jobId: 'job-1', outcome: { kind: 'failed', reason: 'out_of_memory', message: 'Too large.', detail: 'CUDA', metrics },
      }],
      ['stopped while it ran', launched({ status: 'cancelled', detail: 'stopped', metrics }), { status: 'stopped', outcome: { kind: 'stopped', billed: true, detail: 'stopped' } }],
      ['ended before it ran', launched({ status: 'aborted', detail: 'aborted', metrics }), { status: 'stopped', outcome: { kind: 'stopped', billed: false, detail: 'aborted' } }],
      ['done at once', launched({ status: 'succeeded', output: { raw: 'hi', parts: [{ kind: 'text', pointer: '', text: 'hi' }], doubts: [] }, metrics }), {
        status: 'succeeded', jobId: 'job-1', outcome: { kind: 'succeeded', output: { raw: 'hi', text: 'hi', doubts: [] } },
      }],
    ];
    it.each(ended)('%s: ends the launch and tells the orchestrator', async (_what, answer, row) => {
      const run = await approvedRun(stage);
      stage.provider.reset({ launch: () => Promise.resolve(withJob(answer, run.runId)) });
      await stage.launchOnce.launch(run.runId, 1);
      const launch = await stage.launchOf(run.runId);
      expect(withJobId(launch, run.runId)).toMatchObject({ ...row, nextCheckAt: null, finishedAt: stage.clock.now() });
      expect(await stage.rungFor(launch.launchId)).toEqual([{ job: 'run.executed', data: { run_id: run.runId, launch_id: launch.launchId } }]);
    });

    it('launched: keeps the job and comes back to it', async () => {
      const run = await approvedRun(stage, { payload: aJobPayload() });
      await stage.launchOnce.launch(run.runId, 1);
      const launch = await stage.launchOf(run.runId);
      expect(launch).toMatchObject({ status: 'launched', jobId: expect.stringMatching(/^job-/), launchedAt: stage.clock.now(), finishedAt: null, outcome: null });
      expect(launch.nextCheckAt).toBe(addMs(stage.clock.now(), 250));
      expect(await stage.rungFor(launch.launchId)).toEqual([{ job: 'execution.follow', data: { launch_id: launch.launchId, check: 1 } }]);
    });

    it('unclear: is looked for, and nobody is told that it failed', async () => {
      const run = await approvedRun(stage, { payload: aPayload({ input: { prompt: 'x', outcome: 'unclear' } }) });
      await stage.launchOnce.launch(run.runId, 1);
      const launch = await stage.launchOf(run.runId);
      expect(launch).toMatchObject({ status: 'unclear', jobId: null, finishedAt: null, outcome: null, nextCheckAt: addMs(stage.clock.now(), 250) });
      expect(await stage.rungFor(launch.launchId)).toEqual([{ job: 'execution.follow', data: { launch_id: launch.launchId, check: 1 } }]);
    });

    it('a provider that this executor does not have: refused, as nothing was sent', async () => {
      const run = await approvedRun(stage, { payload: aPayload({ provider: 'elsewhere' }) });
      await stage.launchOnce.launch(run.runId, 1);
      expect(await stage.launchOf(run.runId)).toMatchObject({ status: 'refused', outcome: { refusal: { reason: 'other', message: 'There is no provider named elsewhere.' } } });
    });
  });

  it('tells progress to whoever watches, and writes none of it to the database', async () => {
    const run = await approvedRun(stage);
    const signals: Signal[] = [];
    const stop = await stage.live.watch(topics.run(run.runId), (signal) => signals.push(signal));
    let rowsMeanwhile: unknown[] = [];
    stage.provider.reset({
      launch: async ({ onProgress, launchId }) => {
        onProgress({ percent: 10, message: 'warming up' });
        onProgress({ percent: 11, message: 'too soon to be told' });
        onProgress({ percent: null, message: null, textDelta: 'Once' });
        onProgress({ percent: null, message: null, textDelta: ' upon' });
        rowsMeanwhile = await stage.query('SELECT progress FROM hitl_launches WHERE launch_id = $1', [launchId]);
        return { kind: 'refused', refusal: { reason: 'other', message: 'no', detail: 'no', retryAfterMs: null, fields: [] } };
      },
    });
    const versionBefore = (await stage.runs.find(run.runId))?.version;
    await stage.launchOnce.launch(run.runId, 1);
    await waitFor(() => signals.length >= 3, { what: 'three signals' });
    await stop();
    expect(signals).toEqual([
      { kind: 'progress', body: { run_id: run.runId, percent: 10, message: 'warming up' } },
      { kind: 'progress', body: { run_id: run.runId, percent: null, message: null, text_delta: 'Once' } },
      { kind: 'progress', body: { run_id: run.runId, percent: null, message: null, text_delta: ' upon' } },
    ]);
    expect(rowsMeanwhile).toEqual([{ progress: null }]);
    expect((await stage.runs.find(run.runId))?.version).toBe(versionBefore);
  });
});

function launched(state: Extract<LaunchAnswer, { kind: 'launched' }>['state']): LaunchAnswer {
  return { kind: 'launched', jobId: 'job-1', state };
}

/** A job id belongs to one launch of the whole database. */
function withJob(answer: LaunchAnswer, runId: string): LaunchAnswer {
  return answer.kind === 'launched' ? { ...answer, jobId: `${answer.jobId}-${runId}` } : answer;
}

function withJobId<T extends { jobId: string | null }>(launch: T, runId: string): T {
  return { ...launch, jobId: launch.jobId?.replace(`-${runId}`, '') ?? null };
}
