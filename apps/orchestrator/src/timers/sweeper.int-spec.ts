import { isTerminal, type Run } from '@countersign/core';
import { orchestratorStage, type OrchestratorStage, type Rung } from '../testing/orchestrator-stage';
import { aSuccess, People } from '../testing/people';

const LOST_AFTER_MS = 11_000;
/** Sweeps that everything must be over by: a run has five steps. */
const SWEEPS = 12;

describe('flush Redis, and everything goes on from Postgres', () => {
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  const TIMEOUT_SECONDS = 5;
  /** Each way to be stuck without a doorbell, with the one that frees it. */
  const stuck: [string, string, () => Promise<string>][] = [
    ['a run nobody started', 'run.advance', async () => (await people.start()).runId],
    ['a run that rests while its form is fetched', 'run.advance', async () => (await people.advance((await people.insert({ model: 'scripted/job' })).runId)).runId],
    ['a launch that nobody was told of', 'execution.launch', async () => (await people.advance((await people.start()).runId)).runId],
    ['a launch whose end nobody was told of', 'run.advance', async () => {
      const { runId } = await people.advance((await people.start()).runId);
      await people.launch(runId);
      return runId;
    }],
    ['an answer nobody was told of', 'run.advance', async () => {
      const { runId } = await people.advance((await people.start({ policy: 'require_human' })).runId);
      await people.answer((await people.pending(runId)).approvalId);
      return runId;
    }],
    ['a command nobody was told of', 'run.commanded', async () => {
      const { runId } = await people.advance((await people.start({ policy: 'require_human' })).runId);
      await people.command(runId, 'cancel');
      return runId;
    }],
    ['a wait whose timer is gone', 'approval.expire', async () => (await people.advance((await people.start({ policy: 'require_human', timeoutSeconds: TIMEOUT_SECONDS })).runId)).runId],
    ['history that nobody was told', 'notice.tell', async () => (await people.advance((await people.start({ policy: 'require_human' })).runId)).runId],
  ];

  it.each(stuck)('%s is rung for: %s', async (_what, job, make) => {
    const runId = await make();
    await stage.redis.flush();
    stage.clock.skip(LOST_AFTER_MS);
    await stage.sweeper.sweep();
    expect((await stage.rung(runId)).map((rung) => rung.job)).toContain(job);
  });

  it('a job that nobody looks at is rung for: execution.follow', async () => {
    const { runId } = await people.advance((await people.start()).runId);
    const launchId = await people.launch(runId, null);
    await stage.redis.flush();
    stage.clock.skip(LOST_AFTER_MS);
    await stage.sweeper.sweep();
    expect((await stage.rung(launchId)).map(({ job, data }) => [job, data])).toEqual([['execution.follow', { launch_id: launchId, check: 0 }]]);
  });

  it('a long wait has no timer in Redis at all: the sweep ends it', async () => {
    const { runId } = await people.advance((await people.start({ policy: 'require_human', timeoutSeconds: 600 })).runId);
    expect((await stage.rung(runId)).map(({ job }) => job)).not.toContain('approval.expire');
    stage.clock.skip(600_000 + LOST_AFTER_MS);
    await stage.sweeper.sweep();
    expect((await stage.rung(runId)).map(({ job }) => job)).toContain('approval.expire');
  });

  it('two sweepers side by side ring once, and the next sweep leaves what still waits alone', async () => {
    const { runId } = await people.start();
    await stage.redis.flush();
    stage.clock.skip(LOST_AFTER_MS);
    const other = await stage.another();
    await Promise.all([stage.sweeper.sweep(), other.sweeper.sweep()]);
    const advances = async () => (await stage.rung(runId)).filter(({ job }) => job === 'run.advance');
    expect(await advances()).toHaveLength(1);
    stage.clock.skip(LOST_AFTER_MS);
    await stage.sweeper.sweep();
    expect(await advances()).toHaveLength(1);
  });

  it('rings for nothing that is as it should be', async () => {
    const { runId } = await people.advance((await people.start({ policy: 'require_human', timeoutSeconds: 3_600 })).runId);
    await stage.query(`INSERT INTO notices (run_id, channel, told_seq) VALUES ($1, 'socket', 4)`, [runId]);
    await stage.redis.flush();
    stage.clock.skip(LOST_AFTER_MS);
    await stage.sweeper.sweep();
    expect(await stage.rung(runId)).toEqual([]);
  });

  /** What an executor does with its jobs, as far as the orchestrator can tell. */
  async function execute({ job, data }: Rung): Promise<void> {
    const runId = String(data.run_id);
    if (job === 'form.resolve') await people.knowForm(String(data.model));
    if (job === 'execution.launch' && (await stage.launches.ofRun(runId)).length === 0) await people.launch(runId, aSuccess());
  }

  /** All that is rung now; what that rings is left. */
  async function work(): Promise<void> {
    const rung = await stage.rung();
    await stage.redis.flush();
    for (const each of rung) {
      const handler = (stage.handlers as Record<string, ((data: object) => Promise<void>) | undefined>)[each.job];
      await (handler ? handler(each.data) : execute(each));
    }
  }

  it('runs in every status come to their end with nothing but sweeps, Redis emptied after each', async () => {
    const runIds: string[] = [];
    for (const [, , make] of stuck) runIds.push(await make());
    const fresh = await people.start({ policy: 'require_human', timeoutSeconds: TIMEOUT_SECONDS, onTimeout: 'approve' });
    const paused = await people.advance((await people.start({ policy: 'require_human', timeoutSeconds: TIMEOUT_SECONDS })).runId);
    await people.command(paused.runId, 'pause');
    await people.advance(paused.runId);
    await people.command(paused.runId, 'resume');
    runIds.push(fresh.runId, paused.runId);
    await stage.redis.flush();
    const open = async (): Promise<Run[]> => (await Promise.all(runIds.map((id) => people.run(id)))).filter(({ status }) => !isTerminal(status));
    for (let sweeps = 0; sweeps < SWEEPS && (await open()).length > 0; sweeps += 1) {
      stage.clock.skip(sweeps === SWEEPS / 2 ? 3_600_000 : LOST_AFTER_MS);
      await stage.sweeper.sweep();
      await work();
      await work();
      await stage.redis.flush();
    }
    expect((await open()).map(({ runId, status, step }) => ({ runId, status, step }))).toEqual([]);
    for (const runId of runIds) {
      const history = await stage.history(runId);
      expect(history.map(({ seq }) => seq)).toEqual(history.map((_event, index) => index + 1));
      expect((await stage.launches.ofRun(runId)).length).toBeLessThanOrEqual(1);
    }
  });
});
