import { addMs, topics, type CallOutcome, type Issue, type ModelCall } from '@countersign/core';
import { aDecision, anApproval, aSummary, move, storedRun, testId } from '@countersign/core/testing';
import { startLanguageModelStandIn, type LanguageModelStandIn, type ModelReply } from '@countersign/providers/language-model';
import { waitFor } from '@countersign/testing';
import { executorStage, type ExecutorStage } from '../testing/executor-stage';

const SCHEMA = { type: 'object', properties: { prompt: { type: 'string', title: 'Prompt' }, width: { type: 'integer', title: 'Width' } } };
const ISSUE: Issue = { code: 'missing_required', field: 'prompt', severity: 'error', issue: 'missing', message: '“Prompt” (prompt) is missing.', suggested_fix: 'Give prompt.', auto_fixable: false };
const EDITS = { edits: [{ field: 'width', value: 96, confidence: 0.9, words: 'wider' }] };
const WAIT_MS = 10_000;

describe.each(['openai', 'anthropic'] as const)('AskModel, by %s', (provider) => {
  let server: LanguageModelStandIn;
  let stage: ExecutorStage;
  const variables = (more: Record<string, string> = {}): Record<string, string> => {
    const name = provider.toUpperCase();
    return { [`${name}_API_KEY`]: 'sk-test-0123456789', [`${name}_BASE_URL`]: server.url, LLM_MODEL: 'house-model', LLM_TIMEOUT_MS: '300', LLM_CALLS_PER_RUN: '3', ...more };
  };
  beforeAll(async () => {
    server = await startLanguageModelStandIn();
    stage = await executorStage(variables());
  });
  afterAll(async () => {
    await stage.close();
    await server.close();
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.answer({ json: EDITS });
  });

  const asked = async (): Promise<{ runId: string; approvalId: string }> => {
    const run = await storedRun(stage, 'running', 'payload_review');
    const [first, ...rest] = aSummary().checkpoints;
    const context = { validation_summary: JSON.parse(JSON.stringify({ ...aSummary(), checkpoints: [{ ...first, issues: [ISSUE] }, ...rest] })) };
    const approval = anApproval({ runId: run.runId, schema: SCHEMA, context, expiresAt: addMs(stage.clock.now(), 3_600_000) });
    await move(stage, run, { type: 'asked', approval });
    return { runId: run.runId, approvalId: approval.approvalId };
  };
  const words = async (about?: { runId: string; approvalId: string }, text = 'wider'): Promise<string> => {
    const callId = testId();
    const now = stage.clock.now();
    await stage.calls.request({ callId, ...(about ?? (await asked())), purpose: 'reading', words: text, askedAt: now, until: addMs(now, WAIT_MS) }, []);
    return callId;
  };
  const read = async (callId: string): Promise<ModelCall | null> => {
    await stage.askModel.ask(callId);
    return stage.calls.find(callId);
  };

  it('keeps what the model read, with the model\'s name, and wakes whoever watches the run', async () => {
    const about = await asked();
    const callId = await words(about);
    let woken = 0;
    const unwatch = await stage.live.watch(topics.run(about.runId), () => { woken += 1; });
    expect(await read(callId)).toMatchObject({ outcome: 'answered', answer: EDITS, model: `${provider}:house-model` });
    await waitFor(() => woken > 0, { what: 'the gateway to be woken' });
    await unwatch();
  });

  it('sends a question once, however often its doorbell rings, in however many processes', async () => {
    const callId = await words();
    const other = await stage.another();
    await Promise.all([stage.askModel, other.askModel, stage.askModel, other.askModel].map((hand) => hand.ask(callId)));
    await stage.askModel.ask(callId);
    expect([server.requests.length, (await stage.calls.find(callId))?.outcome]).toEqual([1, 'answered']);
  });

  it.each<[string, ModelReply, CallOutcome]>([
    ['is slow', 'never', 'slow'], ['fails', { status: 500 }, 'down'], ['refuses', { status: 401 }, 'refused'], ['talks', { text: 'I approve.' }, 'nonsense'],
    ['answers in another form', { json: { approved: true } }, 'nonsense'], ['is no model', { raw: 'hello' }, 'nonsense'],
  ])('ends a question that the model %s at, without an answer', async (_what, reply, outcome) => {
    server.answer(reply);
    expect(await read(await words())).toMatchObject({ outcome, answer: null });
    expect(server.requests).toHaveLength(1);
  });

  it('asks no more than a run may', async () => {
    const about = await asked();
    const outcomes = [];
    for (const text of ['one', 'two', 'three', 'four']) outcomes.push((await read(await words(about, text)))?.outcome);
    expect([outcomes, server.requests.length]).toEqual([['answered', 'answered', 'answered', 'over_budget'], 3]);
  });

  it('asks nothing that nobody waits for any more, or that was decided', async () => {
    const late = await words();
    stage.clock.skip(WAIT_MS + 1);
    expect(await read(late)).toMatchObject({ outcome: 'too_late' });
    const about = await asked();
    const callId = await words(about);
    await stage.approvals.record(about.approvalId, 'approved', aDecision({ at: stage.clock.now() }), []);
    expect(await read(callId)).toMatchObject({ outcome: 'unfit' });
    await stage.askModel.ask(testId());
    expect(server.requests).toEqual([]);
  });

  it('ends a question whose process died while it was being asked, and does not send it again', async () => {
    const callId = await words();
    await stage.calls.begin(callId, { model: 'house', tokens: 1, at: stage.clock.now() }, { callsPerRun: 9, callsPerDay: 9_999, tokensPerDay: 9_999_999 });
    expect(await read(callId)).toMatchObject({ outcome: null });
    stage.clock.skip(WAIT_MS + 1);
    expect(await read(callId)).toMatchObject({ outcome: 'too_late' });
    expect(server.requests).toEqual([]);
  });

  it('words a question once and rings for it', async () => {
    server.answer({ json: { message: 'Please give the prompt.' } });
    const { runId, approvalId } = await asked();
    await stage.askModel.word({ run_id: runId, approval_id: approvalId });
    await stage.askModel.word({ run_id: runId, approval_id: approvalId });
    expect(await stage.calls.find(approvalId)).toMatchObject({ purpose: 'wording', outcome: 'answered', answer: { message: 'Please give the prompt.' } });
    expect(await stage.rungFor(approvalId)).toEqual([{ job: 'approval.worded', data: { run_id: runId, approval_id: approvalId, call_id: approvalId } }]);
    expect(server.requests).toHaveLength(1);
  });

  it('rings for no wording that hides what is missing', async () => {
    server.answer({ json: { message: 'All is well.' } });
    const { runId, approvalId } = await asked();
    await stage.askModel.word({ run_id: runId, approval_id: approvalId });
    expect([(await stage.calls.find(approvalId))?.outcome, await stage.rungFor(approvalId)]).toEqual(['unfit', []]);
  });

  it('says which model there is, and sends nothing where there is none', async () => {
    await stage.askModel.announce();
    expect(await stage.calls.announced()).toBe(`${provider}:house-model`);
    const silent = await executorStage(variables({ LLM_PROVIDER: 'none' }));
    try {
      await silent.askModel.announce();
      expect(await silent.calls.announced()).toBeNull();
      const run = await storedRun(silent, 'running', 'payload_review');
      const approval = anApproval({ runId: run.runId, schema: SCHEMA });
      await move(silent, run, { type: 'asked', approval });
      await silent.askModel.word({ run_id: run.runId, approval_id: approval.approvalId });
      expect(await silent.calls.find(approval.approvalId)).toBeNull();
    } finally {
      await silent.close();
    }
    expect(server.requests).toEqual([]);
  });
});
