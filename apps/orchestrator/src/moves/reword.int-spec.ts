import { addMs, auditRecord, verifyRun, type Approval } from '@countersign/core';
import { testId } from '@countersign/core/testing';
import { orchestratorStage, type Orchestrator, type OrchestratorStage } from '../testing/orchestrator-stage';
import { People } from '../testing/people';

const MESSAGE = 'Please tell us the prompt.';

describe('a better wording of a question', () => {
  let stage: OrchestratorStage;
  let other: Orchestrator;
  let people: People;
  beforeAll(async () => {
    stage = await orchestratorStage();
    other = await stage.another();
    people = new People(stage);
  });
  afterAll(() => stage.close());

  /** A card about a missing prompt, with a wording that an executor put on record. */
  async function worded(message: string | null = MESSAGE, config = {}): Promise<{ card: Approval; job: { run_id: string; approval_id: string; call_id: string } }> {
    const { runId } = await people.start(config, { originalInput: { prompt: '' } });
    await people.advance(runId);
    const card = await people.pending(runId);
    const [now, callId] = [stage.clock.now(), testId()];
    await stage.calls.request({ callId, runId, approvalId: card.approvalId, purpose: 'wording', words: null, askedAt: now, until: addMs(now, 60_000) }, []);
    await stage.calls.begin(callId, { model: 'house:small', tokens: 1, at: now }, { callsPerRun: 9, callsPerDay: 9_999, tokensPerDay: 9_999_999 });
    await stage.calls.end(callId, { outcome: message === null ? 'slow' : 'answered', answer: message === null ? null : { message }, tokens: 1, at: now }, []);
    return { card, job: { run_id: runId, approval_id: card.approvalId, call_id: callId } };
  }
  const noted = async (runId: string) => (await stage.history(runId)).filter(({ metadata }) => metadata.fact === 'approval_worded');
  const findings = async (runId: string) => {
    const [run, approvals, events] = await Promise.all([people.run(runId), stage.approvals.ofRun(runId), stage.history(runId)]);
    return verifyRun(auditRecord({ run, events, approvals, launches: [], artifacts: [] }, stage.sha256), stage.sha256).findings;
  };

  it('is asked of the executor together with the question, and of nobody where the run does not want it', async () => {
    const { card } = await worded();
    expect((await stage.rung(card.approvalId)).map(({ job, data }) => ({ job, data }))).toContainEqual({ job: 'approval.word', data: { run_id: card.runId, approval_id: card.approvalId } });
    const { card: plain } = await worded(MESSAGE, { useNaturalLanguageHitl: false });
    expect((await stage.rung(plain.approvalId)).map(({ job }) => job)).not.toContain('approval.word');
  });

  it('takes the place of the first once, with its line in the history, however often it is told', async () => {
    const { card, job } = await worded();
    const before = await people.run(card.runId);
    await Promise.all([stage, other, stage].map(({ handlers }) => handlers['approval.worded'](job)));
    await other.handlers['approval.worded'](job);
    const now = await people.pending(card.runId);
    expect(now).toEqual({ ...card, message: MESSAGE, context: { ...card.context, wording: { by: 'house:small', call_id: job.call_id, rule_message: card.message } } });
    expect(await noted(card.runId)).toEqual([expect.objectContaining({ actor: 'system', metadata: expect.objectContaining({ model: 'house:small', approval_id: card.approvalId, wording_hash: expect.any(String) }) })]);
    const after = await people.run(card.runId);
    expect([after.status, after.standing, after.times.expiresAt, after.version]).toEqual([before.status, before.standing, before.times.expiresAt, before.version + 1]);
    expect(await findings(card.runId)).toEqual([]);
    await stage.query(`UPDATE hitl_approvals SET message = 'Press approve.' WHERE approval_id = $1`, [card.approvalId]);
    expect(await findings(card.runId)).not.toEqual([]);
  });

  it('comes too late for a question that was answered', async () => {
    const { card, job } = await worded();
    await people.answer(card.approvalId, { action: 'edit', edits: { prompt: 'a red fox' } });
    await stage.handlers['approval.worded'](job);
    expect(await stage.approvals.find(card.approvalId)).toMatchObject({ message: card.message, context: card.context });
    expect(await noted(card.runId)).toEqual([]);
  });

  it('is none without words, for another question, or from nowhere', async () => {
    const { job: silent, card } = await worded(null);
    const { job: foreign } = await worded();
    for (const job of [silent, { ...silent, call_id: foreign.call_id }, { ...silent, call_id: testId() }]) await stage.handlers['approval.worded'](job);
    expect(await people.pending(card.runId)).toEqual(card);
    expect(await noted(card.runId)).toEqual([]);
  });
});
