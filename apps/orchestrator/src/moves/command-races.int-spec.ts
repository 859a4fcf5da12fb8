import type { CommandName, Decision, Run } from '@countersign/core';
import { aLaunch } from '@countersign/core/testing';
import { orchestratorStage, type Orchestrator, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const ASKED = ['payload_suggestion', 'error_recovery', 'response_review'] as const;
type Asked = (typeof ASKED)[number];
const YES: Record<Asked, Partial<Decision>> = { payload_suggestion: {}, error_recovery: { action: 'retry' }, response_review: { action: 'retry' } };
const ROUNDS = 6;

/** Two orchestrators, each with its own connections; an answer and a command that come at the same moment. */
describe('a command and an answer at the same moment', () => {
  let stage: OrchestratorStage;
  let other: Orchestrator;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    other = await stage.another();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  async function askedFor(checkpoint: Asked): Promise<Run> {
    const { runId } = await people.start({ policy: 'require_human' });
    const first = await people.advance(runId);
    if (checkpoint === 'payload_suggestion') return first;
    await people.decide(runId);
    await people.launch(runId, checkpoint === 'response_review' ? undefined : { kind: 'failed', reason: 'model_error', message: 'No.', detail: '', metrics: null, cost: null });
    return people.advance(runId);
  }
  const both = (runId: string) => Promise.all([stage.advanceRun.advance(runId), other.advanceRun.advance(runId)]);
  async function race(before: Run, name: CommandName, round: number): Promise<Run> {
    const { approvalId, checkpoint } = await people.pending(before.runId);
    const answer = () => people.answer(approvalId, YES[checkpoint as Asked]).then(() => (round % 2 === 0 ? stage : other).advanceRun.advance(before.runId));
    const command = () => people.command(before.runId, name).then(() => (round % 2 === 0 ? other : stage).advanceRun.advance(before.runId));
    await Promise.all(round % 3 === 0 ? [answer(), command()] : [command(), answer()]);
    await both(before.runId);
    return people.run(before.runId);
  }
  const jobsOf = async (runId: string, job: string) => (await stage.rung(runId)).filter((bell) => bell.job === job).map(({ data }) => data.attempt);

  it.each(ASKED)('pause, asked for %s: it stands still, launches nothing, and the answer counts when it goes on', async (checkpoint) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await askedFor(checkpoint);
      const paused = await race(before, 'pause', round);
      expect(paused.status).toBe('paused');
      const attempt = before.attempt + 1;
      expect(await stage.launches.begin(aLaunch({ runId: before.runId, attempt }))).toEqual({ kind: 'not_wanted' });
      await people.command(before.runId, 'resume');
      await both(before.runId);
      expect(await people.run(before.runId)).toMatchObject({ status: 'running', step: 'api_call', attempt });
      expect(await jobsOf(before.runId, 'execution.launch')).toContain(attempt);
      expect((await stage.history(before.runId)).filter(({ type }) => type === 'approved')).toHaveLength(attempt);
    }
  });

  it.each(ASKED)('cancel, asked for %s: it ends, and what was launched in between is stopped', async (checkpoint) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await askedFor(checkpoint);
      const ended = await race(before, 'cancel', round);
      expect(ended.status).toBe('cancelled');
      expect((await stage.approvals.ofRun(before.runId)).filter(({ status }) => status === 'pending')).toEqual([]);
      if (ended.attempt > before.attempt) expect(await jobsOf(before.runId, 'execution.stop')).toContain(ended.attempt);
      const types = (await stage.history(before.runId)).map(({ type }) => type);
      expect(types.at(-1)).toBe('cancelled');
    }
  });

  it('a cancel while the call is under way says that it may still be billed', async () => {
    const before = await askedFor('payload_suggestion');
    await people.decide(before.runId);
    await people.launch(before.runId, null);
    await people.command(before.runId, 'cancel');
    await both(before.runId);
    const last = (await stage.history(before.runId)).at(-1);
    expect(last).toMatchObject({ type: 'cancelled', message: expect.stringContaining('may still be billed'), metadata: { may_cost: true } });
    expect(await jobsOf(before.runId, 'execution.stop')).toEqual([1]);
  });
});
