import type { ConsentChange, Run } from '@countersign/core';
import { ScriptedProvider } from '@countersign/providers';
import { startHttp, type HttpServer } from '@countersign/testing';
import { createHash } from 'node:crypto';
import { orchestratorStage, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

describe('consent that is no longer good', () => {
  let stage: OrchestratorStage;
  let people: People;
  let web: HttpServer;
  beforeAll(async () => {
    web = await startHttp(() => ({ headers: { 'content-type': 'image/png' }, body: PNG }));
    stage = await orchestratorStage({ FETCH_ALLOW_HOSTS: new URL(web.url).host });
    people = new People(stage);
  });
  afterAll(async () => {
    await stage.close();
    await web.close();
  });

  async function asked(): Promise<Run> {
    const { runId } = await people.start({ policy: 'require_human' });
    return people.advance(runId);
  }
  async function launched(): Promise<Run> {
    const run = await asked();
    return people.decide(run.runId);
  }
  async function anHourLater(): Promise<void> {
    stage.clock.skip(3_600_000);
    await people.knowForm(); // as the executor fetches it when it is asked
  }
  const stale = (changes: ConsentChange[]) => ({ kind: 'consent_stale' as const, changes });
  const typesOf = async (runId: string): Promise<string[]> => (await stage.history(runId)).map(({ type }) => type).slice(3);

  it('is not acted on when the answer is heard too late: the same payload is shown again, with the reason alone', async () => {
    const { runId } = await asked();
    const first = await people.pending(runId);
    await people.answer(first.approvalId);
    await anHourLater();
    const run = await people.advance(runId);
    expect(run).toMatchObject({ status: 'awaiting_human', step: 'payload_review', attempt: 0, consent: null });
    const again = await people.pending(runId);
    expect(again).toMatchObject({
      checkpoint: 'payload_suggestion', payloadHash: first.payloadHash, title: 'Still run scripted/echo?',
      message: 'This was approved, and not started. The approval was good for 15 minutes and is 1 hour old.',
      context: { asked_again: { why: 'The approval was good for 15 minutes and is 1 hour old.', approved_by: 'human:ann', changes: [{ what: 'time', before: 900, after: 3_600 }] } },
    });
    expect(await people.decide(runId)).toMatchObject({ status: 'running', step: 'api_call', attempt: 1, stale: null });
    expect(await typesOf(runId)).toEqual(['asked', 'outdated', 'prepared', 'asked', 'approved']);
  });

  it('keeps what the late answer edited', async () => {
    const { runId } = await asked();
    const shown = await people.pending(runId);
    const run = await people.run(runId);
    await people.answer(shown.approvalId, { action: 'edit', edits: { prompt: 'a grey fox' }, preparation: run.preparation });
    await anHourLater();
    await people.advance(runId);
    expect((await people.pending(runId)).payload?.input.prompt).toBe('a grey fox');
  });

  it('as the executor found it is asked about again, and launches once more only after a new yes', async () => {
    const run = await launched();
    await people.launch(run.runId, stale([{ what: 'file', field: 'reference', before: 'a'.repeat(64), after: null }]));
    expect(await people.advance(run.runId)).toMatchObject({ status: 'awaiting_human', step: 'payload_review', attempt: 1 });
    expect((await people.pending(run.runId)).context.asked_again).toMatchObject({ why: 'The file for “reference” cannot be read any more.' });
    expect(await people.decide(run.runId)).toMatchObject({ status: 'running', step: 'api_call', attempt: 2 });
    expect((await stage.rung(run.runId)).filter(({ job }) => job === 'execution.launch')).toHaveLength(2);
  });

  it('for an older version shows the payload of the newer one, whatever this process remembers', async () => {
    const run = await launched();
    const answer = await new ScriptedProvider().form({ model: 'scripted/echo', version: null });
    if (!answer.ok) throw new Error(answer.detail);
    stage.clock.skip(1);
    await stage.forms.save({ provider: 'scripted', model: 'scripted/echo', requestedVersion: null, form: { ...answer.form, version: '2' }, problem: null, fetchedAt: stage.clock.now() });
    await people.launch(run.runId, stale([{ what: 'version', before: '1', after: '2' }]));
    await people.advance(run.runId);
    const again = await people.pending(run.runId);
    expect(again.payload?.version).toBe('2');
    expect(again.payloadHash).not.toBe(run.preparation?.payloadHash);
    expect(again.context.asked_again).toMatchObject({ changes: [{ what: 'version', before: '1', after: '2' }] });
  });

  it('asks also where the policy alone would not have asked', async () => {
    const { runId } = await people.start({ policy: 'auto_with_thresholds' });
    await people.advance(runId);
    await people.launch(runId, { kind: 'unknown', detail: 'lost', jobIds: [] });
    await people.advance(runId);
    await people.answer((await people.pending(runId)).approvalId, { action: 'retry' });
    await anHourLater();
    await people.advance(runId);
    expect(await people.pending(runId)).toMatchObject({ checkpoint: 'payload_suggestion', context: { asked_again: { changes: expect.arrayContaining([expect.objectContaining({ what: 'time' })]) } } });
  });

  it('is for files as well: their hashes stand on the card and with the payload', async () => {
    const url = `${web.url}/cat.png`;
    await people.knowForm();
    const { runId } = await people.start({ policy: 'require_human' }, { originalInput: { prompt: 'a red fox', attachments: [url] } });
    const files = [{ field: 'reference', url, sha256: createHash('sha256').update(PNG).digest('hex') }];
    expect((await people.advance(runId)).preparation?.files).toEqual(files);
    expect((await people.pending(runId)).context.files).toEqual(files);
  });

  it('is not asked about where a policy decides: no hash is taken', async () => {
    const { runId } = await people.start({ policy: 'auto' }, { originalInput: { prompt: 'a red fox', attachments: [`${web.url}/dog.png`] } });
    expect(await people.advance(runId)).toMatchObject({ step: 'api_call' });
    expect((await people.run(runId)).preparation).not.toHaveProperty('files');
  });
});
