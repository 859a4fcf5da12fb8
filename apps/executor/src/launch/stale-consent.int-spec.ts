import { addMs, type ConsentChange, type ReviewedFile, type Run } from '@countersign/core';
import { aLaunch, aPayload, move } from '@countersign/core/testing';
import { ScriptedProvider } from '@countersign/providers';
import { startHttp, type HttpServer } from '@countersign/testing';
import { createHash } from 'node:crypto';
import { approvedRun, type Approved } from '../testing/approved-run';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('an approval is good for a limited time, and for what was looked at', () => {
  let stage: ExecutorStage;
  let web: HttpServer;
  let content: string | null = 'a picture';
  beforeAll(async () => {
    web = await startHttp(() => (content === null ? { status: 404 } : { body: content }));
    stage = await executorStage({ FETCH_ALLOW_HOSTS: new URL(web.url).host });
  });
  afterAll(async () => {
    await stage.close();
    await web.close();
  });
  beforeEach(() => {
    content = 'a picture';
    web.requests.length = 0;
    stage.provider.reset();
  });

  const file = (over: Partial<ReviewedFile> = {}): ReviewedFile => ({ field: 'reference', url: `${web.url}/cat.png`, sha256: sha256('a picture'), ...over });
  const withFile = (over: Approved = {}): Approved => ({ payload: aPayload({ input: { prompt: 'a red fox', reference: `${web.url}/cat.png` } }), decision: {}, files: [file()], ...over });

  async function asksAgain(run: Run, changes: ConsentChange[]): Promise<void> {
    await stage.launchOnce.launch(run.runId, 1);
    expect(stage.provider.launched).toEqual([]);
    const launch = await stage.launchOf(run.runId);
    expect(launch).toMatchObject({ status: 'consent_stale', outcome: { kind: 'consent_stale', changes }, nextCheckAt: null, jobId: null });
    expect(await stage.rungFor(launch.launchId)).toEqual([{ job: 'run.executed', data: { run_id: run.runId, launch_id: launch.launchId } }]);
  }
  async function launches(run: Run): Promise<void> {
    await stage.launchOnce.launch(run.runId, 1);
    expect(stage.provider.launched).toHaveLength(1);
  }

  it('launches within its time, and asks again after it', async () => {
    const run = await approvedRun(stage, { decision: {}, config: { executeWithinSeconds: 60 } });
    const late = await approvedRun(stage, { decision: {}, config: { executeWithinSeconds: 60 } });
    stage.clock.skip(60_000);
    await launches(run);
    stage.provider.reset();
    stage.clock.skip(1_000);
    await asksAgain(late, [{ what: 'time', before: 60, after: 61 }]);
  });

  it('asks again when the clock was set back behind the approval', async () => {
    const run = await approvedRun(stage, { decision: {} });
    stage.clock.skip(-3_600_000);
    await asksAgain(run, [{ what: 'time', before: 900, after: -3_600 }]);
    stage.clock.skip(3_600_000);
  });

  it('asks again after a pause that was too long, and after a pause that the provider asked for', async () => {
    const paused = await approvedRun(stage, { decision: {} });
    const held = await move(stage, paused, 'paused', stage.clock.now());
    const busy = await approvedRun(stage, { decision: {} });
    const again = await move(stage, busy, { type: 'relaunched', notBefore: stage.clock.now(), why: 'busy' }, stage.clock.now());
    stage.clock.skip(901_000);
    await move(stage, held, 'resumed', stage.clock.now());
    await asksAgain(paused, [{ what: 'time', before: 900, after: 901 }]);
    await stage.launchOnce.launch(again.runId, 2);
    expect(await stage.launchOf(again.runId, 2)).toMatchObject({ status: 'consent_stale' });
  });

  it('does not age a policy\'s consent, and reads no file for it', async () => {
    const run = await approvedRun(stage, { ...withFile(), decision: undefined, files: undefined });
    stage.clock.skip(10 * 3_600_000);
    stage.provider.reset({ launch: () => Promise.resolve({ kind: 'unclear', detail: 'reads no file either' }) });
    await launches(run);
    expect(web.requests).toEqual([]);
  });

  it('asks again when the newest version is another one, but not a run that named its version', async () => {
    const form = await new ScriptedProvider().form({ model: 'scripted/echo', version: null });
    if (!form.ok) throw new Error(form.detail);
    const newest = { ok: true as const, form: { ...form.form, version: '2' } };
    stage.clock.skip(3_600_000); // what is known of the model is no longer fresh
    stage.provider.reset({ form: () => Promise.resolve(newest) });
    await asksAgain(await approvedRun(stage, { decision: {} }), [{ what: 'version', before: '1', after: '2' }]);
    expect(await stage.forms.find('scripted', 'scripted/echo', null)).toMatchObject({ form: { version: '2' }, fetchedAt: stage.clock.now() });
    const pinned = await approvedRun(stage, { decision: {} });
    await stage.query(`UPDATE hitl_runs SET model_version = '1' WHERE run_id = $1`, [pinned.runId]);
    await launches(pinned);
    await stage.forms.save({ provider: 'scripted', model: 'scripted/echo', requestedVersion: null, form: form.form, problem: null, fetchedAt: stage.clock.now() });
  });

  it('takes what is known of the model where its provider is away', async () => {
    stage.provider.reset({ form: () => Promise.resolve({ ok: false, reason: 'unavailable', detail: 'away' }) });
    await launches(await approvedRun(stage, { decision: {} }));
  });

  it('asks again when the estimate is another one', async () => {
    const run = await approvedRun(stage, { decision: {} });
    stage.provider.reset({}, {});
    jest.spyOn(stage.provider, 'estimate').mockReturnValueOnce({ amount: 0.5, currency: 'USD', basis: 'dearer' });
    await asksAgain(run, [{ what: 'price', before: 0, after: 0.5 }]);
  });

  it('launches with the file that was looked at', () => approvedRun(stage, withFile()).then(launches));

  it('asks again when the address gives another file, or none', async () => {
    const [changed, gone] = [await approvedRun(stage, withFile()), await approvedRun(stage, withFile())];
    content = 'another picture';
    await asksAgain(changed, [{ what: 'file', field: 'reference', before: sha256('a picture'), after: sha256('another picture') }]);
    content = null;
    await asksAgain(gone, [{ what: 'file', field: 'reference', before: sha256('a picture'), after: null }]);
  });

  it('launches when nobody could read the file at the review, and nobody can now', async () => {
    content = null;
    await launches(await approvedRun(stage, withFile({ files: [file({ sha256: null, why: 'gone' })] })));
  });

  it('reads no file for a run that has none, nor before what is cheaper', async () => {
    await launches(await approvedRun(stage, { decision: {} }));
    const late = await approvedRun(stage, withFile());
    stage.clock.skip(3_600_000);
    await stage.launchOnce.launch(late.runId, 1);
    expect(web.requests).toEqual([]);
  });

  it('is answered once, however often it is rung for, and never for a run that is paused', async () => {
    const run = await approvedRun(stage, { decision: {} });
    const paused = await move(stage, await approvedRun(stage, { decision: {} }), 'paused', stage.clock.now());
    stage.clock.skip(1_000_000);
    await Promise.all([1, 2, 3].map(() => stage.launchOnce.launch(run.runId, 1)));
    expect(await stage.launches.ofRun(run.runId)).toMatchObject([{ status: 'consent_stale' }]);
    await stage.launchOnce.launch(paused.runId, 1);
    expect(await stage.launches.ofRun(paused.runId)).toEqual([]);
    expect(stage.provider.launched).toEqual([]);
  });

  it('is not sent again under its key once it is too old: what was sent is looked for', async () => {
    stage.provider.reset({ reconcile: () => Promise.resolve({ kind: 'not_found' }) }, { idempotency: 'key' });
    const run = await approvedRun(stage, { decision: {} });
    const now = stage.clock.now();
    const begun = await stage.launches.begin(aLaunch({ runId: run.runId, submittedAt: now, nextCheckAt: addMs(now, 1_000) }));
    stage.clock.skip(1_000_000);
    if (begun.kind === 'begun') await stage.look.look(begun.launch);
    expect(stage.provider.launched).toEqual([]);
    expect(await stage.launchOf(run.runId)).toMatchObject({ status: 'unclear' });
  });
});
