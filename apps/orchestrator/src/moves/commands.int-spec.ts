import type { Run } from '@countersign/core';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

/** Each way a run can stand, and how it comes there. */
const PLACES = ['queued', 'waiting for a form', 'asked what is missing', 'asked for the payload', 'calling', 'asked after a failure', 'asked for the result'] as const;
type Place = (typeof PLACES)[number];

describe('what people ask of a run', () => {
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  async function runAt(place: Place): Promise<Run> {
    if (place === 'waiting for a form') {
      const { runId } = await people.insert({ model: 'scripted/nobody-knows' });
      return people.advance(runId);
    }
    const { runId } = await people.start({ policy: 'require_human' }, place === 'asked what is missing' ? { originalInput: { prompt: '' } } : {});
    if (place === 'queued') return people.run(runId);
    await people.advance(runId);
    if (place === 'asked what is missing' || place === 'asked for the payload') return people.run(runId);
    const calling = await people.decide(runId);
    if (place === 'calling') return calling;
    await people.launch(runId, place === 'asked for the result' ? undefined : { kind: 'failed', reason: 'model_error', message: 'No.', detail: '', metrics: null, cost: null });
    return people.advance(runId);
  }

  const DONE = { outcome: 'done', detail: null };

  it.each(PLACES)('pause and resume, %s: it stands as it stood', async (place) => {
    const before = await runAt(place);
    const pause = await people.command(before.runId, 'pause');
    const paused = await people.advance(before.runId);
    expect(paused).toMatchObject({ status: 'paused', step: before.step, attempt: before.attempt });
    expect(await people.outcomeOf(pause)).toEqual(DONE);
    expect(await people.advance(before.runId)).toEqual(paused);
    const resume = await people.command(before.runId, 'resume');
    const resumed = await people.advance(before.runId);
    expect(await people.outcomeOf(resume)).toEqual(DONE);
    if (place === 'queued') expect(resumed).toMatchObject({ status: 'awaiting_human' });
    else expect(resumed).toMatchObject({ status: before.status, step: before.step, standing: before.standing, attempt: before.attempt, consent: before.consent });
  });

  it('a paused launch is asked for again when the run goes on', async () => {
    const { runId } = await runAt('calling');
    await people.command(runId, 'pause');
    await people.advance(runId);
    await people.command(runId, 'resume');
    const { version } = await people.advance(runId);
    const launches = (await stage.rung(runId)).filter(({ job }) => job === 'execution.launch').map(({ data }) => data);
    expect(launches).toContainEqual({ run_id: runId, attempt: 1, version });
  });

  it('a result that came while the run was paused is taken when it goes on', async () => {
    const { runId } = await runAt('calling');
    await people.launch(runId, null);
    await people.command(runId, 'pause');
    await people.advance(runId);
    const launch = await stage.launches.ofAttempt(runId, 1);
    await stage.query(`UPDATE hitl_launches SET status = 'stopped', outcome = $2::jsonb, finished_at = now() WHERE launch_id = $1`, [launch?.launchId, JSON.stringify({ kind: 'stopped', billed: true, detail: '' })]);
    expect(await people.advance(runId)).toMatchObject({ status: 'paused' });
    await people.command(runId, 'resume');
    expect(await people.advance(runId)).toMatchObject({ status: 'awaiting_human', standing: { checkpoint: 'error_recovery' } });
  });

  it('an answer that came while the run was paused counts when it goes on', async () => {
    const { runId } = await runAt('asked for the payload');
    const { approvalId } = await people.pending(runId);
    await people.command(runId, 'pause');
    await people.advance(runId);
    await people.answer(approvalId);
    expect(await people.advance(runId)).toMatchObject({ status: 'paused' });
    await people.command(runId, 'resume');
    expect(await people.advance(runId)).toMatchObject({ status: 'running', step: 'api_call', consent: { approvalId } });
  });

  it.each(PLACES)('cancel, %s: it ends, its question with it, and a job that runs is stopped', async (place) => {
    const before = await runAt(place);
    const cancel = await people.command(before.runId, 'cancel');
    expect(await people.advance(before.runId)).toMatchObject({ status: 'cancelled', standing: { by: 'human:ann', reason: 'wait a moment' } });
    expect(await people.outcomeOf(cancel)).toEqual(DONE);
    expect((await stage.approvals.ofRun(before.runId)).filter(({ status }) => status === 'pending')).toEqual([]);
    const stops = (await stage.rung(before.runId)).filter(({ job }) => job === 'execution.stop');
    expect(stops.map(({ data }) => data)).toEqual(before.step === 'api_call' ? [{ run_id: before.runId, attempt: 1 }] : []);
  });

  it.each(PLACES)('cancel of a paused run, %s', async (place) => {
    const { runId } = await runAt(place);
    await people.command(runId, 'pause');
    await people.advance(runId);
    await people.command(runId, 'cancel');
    expect(await people.advance(runId)).toMatchObject({ status: 'cancelled' });
    expect((await stage.approvals.ofRun(runId)).filter(({ status }) => status === 'pending')).toEqual([]);
  });

  it('what is not allowed is refused, with the reason, and moves nothing', async () => {
    const run = await runAt('asked for the payload');
    const resume = await people.command(run.runId, 'resume');
    expect(await people.advance(run.runId)).toEqual(run);
    expect(await people.outcomeOf(resume)).toEqual({ outcome: 'refused', detail: 'a run that is awaiting_human at payload_review cannot be resumed' });
    await people.command(run.runId, 'cancel');
    const ended = await people.advance(run.runId);
    for (const name of ['pause', 'resume', 'cancel'] as const) {
      const command = await people.command(run.runId, name);
      expect(await people.advance(run.runId)).toEqual(ended);
      expect(await people.outcomeOf(command)).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('cancelled') });
    }
  });

  it('two in a row are done in their order, also when two orchestrators hear of them at once', async () => {
    const other = await stage.another();
    const { runId } = await runAt('asked for the payload');
    const pause = await people.command(runId, 'pause');
    stage.clock.skip(1);
    const resume = await people.command(runId, 'resume');
    stage.clock.skip(1);
    const again = await people.command(runId, 'resume');
    await Promise.all([stage.advanceRun.advance(runId), other.advanceRun.advance(runId)]);
    expect(await people.run(runId)).toMatchObject({ status: 'awaiting_human', step: 'payload_review' });
    expect(await people.outcomeOf(pause)).toEqual(DONE);
    expect(await people.outcomeOf(resume)).toEqual(DONE);
    expect(await people.outcomeOf(again)).toMatchObject({ outcome: 'refused' });
    expect((await stage.history(runId)).map(({ type }) => type)).toEqual(['created', 'started', 'prepared', 'asked', 'paused', 'resumed']);
  });

  it('an answer and a cancel at the same moment: one story, whoever was first', async () => {
    const { runId } = await runAt('asked for the payload');
    await people.answer((await people.pending(runId)).approvalId);
    await people.command(runId, 'cancel');
    const run = await people.advance(runId);
    expect(run).toMatchObject({ status: 'cancelled', attempt: 0 });
    expect((await stage.rung(runId)).filter(({ job }) => job === 'execution.launch')).toEqual([]);
  });
});
