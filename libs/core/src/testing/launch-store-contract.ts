/// <reference types="jest" />
/*
 * What this is: the promises of a LaunchStore, run on every adapter.
 * Invariant it tests: one launch per run and attempt, and none for a run that no longer stands at it (7).
 */
import type { Launch, LaunchOutcome } from '../launch/launch';
import type { LaunchChange } from '../ports/launch-store';
import type { Run } from '../run/run';
import { STATUSES, STEPS } from '../run/words';
import { aLaunch, anOutput, NOON, testId } from './factories';
import { aBell, LATER, move, storedRun, allowed, type StoreStage } from './store-stage';

const RACERS = 20;
const OUTCOMES: LaunchOutcome[] = [
  { kind: 'succeeded', output: anOutput(), metrics: { computeSeconds: 1.5, totalSeconds: 2 }, cost: { amount: 0.1, currency: 'USD', basis: 'x' } },
  { kind: 'failed', reason: 'model_error', message: 'm', detail: 'd', metrics: null, cost: null },
  { kind: 'refused', refusal: { reason: 'throttled', message: 'm', detail: 'd', retryAfterMs: 1, fields: [] } },
  { kind: 'stopped', billed: true, detail: 'd' },
  { kind: 'unknown', detail: 'd', jobIds: ['j'] },
  { kind: 'consent_mismatch', detail: 'd' },
  { kind: 'consent_stale', changes: [{ what: 'file', field: 'image', before: 'a', after: null }] },
];

