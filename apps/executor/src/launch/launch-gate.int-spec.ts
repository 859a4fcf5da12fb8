import { payloadHash, type Payload } from '@countersign/core';
import { aPayload, aPreparation } from '@countersign/core/testing';
import fc from 'fast-check';
import { approvedRun, tamper, type Approved } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

/** Each is a dozen statements on a database that others use too. */
const MUTATIONS = 60;

describe('what was approved is what runs', () => {
  let stage: ExecutorStage;
  beforeAll(async () => {
    stage = await executorStage();
  });
  afterAll(() => stage.close());
  beforeEach(() => stage.provider.reset());

  async function sendsNothing(runId: string, why: RegExp): Promise<void> {
    await stage.launchOnce.launch(runId, 1);
    expect(stage.provider.launched).toEqual([]);
    const launch = await stage.launchOf(runId);
    expect(launch.status).toBe('consent_mismatch');
    expect(launch.outcome).toEqual({ kind: 'consent_mismatch', detail: expect.stringMatching(why) });
    expect(launch.nextCheckAt).toBeNull();
    expect(await stage.rungFor(launch.launchId)).toEqual([{ job: 'run.executed', data: { run_id: runId, launch_id: launch.launchId } }]);
  }

  const changed: [string, (payload: Payload) => Payload][] = [
    ['input', (payload) => ({ ...payload, input: { ...payload.input, prompt: 'a red foy' } })],
    ['input, by a blank', (payload) => ({ ...payload, input: { ...payload.input, prompt: 'a red fox ' } })],
    ['input, by a number that reads like the text', (payload) => ({ ...payload, input: { ...payload.input, seed: 1 } })],
    ['model', (payload) => ({ ...payload, model: 'scripted/echp' })],
    ['version', (payload) => ({ ...payload, version: '2' })],
    ['provider', (payload) => ({ ...payload, provider: 'scriptee' })],
  ];
  it.each(changed)('makes no call when one byte of the %s changed after the approval', async (_what, change) => {
    const run = await approvedRun(stage, { payload: aPayload({ input: { prompt: 'a red fox', seed: '1' } }), decision: {} });
    const payload = change(run.preparation?.payload ?? aPayload());
    await tamper(stage, run.runId, 'preparation', { ...run.preparation, payload, payloadHash: payloadHash(payload, stage.sha256) });
    await sendsNothing(run.runId, /consent is for [0-9a-f]{64}, the payload is [0-9a-f]{64}/);
  });

  const refusals: [string, Approved, RegExp][] = [
    ['nobody consented', { consent: null }, /nobody gave consent/],
    ['consent is for another payload', { consent: { payloadHash: 'f'.repeat(64) } }, /consent is for f{64}/],
    ['the approval behind it said no', { decision: { action: 'reject', reason: 'no' } }, /does not say yes/],
    ['there is no such approval', { consent: { approvalId: '019e0000-0000-7000-8000-ffffffffffff' } }, /does not say yes/],
    ['the decision made another payload', { decision: { preparation: aPreparation({ payloadHash: 'e'.repeat(64) }) } }, /the approval is for e{64}/],
  ];
  it.each(refusals)('makes no call when %s', async (_what, approved, why) => {
    const run = await approvedRun(stage, approved);
    await sendsNothing(run.runId, why);
  });

  it('makes no call on an approval that was never answered', async () => {
    const run = await approvedRun(stage, { decision: {} });
    await stage.query(`UPDATE hitl_approvals SET status = 'pending', decision = NULL, decided_at = NULL WHERE run_id = $1`, [run.runId]);
    await sendsNothing(run.runId, /does not say yes/);
  });

  it('makes no call on the approval of another run, although the payload is the same', async () => {
    const other = await approvedRun(stage, { decision: {} });
    const run = await approvedRun(stage, { consent: { approvalId: other.consent?.approvalId ?? null } });
    await sendsNothing(run.runId, /does not say yes/);
  });

  it('sends exactly the approved payload, whoever approved it', async () => {
    for (const approved of [{}, { decision: {} }, { decision: { action: 'edit' } }] as Approved[]) {
      stage.provider.reset();
      const run = await approvedRun(stage, approved);
      await stage.launchOnce.launch(run.runId, 1);
      expect(stage.provider.launched.map(({ payload }) => payload)).toEqual([run.preparation?.payload]);
      expect((await stage.launchOf(run.runId)).payloadHash).toBe(run.consent?.payloadHash);
    }
  });

  it('makes no call whatever was changed anywhere in the payload, and one call when nothing was (invariant 6)', async () => {
    const word = fc.string({ maxLength: 8 });
    const leaf = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
    const input = fc.dictionary(word.filter((key) => key !== '__proto__'), fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })), { maxKeys: 4 });
    const payloads = fc.record({ provider: fc.constant('scripted'), model: fc.constantFrom('scripted/echo', 'scripted/job'), version: word, input });
    await fc.assert(fc.asyncProperty(payloads, payloads, async (approved, sent) => {
      stage.provider.reset();
      const run = await approvedRun(stage, { payload: approved });
      await tamper(stage, run.runId, 'preparation', { ...run.preparation, payload: sent });
      await stage.launchOnce.launch(run.runId, 1);
      const same = payloadHash(approved, stage.sha256) === payloadHash(sent, stage.sha256);
      expect(stage.provider.launched).toHaveLength(same ? 1 : 0);
      expect((await stage.launchOf(run.runId)).status === 'consent_mismatch').toBe(!same);
    }), { numRuns: MUTATIONS });
  });
});
