import { addMs, type OnTimeout, type Run } from '@countersign/core';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const TIMEOUT_SECONDS = 60;
const ROUNDS = 50;

describe('when nobody answers in time', () => {
  let stage: OrchestratorStage;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  async function asked(onTimeout: OnTimeout): Promise<Run> {
    const { runId } = await people.start({ policy: 'require_human', timeoutSeconds: TIMEOUT_SECONDS, onTimeout });
    return people.advance(runId);
  }
  const late = (): void => stage.clock.skip(TIMEOUT_SECONDS * 1_000);
  const typesOf = async (runId: string): Promise<string[]> => (await stage.history(runId)).map(({ type }) => type).slice(4);

  it('nothing happens before the time is over', async () => {
    const run = await asked('reject');
    stage.clock.skip(TIMEOUT_SECONDS * 1_000 - 1);
    expect(await people.advance(run.runId)).toEqual(run);
    stage.clock.skip(1);
    expect(await people.advance(run.runId)).toMatchObject({ status: 'expired' });
  });

  it('reject: the run expires and never launches', async () => {
    const run = await asked('reject');
    const { approvalId } = await people.pending(run.runId);
    late();
    expect(await people.advance(run.runId)).toMatchObject({ status: 'expired', attempt: 0, consent: null, standing: { approvalId } });
    expect(await stage.approvals.find(approvalId)).toMatchObject({ status: 'expired', decision: null });
    expect(await people.answer(approvalId)).toBe(false);
    expect(await typesOf(run.runId)).toEqual(['expired']);
  });

  it('approve: the clock consents, by name', async () => {
    const run = await asked('approve');
    const { approvalId, payloadHash } = await people.pending(run.runId);
    late();
    expect(await people.advance(run.runId)).toMatchObject({
      status: 'running', step: 'api_call', attempt: 1, consent: { by: 'policy:on_timeout', approvalId, payloadHash },
    });
    expect(await stage.approvals.find(approvalId)).toMatchObject({ status: 'approved', decision: { via: 'clock' } });
  });

  it('approve: never what may not be approved; then it expires', async () => {
    const { runId } = await people.start({ policy: 'auto', timeoutSeconds: TIMEOUT_SECONDS, onTimeout: 'approve' }, { originalInput: { prompt: '' } });
    await people.advance(runId);
    expect((await people.pending(runId)).allowedActions).not.toContain('approve');
    late();
    expect(await people.advance(runId)).toMatchObject({ status: 'expired', attempt: 0 });
  });

  it('keep_waiting: the wait goes on, each time by its own length, and stays answerable', async () => {
    const run = await asked('keep_waiting');
    const { approvalId } = await people.pending(run.runId);
    for (let times = 1; times <= 3; times += 1) {
      late();
      const waiting = await people.advance(run.runId);
      const expiresAt = addMs(stage.clock.now(), TIMEOUT_SECONDS * 1_000);
      expect(waiting).toMatchObject({ status: 'awaiting_human', times: { expiresAt } });
      expect(await stage.approvals.find(approvalId)).toMatchObject({ status: 'pending', expiresAt, extensions: times, userId: 'ann' });
    }
    expect(await typesOf(run.runId)).toEqual(['extended', 'extended', 'extended']);
    const timers = (await stage.rung(approvalId)).filter(({ job }) => job === 'approval.expire');
    expect(timers).toHaveLength(4);
    expect(await people.decide(run.runId)).toMatchObject({ step: 'api_call', consent: { by: 'human:ann' } });
  });

  it('escalate: all reviewers are asked, once; then it expires', async () => {
    const run = await asked('escalate');
    const { approvalId } = await people.pending(run.runId);
    late();
    expect(await people.advance(run.runId)).toMatchObject({ status: 'awaiting_human' });
    expect(await stage.approvals.find(approvalId)).toMatchObject({ status: 'pending', userId: null, extensions: 1 });
    late();
    expect(await people.advance(run.runId)).toMatchObject({ status: 'expired' });
    expect(await typesOf(run.runId)).toEqual(['extended', 'expired']);
  });

  it('a paused run\'s question waits with it', async () => {
    const run = await asked('reject');
    await people.command(run.runId, 'pause');
    await people.advance(run.runId);
    late();
    expect(await people.advance(run.runId)).toMatchObject({ status: 'paused' });
    await people.command(run.runId, 'resume');
    expect(await people.advance(run.runId)).toMatchObject({ status: 'expired' });
  });

  it.each(['reject', 'approve', 'keep_waiting', 'escalate'] as const)('one answer per approval: a person and the clock at the same moment, two orchestrators (%s)', async (onTimeout) => {
    const other = await stage.another();
    const seen = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const run = await asked(onTimeout);
      const { approvalId } = await people.pending(run.runId);
      stage.clock.skip(TIMEOUT_SECONDS * 1_000 - 1);
      const justInTime = stage.clock.now();
      stage.clock.skip(1);
      const [inTime] = await Promise.all([
        people.answer(approvalId, { at: justInTime, action: 'reject', reason: 'no' }),
        stage.advanceRun.advance(run.runId), other.advanceRun.advance(run.runId),
      ]);
      const after = await people.advance(run.runId);
      const approval = await stage.approvals.find(approvalId);
      const [last] = (await typesOf(run.runId)).slice(-1);
      seen.add(`${String(inTime)} ${last}`);
      if (inTime) expect([after.status, approval?.status, last]).toEqual(['cancelled', 'rejected', 'rejected']);
      else if (onTimeout === 'approve') expect([after.step, approval?.status, last]).toEqual(['api_call', 'approved', 'approved']);
      else expect([after.status, approval?.status, last]).toEqual(['expired', 'expired', 'expired']);
      const history = await stage.history(run.runId);
      expect(history.map(({ seq }) => seq)).toEqual(history.map((_event, index) => index + 1));
    }
    expect(seen.size).toBeGreaterThan(0);
  });
});
