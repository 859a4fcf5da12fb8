/// <reference types="jest" />
/*
 * What this is: the promises of an ApprovalStore, run on every adapter.
 * Invariant it tests: one answer per approval, whoever races (5).
 */
import type { Approval, Decision } from '../approval/approval';
import type { RecordAnswer } from '../ports/approval-store';
import { aDecision, anApproval, testId } from './factories';
import { aBell, insertRun, type StoreStage } from './store-stage';

const RACERS = 50;
const IN_TIME = '2026-11-22T12:59:59.999Z';
const END = '2026-11-22T13:00:00.000Z';

export function approvalStoreContract(stage: () => StoreStage): void {
  const rung = async (job: string) => (await stage().outbox.unrung(-60_000, 10_000)).filter((bell) => bell.job === job).map(({ data }) => data);
  const record = (approval: Approval, over: Partial<Decision> = {}, bells = [aBell()]) =>
    stage().approvals.record(approval.approvalId, 'approved', aDecision(over), bells);

  async function opened(over: Partial<Approval> = {}): Promise<Approval> {
    const { runId } = await insertRun(stage());
    const approval = anApproval({ runId, ...over });
    await stage().approvals.open(approval, []);
    return approval;
  }

  it('keeps an approval exactly as it was opened', async () => {
    const approval = await opened({ context: { a: [1, { b: null }] }, schema: { properties: { x: {} } }, requestId: 'r', userId: null, sessionId: null, payload: null, payloadHash: null });
    expect(await stage().approvals.find(approval.approvalId)).toEqual(approval);
    expect(await stage().approvals.find(testId())).toBeNull();
  });

  it('lists the approvals of a run, oldest first', async () => {
    const first = await opened();
    const second = anApproval({ runId: first.runId, requestedAt: '2026-11-22T12:30:00.000Z' });
    await stage().approvals.open(second, []);
    await opened();
    expect((await stage().approvals.ofRun(first.runId)).map(({ approvalId }) => approvalId)).toEqual([first.approvalId, second.approvalId]);
  });

  describe('record', () => {
    it('keeps the decision and rings', async () => {
      const approval = await opened();
      const decision = aDecision({ edits: { size: 2 }, reason: 'because', message: 'm', via: 'socket' });
      const bells = [aBell(), aBell()];
      const answer = await stage().approvals.record(approval.approvalId, 'edited', decision, bells);
      const decided = { ...approval, status: 'edited', decision };
      expect(answer).toEqual({ ok: true, approval: decided, bells: bells.map((bell) => ({ ...bell, id: expect.any(String) })) });
      expect(await stage().approvals.find(approval.approvalId)).toEqual(decided);
    });

    it('has one winner of many who answer at once; the others are shown the winner (invariant 5)', async () => {
      const approval = await opened();
      const job = `race-${approval.approvalId}`;
      const answers = await Promise.all(
        Array.from({ length: RACERS }, (_, n) => record(approval, { by: `human:racer-${n}` }, [aBell({ job, data: { racer: n } })])),
      );
      const winners = answers.filter((answer) => answer.ok);
      expect(winners).toHaveLength(1);
      const winner = winners[0]?.approval;
      for (const answer of answers) expect(answer.approval?.decision).toEqual(winner?.decision);
      expect((await rung(job)).map(({ racer }) => `human:racer-${String(racer)}`)).toEqual([winner?.decision?.by]);
    });

    it('of a second answer changes and rings nothing', async () => {
      const approval = await opened();
      await record(approval, { by: 'human:first' });
      const late = await record(approval, { by: 'human:second' }, [aBell({ job: `late-${approval.approvalId}` })]);
      expect(late).toMatchObject({ ok: false, approval: { status: 'approved', decision: { by: 'human:first' } } });
      expect(await rung(`late-${approval.approvalId}`)).toEqual([]);
    });

    it('refuses a late answer, also when the clock has not come by yet', async () => {
      expect(await record(await opened(), { at: IN_TIME })).toMatchObject({ ok: true });
      for (const at of [END, '2026-11-23T00:00:00.000Z']) {
        expect(await record(await opened(), { at })).toMatchObject({ ok: false, approval: { status: 'pending' } });
      }
    });

    it.each([['keep_waiting', 0, true], ['keep_waiting', 5, true], ['escalate', 0, true], ['escalate', 1, false], ['approve', 0, false], ['reject', 0, false]] as const)(
      'after the end with on_timeout %s and %d extensions takes an answer: %s', async (onTimeout, extensions, ok) => {
        expect((await record(await opened({ onTimeout, extensions }), { at: END })).ok).toBe(ok);
      },
    );

    it('takes the clock\'s own answer at the end', async () => {
      expect(await record(await opened({ onTimeout: 'approve' }), { at: END, by: 'policy:on_timeout', via: 'clock' })).toMatchObject({ ok: true });
    });

    it('of an unknown approval says so', async () => {
      expect(await record(anApproval())).toEqual({ ok: false, approval: null });
    });
  });

  describe('expire', () => {
    it('ends an approval at its end, not before', async () => {
      const approval = await opened();
      expect(await stage().approvals.expire(approval.approvalId, IN_TIME, [])).toMatchObject({ ok: false, approval: { status: 'pending' } });
      expect(await stage().approvals.expire(approval.approvalId, END, [])).toMatchObject({ ok: true, approval: { status: 'expired', decision: null } });
      expect(await record(approval, { at: IN_TIME })).toMatchObject({ ok: false, approval: { status: 'expired' } });
    });

    it('and an answer race for the same single place', async () => {
      for (let round = 0; round < 20; round += 1) {
        const approval = await opened({ onTimeout: 'keep_waiting' });
        const expire = () => stage().approvals.expire(approval.approvalId, END, [aBell({ job: `over-${approval.approvalId}` })]);
        const answer = () => record(approval, { at: END }, [aBell({ job: `over-${approval.approvalId}` })]);
        const answers: RecordAnswer[] = await Promise.all(round % 2 === 0 ? [expire(), answer()] : [answer(), expire()]);
        expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
        expect(answers[0]?.approval?.status).toBe(answers[1]?.approval?.status);
        expect(await rung(`over-${approval.approvalId}`)).toHaveLength(1);
      }
    });
  });

  describe('extend', () => {
    it('moves the end, counts it, and opens the approval to everybody when told so', async () => {
      const approval = await opened({ onTimeout: 'escalate' });
      const expiresAt = '2026-11-22T14:00:00.000Z';
      expect(await stage().approvals.extend(approval, expiresAt, true)).toBe(true);
      expect(await stage().approvals.find(approval.approvalId)).toEqual({ ...approval, expiresAt, extensions: 1, userId: null });
      expect(await stage().approvals.extend({ ...approval, extensions: 1 }, '2026-11-22T15:00:00.000Z', false)).toBe(true);
      expect(await stage().approvals.find(approval.approvalId)).toMatchObject({ extensions: 2, userId: null });
    });

    it('of two clocks lets one count', async () => {
      const approval = await opened({ onTimeout: 'keep_waiting' });
      const answers = await Promise.all([1, 2].map((ms) => stage().approvals.extend(approval, `2026-11-22T14:00:00.00${ms}Z`, false)));
      expect(answers.sort()).toEqual([false, true]);
      expect(await stage().approvals.find(approval.approvalId)).toMatchObject({ extensions: 1 });
    });

    it('never shortens, and does nothing to what was answered', async () => {
      const approval = await opened();
      expect(await stage().approvals.extend(approval, IN_TIME, false)).toBe(false);
      await record(approval);
      expect(await stage().approvals.extend(approval, '2026-11-22T14:00:00.000Z', false)).toBe(false);
    });
  });

  describe('open', () => {
    it('of the same request gives the first one back, and rings once', async () => {
      const first = await opened({ requestId: 'click-1', checkpoint: 'browser_action' });
      const again = await stage().approvals.open(anApproval({ runId: first.runId, requestId: 'click-1', title: 'other' }), [aBell()]);
      expect(again).toEqual({ approval: first, created: false, bells: [] });
      await record(first);
      expect(await stage().approvals.open(anApproval({ runId: first.runId, requestId: 'click-1' }), [])).toMatchObject({ created: false, approval: { status: 'approved' } });
    });

    it('of racing equal requests makes one; other runs and requests are their own', async () => {
      const { runId } = await insertRun(stage());
      const answers = await Promise.all(Array.from({ length: 20 }, () => stage().approvals.open(anApproval({ runId, requestId: 'click-1' }), [aBell()])));
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ approval }) => approval.approvalId)).size).toBe(1);
      expect(await stage().approvals.open(anApproval({ runId, requestId: 'click-2' }), [])).toMatchObject({ created: true });
      expect(await opened({ requestId: 'click-1' })).toBeDefined();
    });
  });

  it('cancels once, only what is pending, whatever the time', async () => {
    const approval = await opened();
    expect(await stage().approvals.cancel(approval.approvalId, [aBell()])).toMatchObject({ ok: true, approval: { status: 'cancelled', decision: null }, bells: [{ id: expect.any(String) }] });
    expect(await stage().approvals.cancel(approval.approvalId, [])).toMatchObject({ ok: false, approval: { status: 'cancelled' } });
    const decided = await opened();
    await record(decided);
    expect(await stage().approvals.cancel(decided.approvalId, [])).toMatchObject({ ok: false, approval: { status: 'approved' } });
  });
}
