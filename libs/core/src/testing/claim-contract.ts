/// <reference types="jest" />
/*
 * What this is: the promises of an ApprovalStore about who is looking at an approval, run on every adapter.
 * Claims end by the wall clock, so the times here are real ones.
 */
import { CLAIM_MS, claimBy } from '../approval/claim';
import type { Approval } from '../approval/approval';
import { aDecision, anApproval, testId } from './factories';
import { insertRun, type StoreStage } from './store-stage';

const RACERS = 20;
const fromNow = (ms: number): string => new Date(Date.now() + ms).toISOString();

export function claimContract(stage: () => StoreStage): void {
  async function opened(): Promise<Approval> {
    const { runId } = await insertRun(stage());
    const approval = anApproval({ runId, requestedAt: fromNow(0), expiresAt: fromNow(3_600_000) });
    await stage().approvals.open(approval, []);
    return approval;
  }
  const claim = (approval: Approval, by: string, at = fromNow(0)) => stage().approvals.claim(approval.approvalId, claimBy(by, at));

  it('keeps who looks at it and until when, and changes nothing else', async () => {
    const approval = await opened();
    const at = fromNow(0);
    const claimed = { ...approval, claimedBy: 'ann', claimedUntil: new Date(Date.parse(at) + CLAIM_MS).toISOString() };
    expect(await claim(approval, 'ann', at)).toEqual({ ok: true, approval: claimed });
    expect(await stage().approvals.find(approval.approvalId)).toEqual(claimed);
    expect(await stage().approvals.ofRun(approval.runId)).toEqual([claimed]);
  });

  it('of many who claim at once lets one hold it; the others are told who', async () => {
    const approval = await opened();
    const answers = await Promise.all(Array.from({ length: RACERS }, (_, n) => claim(approval, `racer-${n}`)));
    const winners = answers.filter(({ ok }) => ok);
    expect(winners).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.approval?.claimedBy)).size).toBe(1);
  });

  it('lasts longer when the same person claims again', async () => {
    const approval = await opened();
    await claim(approval, 'ann', fromNow(-60_000));
    const again = fromNow(0);
    expect(await claim(approval, 'ann', again)).toMatchObject({ ok: true, approval: { claimedUntil: new Date(Date.parse(again) + CLAIM_MS).toISOString() } });
  });

  it('counts as none once it is over: nobody holds it, and the next may', async () => {
    const approval = await opened();
    await claim(approval, 'ann', fromNow(-CLAIM_MS));
    expect(await stage().approvals.find(approval.approvalId)).toMatchObject({ claimedBy: null, claimedUntil: null });
    expect(await claim(approval, 'ben')).toMatchObject({ ok: true, approval: { claimedBy: 'ben' } });
  });

  it('is released by its holder alone; releasing what nobody holds is no error', async () => {
    const approval = await opened();
    const release = (by: string) => stage().approvals.release(approval.approvalId, by, fromNow(0));
    await claim(approval, 'ann');
    expect(await release('ben')).toMatchObject({ ok: false, approval: { claimedBy: 'ann' } });
    expect(await release('ann')).toEqual({ ok: true, approval });
    expect(await release('ann')).toEqual({ ok: true, approval });
    expect(await claim(approval, 'ben')).toMatchObject({ ok: true });
  });

  it('keeps nobody from deciding, and ends with the decision', async () => {
    const approval = await opened();
    await claim(approval, 'ann');
    const decision = aDecision({ by: 'human:ben', at: fromNow(0) });
    expect(await stage().approvals.record(approval.approvalId, 'approved', decision, [])).toMatchObject({ ok: true, approval: { claimedBy: null, claimedUntil: null, decision } });
    expect(await claim(approval, 'ann')).toMatchObject({ ok: false, approval: { status: 'approved', claimedBy: null } });
    expect(await stage().approvals.release(approval.approvalId, 'ann', fromNow(0))).toMatchObject({ ok: false, approval: { status: 'approved' } });
  });

  it('of an unknown approval says so', async () => {
    expect(await stage().approvals.claim(testId(), claimBy('ann', fromNow(0)))).toEqual({ ok: false, approval: null });
    expect(await stage().approvals.release(testId(), 'ann', fromNow(0))).toEqual({ ok: false, approval: null });
  });
}
