import type { Run } from '@countersign/core';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const REFRESHED_AFTER_MS = 10 * 60_000;

describe('the form a run is checked against', () => {
  let stage: OrchestratorStage;
  let people: People;
  let models = 0;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
  });
  afterAll(() => stage.close());
  beforeEach(() => {
    models += 1;
  });

  /** A model that this spec has not named before. */
  const model = (): string => `somebody/model-${models}`;
  const questions = async (runId: string) => (await stage.rung(runId)).filter(({ job }) => job === 'form.resolve').map(({ data }) => data);

  async function answerWithForm(run: Run): Promise<void> {
    const echo = await stage.forms.find('scripted', 'scripted/echo', null) ?? (await people.knowForm(), await stage.forms.find('scripted', 'scripted/echo', null));
    await stage.forms.save({ provider: run.provider, model: run.model, requestedVersion: run.modelVersion, form: echo?.form ?? null, problem: null, fetchedAt: stage.clock.now() });
  }

  async function answerWithProblem(run: Run, reason = 'model_unknown'): Promise<void> {
    const askedAtMs = Math.max(...(await questions(run.runId)).map(({ asked_at_ms }) => Number(asked_at_ms)));
    await stage.forms.save({
      provider: run.provider, model: run.model, requestedVersion: run.modelVersion, form: null, fetchedAt: stage.clock.now(),
      problem: { reason, detail: 'it said no', askedAt: new Date(askedAtMs).toISOString() },
    });
  }

  it('is asked for when it is not known; the run rests meanwhile, and nothing waits inside', async () => {
    const { runId } = await people.insert({ model: model() });
    const run = await people.advance(runId);
    expect(run).toMatchObject({ status: 'running', step: 'information_review' });
    expect(await questions(runId)).toEqual([
      { provider: 'scripted', model: model(), version: null, run_id: runId, asked_at_ms: Date.parse(run.times.updatedAt) },
    ]);
    expect(await people.advance(runId)).toEqual(run);
    expect(await questions(runId)).toHaveLength(1);
  });

  it('is asked for again when no answer comes: the job may have failed for good', async () => {
    const { runId } = await people.insert({ model: model() });
    await people.advance(runId);
    stage.clock.skip(10_000);
    await people.advance(runId);
    expect(await questions(runId)).toHaveLength(2);
  });

  it('lets the run go on when it is there', async () => {
    const { runId } = await people.insert({ model: model() });
    await answerWithForm(await people.advance(runId));
    expect(await people.advance(runId)).toMatchObject({ status: 'running', step: 'api_call', preparation: { payload: { model: model(), input: { prompt: 'a red fox' } } } });
  });

  it('cannot be had: a person is told, and may only try again or give up', async () => {
    const { runId } = await people.insert({ model: model() });
    await answerWithProblem(await people.advance(runId));
    expect(await people.advance(runId)).toMatchObject({ status: 'awaiting_human', step: 'information_review', preparation: { payload: null } });
    const approval = await people.pending(runId);
    expect(approval).toMatchObject({ checkpoint: 'validation_review', payload: null, payloadHash: null, schema: { properties: {} } });
    expect(approval.allowedActions).toEqual(expect.arrayContaining(['retry', 'reject']));
    expect(approval.allowedActions).not.toContain('approve');
  });

  it('a retry asks again, and the new answer counts', async () => {
    const { runId } = await people.insert({ model: model() });
    await answerWithProblem(await people.advance(runId), 'unavailable');
    await people.advance(runId);
    stage.clock.skip(5);
    const retried = await people.decide(runId, { action: 'retry' });
    expect(retried).toMatchObject({ status: 'running', step: 'information_review' });
    expect(await questions(runId)).toHaveLength(2);
    await answerWithProblem(retried, 'unavailable');
    expect(await people.advance(runId)).toMatchObject({ status: 'awaiting_human' });
    stage.clock.skip(5);
    await answerWithForm(await people.decide(runId, { action: 'retry' }));
    expect(await people.advance(runId)).toMatchObject({ status: 'running', step: 'api_call' });
  });

  it('an answer to an older question of somebody else does not count as one to this', async () => {
    const first = await people.insert({ model: model() });
    await answerWithProblem(await people.advance(first.runId));
    stage.clock.skip(5);
    const { runId } = await people.insert({ model: model() });
    expect(await people.advance(runId)).toMatchObject({ status: 'running', step: 'information_review' });
    expect(await questions(runId)).toHaveLength(1);
  });

  it('demo values never run: the caller\'s example describes the form, its values are nobody\'s answer (invariant 8)', async () => {
    const originalInput = { prompt: 'a red fox', agent_tool_config: { 'replicate-agent-tool': { example_input: { prompt: 'an example', image: 'https://example.com/demo.png', steps: 4 } } } };
    const { runId } = await people.insert({ model: model(), originalInput });
    await answerWithProblem(await people.advance(runId), 'no_schema');
    const run = await people.advance(runId);
    expect(run.preparation?.payload).not.toBeNull();
    expect(run.preparation?.payload?.input).toMatchObject({ prompt: 'a red fox' });
    expect(JSON.stringify(run.preparation?.payload?.input)).not.toContain('demo.png');
    expect(JSON.stringify(run.preparation?.payload?.input)).not.toContain('an example');
  });

  it('of the newest version is read again after a while, that of a named version never', async () => {
    const newest = await people.insert({ model: model() });
    await answerWithForm(await people.advance(newest.runId));
    const named = await people.insert({ model: model(), modelVersion: 'v1' });
    await answerWithForm(await people.advance(named.runId));
    stage.clock.skip(REFRESHED_AFTER_MS + 1);
    const later = await people.insert({ model: model() });
    expect(await people.advance(later.runId)).toMatchObject({ step: 'information_review' });
    expect(await questions(later.runId)).toHaveLength(1);
    const alsoNamed = await people.insert({ model: model(), modelVersion: 'v1' });
    expect(await people.advance(alsoNamed.runId)).toMatchObject({ step: 'api_call' });
  });
});