export function launchStoreContract(stage: () => StoreStage): void {
  const calling = () => storedRun(stage(), 'running', 'api_call');
  const launchOf = (run: Run, over: Partial<Launch> = {}) => aLaunch({ runId: run.runId, attempt: run.attempt, ...over });
  async function begun(over: Partial<Launch> = {}): Promise<Launch> {
    const launch = launchOf(await calling(), over);
    expect(await stage().launches.begin(launch)).toEqual({ kind: 'begun', launch });
    return launch;
  }
  const change = (launch: Launch, over: Partial<LaunchChange>, bells = [aBell()]) =>
    stage().launches.change(launch.launchId, { status: 'launched', nextCheckAt: LATER, ...over }, bells);

  describe('begin', () => {
    it('keeps the launch before anything is sent', async () => {
      const launch = await begun();
      expect(await stage().launches.find(launch.launchId)).toEqual(launch);
      expect(await stage().launches.ofAttempt(launch.runId, 1)).toEqual(launch);
      expect(await stage().launches.ofAttempt(launch.runId, 2)).toBeNull();
      expect(await stage().launches.find(testId())).toBeNull();
    });

    it('of many who try at once lets one launch (invariant 7)', async () => {
      const run = await calling();
      const answers = await Promise.all(Array.from({ length: RACERS }, () => stage().launches.begin(launchOf(run))));
      expect(answers.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
      expect(answers.filter(({ kind }) => kind === 'existing')).toHaveLength(RACERS - 1);
      expect(new Set(answers.map((answer) => (answer.kind === 'not_wanted' ? null : answer.launch.launchId))).size).toBe(1);
      expect(await stage().launches.ofRun(run.runId)).toHaveLength(1);
    });

    it('again gives the first launch back, also when the run has moved on', async () => {
      const run = await calling();
      const launch = launchOf(run);
      await stage().launches.begin(launch);
      expect(await stage().launches.begin({ ...launch, launchId: testId() })).toEqual({ kind: 'existing', launch });
      await move(stage(), run, 'paused');
      expect(await stage().launches.begin({ ...launch, launchId: testId() })).toEqual({ kind: 'existing', launch });
    });

    it('is not wanted for a run that does not stand at this launch', async () => {
      for (const status of STATUSES) for (const step of STEPS.slice(1, 5)) {
        if (status === 'running' && step === 'api_call') continue;
        if (status === 'completed' && step !== 'response_review') continue;
        const run = await storedRun(stage(), status, step);
        expect([status, step, await stage().launches.begin(launchOf(run, { attempt: Math.max(run.attempt, 1) }))]).toEqual([status, step, { kind: 'not_wanted' }]);
      }
    });

    it('is not wanted for another attempt, nor for a run that is not there', async () => {
      const run = await calling();
      expect(await stage().launches.begin(launchOf(run, { attempt: 2 }))).toEqual({ kind: 'not_wanted' });
      const again = await move(stage(), run, 'relaunched');
      expect(await stage().launches.begin(launchOf(again, { attempt: 1 }))).toEqual({ kind: 'not_wanted' });
      expect(await stage().launches.begin(aLaunch())).toEqual({ kind: 'not_wanted' });
    });

    it('keeps a launch that was never sent, with its doorbell, and only where it could have been sent', async () => {
      const outcome = { kind: 'consent_stale' as const, changes: [] };
      const never = (run: Run): Launch => launchOf(run, { status: 'consent_stale', outcome, finishedAt: LATER, nextCheckAt: null });
      const run = await calling();
      const answer = await stage().launches.refuse(never(run), [aBell()]);
      expect(answer).toMatchObject({ kind: 'begun', launch: { status: 'consent_stale', outcome, nextCheckAt: null }, bells: [{ job: 'run.advance' }] });
      expect(await stage().launches.begin(launchOf(run))).toMatchObject({ kind: 'existing', launch: { status: 'consent_stale' } });
      expect(await stage().launches.refuse(never(run), [aBell()])).toMatchObject({ kind: 'existing', bells: [] });
      const paused = await move(stage(), await calling(), 'paused');
      expect(await stage().launches.refuse(never(paused), [aBell()])).toEqual({ kind: 'not_wanted', bells: [] });
      expect(await stage().launches.ofRun(paused.runId)).toEqual([]);
    });

    it('takes owner and tenant from the run, not from who asks', async () => {
      const run = await calling();
      await stage().launches.begin(launchOf(run, { tenantId: 'forged' }));
      expect((await stage().launches.ofRun(run.runId))[0]?.tenantId).toBe('default');
    });

    it('and a pause at the same moment: a launch only if it came first', async () => {
      for (let round = 0; round < RACERS; round += 1) {
        const run = await calling();
        const begin = () => stage().launches.begin(launchOf(run));
        const pause = () => stage().runs.commit(allowed(run, 'paused'), [], []);
        const [answer] = round % 2 === 0 ? await Promise.all([begin(), pause()]) : (await Promise.all([pause(), begin()])).reverse();
        const launches = await stage().launches.ofRun(run.runId);
        expect(launches).toHaveLength((answer as { kind: string }).kind === 'begun' ? 1 : 0);
        expect(await stage().runs.find(run.runId)).toMatchObject({ status: 'paused' });
      }
    });
  });

  describe('change', () => {
    it('moves a launch on and rings', async () => {
      const launch = await begun();
      const bells = [aBell(), aBell({ notBefore: LATER })];
      const jobId = `job-${launch.launchId}`;
      const answer = await change(launch, { jobId, launchedAt: NOON, nextCheckAt: LATER }, bells);
      expect(answer).toEqual({ ok: true, bells: bells.map((bell) => ({ ...bell, id: expect.any(String) })) });
      expect(await stage().launches.find(launch.launchId)).toEqual({ ...launch, status: 'launched', jobId, launchedAt: NOON, nextCheckAt: LATER });
    });

    it('keeps what is not mentioned', async () => {
      const launch = await begun();
      await change(launch, { jobId: `job-${launch.launchId}`, launchedAt: NOON });
      await change(launch, { status: 'unclear', nextCheckAt: null });
      expect(await stage().launches.find(launch.launchId)).toMatchObject({ status: 'unclear', jobId: `job-${launch.launchId}`, launchedAt: NOON, nextCheckAt: null });
    });

    it.each(OUTCOMES.map((outcome) => [outcome.kind, outcome] as const))('to %s is for good', async (_kind, outcome) => {
      const launch = await begun();
      expect(await change(launch, { status: outcome.kind, outcome, finishedAt: LATER, nextCheckAt: null })).toMatchObject({ ok: true });
      const ended = await stage().launches.find(launch.launchId);
      expect(ended).toMatchObject({ status: outcome.kind, outcome, finishedAt: LATER, nextCheckAt: null });
      for (const status of ['submitting', 'unclear', 'launched', 'succeeded'] as const) {
        expect(await change(launch, { status, outcome: OUTCOMES[0], jobId: 'other' })).toEqual({ ok: false, reason: 'ended' });
      }
      await stage().launches.noteProgress(launch.launchId, { percent: 10, message: null });
      await stage().launches.scheduleCheck(launch.launchId, LATER);
      expect(await stage().launches.find(launch.launchId)).toEqual(ended);
    });

    it('of racing ends keeps one', async () => {
      const launch = await begun();
      const job = `end-${launch.launchId}`;
      const answers = await Promise.all(OUTCOMES.map((outcome) => change(launch, { status: outcome.kind, outcome, nextCheckAt: null }, [aBell({ job })])));
      expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
      expect((await stage().outbox.unrung(-60_000, 10_000)).filter((bell) => bell.job === job)).toHaveLength(1);
    });

    it('refuses a job that another launch of the provider owns; another provider may count alike', async () => {
      const first = await begun();
      const jobId = `job-${first.launchId}`;
      await change(first, { jobId });
      const second = await begun();
      const bell = aBell({ job: `claimed-${second.launchId}` });
      expect(await change(second, { jobId }, [bell])).toEqual({ ok: false, reason: 'job_claimed' });
      expect(await stage().launches.find(second.launchId)).toEqual(second);
      expect((await stage().outbox.unrung(-60_000, 10_000)).filter(({ job }) => job === bell.job)).toEqual([]);
      expect(await change(first, { jobId })).toMatchObject({ ok: true });
      expect(await change(await begun({ provider: 'local' }), { jobId })).toMatchObject({ ok: true });
    });

    it('of an unknown launch is refused', async () => {
      expect(await change(aLaunch(), {})).toEqual({ ok: false, reason: 'ended' });
    });

    it('keeps words that a provider broke', async () => {
      const launch = await begun();
      await stage().launches.noteProgress(launch.launchId, { percent: null, message: 'half \ud83d', textSoFar: 'nul \0' });
      expect(await stage().launches.find(launch.launchId)).toMatchObject({ progress: { message: 'half \ufffd', textSoFar: 'nul \ufffd' } });
      await change(launch, { status: 'stopped', outcome: { kind: 'stopped', billed: false, detail: 'a\0b \\u0000 \ude00' }, nextCheckAt: null });
      expect(await stage().launches.find(launch.launchId)).toMatchObject({ outcome: { detail: 'a\ufffdb \\u0000 \ufffd' } });
    });
  });

  it('counts its looks', async () => {
    const launch = await begun();
    for (const at of [NOON, LATER]) await stage().launches.scheduleCheck(launch.launchId, at);
    expect(await stage().launches.find(launch.launchId)).toMatchObject({ checks: 2, nextCheckAt: LATER });
  });

  it('notes the first call-back\'s job and rings for each', async () => {
    const launch = await begun();
    expect((await stage().launches.noteCallback(launch.launchId, 'j1', [aBell()])).bells).toHaveLength(1);
    expect((await stage().launches.noteCallback(launch.launchId, 'j2', [aBell()])).bells).toHaveLength(1);
    expect(await stage().launches.find(launch.launchId)).toMatchObject({ callbackJobId: 'j1', jobId: null, status: 'submitting' });
    expect(await stage().launches.noteCallback(testId(), 'j', [aBell()])).toEqual({ bells: [] });
  });

  it('lists the launches of a run by attempt', async () => {
    const run = await calling();
    await stage().launches.begin(launchOf(run));
    const again = await move(stage(), run, 'relaunched');
    await stage().launches.begin(launchOf(again));
    expect((await stage().launches.ofRun(run.runId)).map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('knows which jobs are claimed since when, by provider', async () => {
    const provider = `p-${testId()}`;
    const early = await begun({ provider, submittedAt: '2026-11-22T11:00:00.000Z' });
    const late = await begun({ provider });
    await begun({ provider });
    for (const launch of [early, late]) await change(launch, { jobId: `job-${launch.launchId}` });
    expect(await stage().launches.claimedJobIds(provider, NOON)).toEqual([`job-${late.launchId}`]);
    expect(await stage().launches.claimedJobIds('nobody', NOON)).toEqual([]);
  });
}
