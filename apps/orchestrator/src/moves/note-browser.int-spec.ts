import { addMs, type Approval } from '@countersign/core';
import { aDecision, anApproval } from '@countersign/core/testing';
import { orchestratorStage, type Orchestrator, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const ROUNDS = 10;

describe('a browser agent\'s question has its place in the run\'s history', () => {
  let stage: OrchestratorStage;
  let other: Orchestrator;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    other = await stage.another();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  async function question(): Promise<Approval> {
    const { runId } = await people.start({ policy: 'require_human' });
    await people.advance(runId);
    const now = stage.clock.now();
    const asked = anApproval({
      runId, checkpoint: 'browser_action', title: 'A browser agent wants to act', allowedActions: ['approve', 'reject'], payload: null, payloadHash: null,
      requestedAt: now, expiresAt: addMs(now, 30_000), requestId: `request-${runId}`,
    });
    return (await stage.approvals.open(asked, [])).approval;
  }

  const factsOf = async (runId: string) => (await stage.history(runId)).filter(({ type }) => type === 'noted').map(({ metadata }) => metadata.fact);
  const note = ({ runId, approvalId }: Approval, fact: string, by: Orchestrator = stage): Promise<void> =>
    by.handlers['approval.noted']({ run_id: runId, approval_id: approvalId, fact });

  it('each fact once, also when it is delivered twice, and twice at the same moment', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const asked = await question();
      await Promise.all([note(asked, 'browser_asked'), note(asked, 'browser_asked', other), note(asked, 'browser_asked')]);
      await note(asked, 'browser_asked');
      await stage.approvals.record(asked.approvalId, 'approved', aDecision({ at: stage.clock.now() }), []);
      await Promise.all([note(asked, 'browser_decided'), note(asked, 'browser_decided', other)]);
      await note(asked, 'browser_decided', other);
      expect(await factsOf(asked.runId)).toEqual(['browser_asked', 'browser_decided']);
    }
  });

  it('who answered and what, with the run where it was', async () => {
    const asked = await question();
    const before = await people.run(asked.runId);
    await stage.approvals.record(asked.approvalId, 'rejected', aDecision({ at: stage.clock.now(), action: 'reject', by: 'human:bob' }), []);
    await note(asked, 'browser_decided');
    const [line] = (await stage.history(asked.runId)).slice(-1);
    expect(line).toMatchObject({ type: 'noted', actor: 'human:bob', metadata: { fact: 'browser_decided', approval_id: asked.approvalId, action: 'reject' } });
    expect(await people.run(asked.runId)).toMatchObject({ status: before.status, step: before.step, standing: before.standing, version: before.version + 1 });
  });

  it('nobody answered: the clock ends it once, not before its time, and the run goes its own way', async () => {
    const asked = await question();
    const expire = (by: Orchestrator = stage): Promise<void> => by.handlers['approval.expire']({ run_id: asked.runId, approval_id: asked.approvalId, extension: 0 });
    await expire();
    expect(await stage.approvals.find(asked.approvalId)).toMatchObject({ status: 'pending' });
    stage.clock.skip(30_000);
    await Promise.all([expire(), expire(other)]);
    await expire();
    expect(await stage.approvals.find(asked.approvalId)).toMatchObject({ status: 'expired' });
    expect((await stage.rung(asked.approvalId)).map(({ job, data }) => [job, data.fact])).toEqual([['approval.noted', 'browser_expired']]);
    await note(asked, 'browser_expired');
    expect(await factsOf(asked.runId)).toEqual(['browser_expired']);
    expect(await people.run(asked.runId)).toMatchObject({ status: 'awaiting_human', step: 'payload_review' });
  });

  it('of a run that ended: it is cancelled with the run, and notes nothing more', async () => {
    const asked = await question();
    await people.command(asked.runId, 'cancel');
    const run = await people.advance(asked.runId);
    expect(await stage.approvals.find(asked.approvalId)).toMatchObject({ status: 'cancelled' });
    await note(asked, 'browser_asked');
    expect(await people.run(asked.runId)).toEqual(run);
  });

  it('what an agent reports is a command, and in the history each time', async () => {
    const asked = await question();
    await people.command(asked.runId, 'report');
    await people.advance(asked.runId);
    await people.command(asked.runId, 'report');
    await people.advance(asked.runId);
    expect(await factsOf(asked.runId)).toEqual(['browser_completed', 'browser_completed']);
  });

  it('an approval nobody knows notes nothing', async () => {
    const asked = await question();
    await note({ ...asked, approvalId: '019e0000-0000-7000-8000-bbbbbbbbbbbb' }, 'browser_asked');
    expect(await factsOf(asked.runId)).toEqual([]);
  });
});
