import { addMs, type Bell } from '@countersign/core';
import { aCommand, aLaunch, anApproval, aDecision, allowed, insertRun, move, NOON, storedRun, testId } from '@countersign/core/testing';
import { databaseStage, type DatabaseStage } from '../../testing/database-stage';
import { PostgresModelCalls } from './postgres-model-calls';
import { PostgresNoticeStore } from './postgres-notice.store';
import { PostgresOverdue, SWEEPS } from './postgres-overdue';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const after = (ms: number): string => addMs(NOON, ms);

describe('PostgresOverdue', () => {
  let stage: DatabaseStage;
  let overdue: PostgresOverdue;
  beforeAll(async () => {
    stage = await databaseStage();
    overdue = new PostgresOverdue(stage.pool, 1);
  });
  afterAll(() => stage.close());

  /** Doorbells of one job that a sweep at `now` finds for what `part` names. */
  const found = async (job: string, part: string, now: string): Promise<Bell['data'][]> =>
    (await overdue.bells(now, 10_000)).filter((bell) => bell.job === job && Object.values(bell.data).includes(part)).map(({ data }) => data);

  describe('run.advance', () => {
    it.each([['queued', 'created'], ['running', 'information_review'], ['running', 'payload_review'], ['running', 'response_review']] as const)(
      'for a run that is %s at %s and did not move for ten seconds', async (status, step) => {
        const { runId, version } = await storedRun(stage, status, step);
        expect(await found('run.advance', runId, after(9 * SECOND))).toEqual([]);
        expect(await found('run.advance', runId, after(11 * SECOND))).toEqual([{ run_id: runId, version }]);
      },
    );

    it.each(['awaiting_human', 'paused', 'completed', 'failed', 'cancelled', 'expired'] as const)('for none that is %s', async (status) => {
      const { runId } = await storedRun(stage, status, 'response_review');
      expect(await found('run.advance', runId, after(50 * MINUTE))).toEqual([]);
    });

    it('for a run whose launch has ended', async () => {
      const run = await storedRun(stage, 'running', 'api_call');
      const launch = aLaunch({ runId: run.runId });
      await stage.launches.begin(launch);
      expect(await found('run.advance', run.runId, after(HOUR))).toEqual([]);
      await stage.launches.change(launch.launchId, { status: 'stopped', nextCheckAt: null, finishedAt: after(MINUTE), outcome: { kind: 'stopped', billed: false, detail: '' } }, []);
      expect(await found('run.advance', run.runId, after(MINUTE + 9 * SECOND))).toEqual([]);
      expect(await found('run.advance', run.runId, after(MINUTE + 11 * SECOND))).toEqual([{ run_id: run.runId, version: run.version }]);
      await move(stage, run, 'paused');
      expect(await found('run.advance', run.runId, after(HOUR))).toEqual([]);
    });

    it('at every sweep for an answer of the last two minutes, seldom for an older one', async () => {
      const run = await storedRun(stage, 'running', 'payload_review');
      const approval = anApproval({ runId: run.runId });
      await move(stage, run, { type: 'asked', approval });
      await stage.approvals.record(approval.approvalId, 'approved', aDecision({ at: after(10 * MINUTE) }), []);
      const ordinary = new PostgresOverdue(stage.pool, 3);
      const sees = async (now: string): Promise<boolean> => (await ordinary.bells(now, 10_000)).some(({ job, data }) => job === 'run.advance' && data.run_id === run.runId);
      const [soon, late] = [after(11 * MINUTE), after(HOUR)];
      expect([await sees(late), await sees(soon), await sees(late), await sees(late)]).toEqual([true, true, false, true]);
    });

    it('for a run whose approval was answered, expired or called off', async () => {
      const ends = [
        (id: string) => stage.approvals.record(id, 'approved', aDecision({ at: after(10 * MINUTE) }), []),
        (id: string) => stage.approvals.expire(id, after(HOUR), []),
        (id: string) => stage.approvals.cancel(id, []),
      ];
      for (const end of ends) {
        const run = await storedRun(stage, 'running', 'payload_review');
        const approval = anApproval({ runId: run.runId });
        const { version } = await move(stage, run, { type: 'asked', approval });
        expect(await found('run.advance', run.runId, after(HOUR))).toEqual([]);
        await end(approval.approvalId);
        const far = addMs(new Date().toISOString(), HOUR);
        expect(await found('run.advance', run.runId, far)).toEqual([{ run_id: run.runId, version }]);
        expect(await found('run.advance', run.runId, after(10 * MINUTE + 9 * SECOND))).toEqual([]);
      }
    });
  });

  it('run.advance for a wait that was made longer and whose run does not tell', async () => {
    const run = await storedRun(stage, 'running', 'payload_review');
    const approval = anApproval({ runId: run.runId });
    const waiting = await move(stage, run, { type: 'asked', approval });
    expect(await found('run.advance', run.runId, after(HOUR))).toEqual([]);
    await stage.approvals.extend(approval, after(2 * HOUR), false);
    expect(await found('run.advance', run.runId, after(HOUR))).toEqual([{ run_id: run.runId, version: waiting.version }]);
    await move(stage, waiting, { type: 'extended', approvalId: approval.approvalId, expiresAt: after(2 * HOUR), escalated: false });
    expect(await found('run.advance', run.runId, after(HOUR))).toEqual([]);
  });

  describe('execution.launch', () => {
    it('for an approved run without its launch', async () => {
      const run = await storedRun(stage, 'running', 'api_call');
      const data = { run_id: run.runId, attempt: 1, version: run.version };
      expect(await found('execution.launch', run.runId, after(9 * SECOND))).toEqual([]);
      expect(await found('execution.launch', run.runId, after(11 * SECOND))).toEqual([data]);
      await stage.launches.begin(aLaunch({ runId: run.runId }));
      expect(await found('execution.launch', run.runId, after(HOUR))).toEqual([]);
    });

    it('not before the time at which it may be sent again', async () => {
      const run = await storedRun(stage, 'running', 'api_call');
      const again = await move(stage, run, { type: 'relaunched', notBefore: after(30 * MINUTE), why: 'busy' }, NOON);
      expect(await found('execution.launch', run.runId, after(29 * MINUTE))).toEqual([]);
      expect(await found('execution.launch', run.runId, after(31 * MINUTE))).toEqual([{ run_id: run.runId, attempt: 2, version: again.version }]);
    });

    it.each(['paused', 'cancelled', 'awaiting_human'] as const)('for none that is %s', async (status) => {
      const { runId } = await storedRun(stage, status, 'api_call');
      expect(await found('execution.launch', runId, after(HOUR))).toEqual([]);
    });
  });

  it('execution.follow for a launch that should have been looked at', async () => {
    const run = await storedRun(stage, 'running', 'api_call');
    const launch = aLaunch({ runId: run.runId, nextCheckAt: after(MINUTE) });
    await stage.launches.begin(launch);
    expect(await found('execution.follow', launch.launchId, after(MINUTE + 9 * SECOND))).toEqual([]);
    expect(await found('execution.follow', launch.launchId, after(MINUTE + 11 * SECOND))).toEqual([{ launch_id: launch.launchId, check: 0 }]);
    await stage.launches.scheduleCheck(launch.launchId, after(2 * HOUR));
    expect(await found('execution.follow', launch.launchId, after(HOUR))).toEqual([]);
    await stage.launches.change(launch.launchId, { status: 'stopped', nextCheckAt: null, outcome: { kind: 'stopped', billed: false, detail: '' } }, []);
    expect(await found('execution.follow', launch.launchId, after(5 * HOUR))).toEqual([]);
  });

  it('run.commanded for a command that nobody acted on', async () => {
    const { runId } = await insertRun(stage);
    const [open, refused] = [aCommand({ runId }), aCommand({ runId })];
    for (const command of [open, refused]) await stage.commands.request(command, []);
    await stage.commands.refuse(refused.commandId, 'no');
    expect(await found('run.commanded', runId, after(9 * SECOND))).toEqual([]);
    expect(await found('run.commanded', runId, after(11 * SECOND))).toEqual([{ run_id: runId, command_id: open.commandId }]);
  });

  describe('approval.expire', () => {
    it('for a pending approval whose time is over', async () => {
      const run = await storedRun(stage, 'running', 'payload_review');
      const approval = anApproval({ runId: run.runId });
      await move(stage, run, { type: 'asked', approval });
      expect(await found('approval.expire', approval.approvalId, after(HOUR))).toEqual([]);
      expect(await found('approval.expire', approval.approvalId, after(HOUR + 2 * SECOND))).toEqual([{ run_id: run.runId, approval_id: approval.approvalId, extension: 0 }]);
      await stage.approvals.extend(approval, after(2 * HOUR), false);
      expect(await found('approval.expire', approval.approvalId, after(HOUR + 2 * SECOND))).toEqual([]);
      expect(await found('approval.expire', approval.approvalId, after(3 * HOUR))).toMatchObject([{ extension: 1 }]);
      await stage.approvals.expire(approval.approvalId, after(3 * HOUR), []);
      expect(await found('approval.expire', approval.approvalId, after(4 * HOUR))).toEqual([]);
    });

    it('not while the run that asks is paused: nobody may end that wait, and it must not crowd out others', async () => {
      const run = await storedRun(stage, 'running', 'payload_review');
      const [approval, browser] = [anApproval({ runId: run.runId }), anApproval({ runId: run.runId, checkpoint: 'browser_action', requestId: 'r' })];
      const waiting = await move(stage, run, { type: 'asked', approval });
      await stage.approvals.open(browser, []);
      const paused = await move(stage, waiting, 'paused');
      expect(await found('approval.expire', approval.approvalId, after(2 * HOUR))).toEqual([]);
      expect(await found('approval.expire', browser.approvalId, after(2 * HOUR))).toHaveLength(1);
      await move(stage, paused, 'resumed');
      expect(await found('approval.expire', approval.approvalId, after(2 * HOUR))).toHaveLength(1);
    });
  });

  describe('notice.tell', () => {
    it('for a notice that is to be tried again', async () => {
      const run = await storedRun(stage, 'completed', 'response_review');
      await new PostgresNoticeStore(stage.pool).advance(run.runId, 'webhook', async () => ({ seq: 2, nextTryAt: after(2 * HOUR) }));
      expect(await found('notice.tell', run.runId, after(2 * HOUR))).toEqual([]);
      expect(await found('notice.tell', run.runId, after(2 * HOUR + SECOND))).toEqual([{ run_id: run.runId, seq: run.version }]);
      await new PostgresNoticeStore(stage.pool).advance(run.runId, 'webhook', async () => ({ seq: run.version, nextTryAt: null }));
      expect(await found('notice.tell', run.runId, after(3 * HOUR))).toEqual([]);
    });

    it('not for a channel that was taken out of the configuration', async () => {
      const run = await storedRun(stage, 'completed', 'response_review');
      const notices = new PostgresNoticeStore(stage.pool);
      await notices.advance(run.runId, 'pager', async () => ({ seq: 2, nextTryAt: after(2 * HOUR) }));
      await notices.keepOnly(['socket', 'pager']);
      expect(await found('notice.tell', run.runId, after(3 * HOUR))).toHaveLength(1);
      await notices.keepOnly(['socket', 'webhook']);
      expect(await found('notice.tell', run.runId, after(3 * HOUR))).toEqual([]);
    });

    it('for what one channel was told and another was not', async () => {
      const run = await storedRun(stage, 'completed', 'response_review');
      const notices = new PostgresNoticeStore(stage.pool);
      await notices.advance(run.runId, 'socket', async () => ({ seq: run.version, nextTryAt: null }));
      await notices.advance(run.runId, 'webhook', async () => ({ seq: 1, nextTryAt: null }));
      expect(await found('notice.tell', run.runId, after(MINUTE))).toEqual([{ run_id: run.runId, seq: run.version }]);
    });

    it('for history that was never told, while it is fresh', async () => {
      const run = await storedRun(stage, 'completed', 'response_review');
      const isFound = async (ms: number) => (await found('notice.tell', run.runId, after(ms))).length === 1;
      expect([await isFound(9 * SECOND), await isFound(11 * SECOND), await isFound(9 * MINUTE), await isFound(11 * MINUTE)]).toEqual([false, true, true, false]);
      await new PostgresNoticeStore(stage.pool).advance(run.runId, 'socket', async () => ({ seq: run.version - 1, nextTryAt: null }));
      expect(await isFound(MINUTE)).toBe(true);
      await new PostgresNoticeStore(stage.pool).advance(run.runId, 'socket', async () => ({ seq: run.version, nextTryAt: null }));
      expect(await isFound(MINUTE)).toBe(false);
    });
  });

  it('model.ask for a question that nobody answered or waits for any more', async () => {
    const run = await storedRun(stage, 'running', 'payload_review');
    const approval = anApproval({ runId: run.runId });
    await move(stage, run, { type: 'asked', approval });
    const calls = new PostgresModelCalls(stage.pool);
    const call = { callId: testId(), runId: run.runId, approvalId: approval.approvalId, purpose: 'reading' as const, words: 'wider', askedAt: NOON, until: after(MINUTE) };
    await calls.request(call, []);
    expect(await found('model.ask', call.callId, after(MINUTE + 9 * SECOND))).toEqual([]);
    expect(await found('model.ask', call.callId, after(MINUTE + 11 * SECOND))).toEqual([{ call_id: call.callId }]);
    await calls.end(call.callId, { outcome: 'too_late', answer: null, tokens: null, at: after(2 * MINUTE) }, []);
    expect(await found('model.ask', call.callId, after(HOUR))).toEqual([]);
  });

  it('approval.noted for each question of a browser agent whose line is missing, while its run goes on', async () => {
    const run = await storedRun(stage, 'running', 'api_call');
    const asked = anApproval({ runId: run.runId, checkpoint: 'browser_action', requestedAt: NOON });
    await stage.approvals.open(asked, []);
    const facts = async (now: string) => (await found('approval.noted', asked.approvalId, now)).map(({ fact }) => fact);
    expect(await facts(after(9 * SECOND))).toEqual([]);
    expect(await facts(after(11 * SECOND))).toEqual(['browser_asked']);
    const note = { fact: 'browser_asked', approvalId: asked.approvalId, actor: 'agent', message: 'A browser agent asks', metadata: {} };
    const noted = await move(stage, run, { type: 'noted', note });
    expect(await facts(after(11 * SECOND))).toEqual([]);
    await stage.approvals.record(asked.approvalId, 'approved', aDecision({ at: after(MINUTE) }), []);
    expect(await facts(after(2 * MINUTE))).toEqual(['browser_decided']);
    await move(stage, noted, 'cancelled');
    expect(await facts(after(2 * MINUTE))).toEqual([]);
  });

  it('gives at most so many of each kind', async () => {
    const bells = await overdue.bells(after(11 * SECOND), 2);
    expect(bells.length).toBeGreaterThan(0);
    expect(bells.length).toBeLessThanOrEqual(2 * SWEEPS.length);
  });

  it('finds nothing that the doorbell would not be allowed to move', async () => {
    const run = await storedRun(stage, 'awaiting_human', 'payload_review');
    expect(allowed(run, 'approved').run.status).toBe('running');
    expect((await overdue.bells(after(11 * SECOND), 10_000)).filter(({ data }) => data.run_id === run.runId && data.seq === undefined)).toEqual([]);
  });
});
