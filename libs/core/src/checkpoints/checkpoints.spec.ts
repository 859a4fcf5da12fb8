import { aDecision, anApproval, anOutput, aPreparation, aRun } from '../testing/factories';
import type { JsonObject } from '../json';
import type { Decision } from '../approval/approval';
import type { RunEvent } from '../run/events';
import { transition } from '../run/transition';
import { CHECKPOINTS, type Action, type Step } from '../run/words';
import { CHECKPOINT_RULES, type RunCheckpoint } from './checkpoints';

const STEP_OF: Record<RunCheckpoint, Step> = {
  validation_review: 'information_review', payload_suggestion: 'payload_review', response_review: 'response_review',
  error_recovery: 'api_call', execution_unknown: 'api_call',
};
const ALL = Object.keys(CHECKPOINT_RULES) as RunCheckpoint[];
const EDITED = aPreparation({ payloadHash: 'e'.repeat(64) });

function waitingAt(checkpoint: RunCheckpoint, hasForm = true) {
  const approval = anApproval({ checkpoint });
  const preparation = hasForm ? aPreparation() : aPreparation({ payload: null, payloadHash: null });
  return { run: aRun('awaiting_human', { step: STEP_OF[checkpoint], preparation, standing: { approvalId: approval.approvalId, checkpoint } }), approval };
}

function question(checkpoint: RunCheckpoint, hasForm = true) {
  const { run } = waitingAt(checkpoint, hasForm);
  return CHECKPOINT_RULES[checkpoint].question({
    run, reason: 'why', preparation: run.preparation, schema: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] }, context: { extra: 1 },
  });
}

function consequence(checkpoint: RunCheckpoint, over: Partial<Decision>): RunEvent {
  const { run, approval } = waitingAt(checkpoint);
  const event = CHECKPOINT_RULES[checkpoint].consequence(run, approval, aDecision(over));
  expect(transition(run, event, '2026-11-22T12:20:00.000Z')).toMatchObject({ ok: true });
  return event;
}

describe('a checkpoint', () => {
  it('has a rule for every word but the browser agent\'s', () => {
    expect(ALL.sort()).toEqual(CHECKPOINTS.filter((checkpoint) => checkpoint !== 'browser_action').sort());
    for (const [name, rule] of Object.entries(CHECKPOINT_RULES)) expect(rule.type).toBe(name);
  });

  it.each(ALL)('%s asks in words, can always be rejected, and carries its reason as JSON', (checkpoint) => {
    const asked = question(checkpoint);
    expect([asked.title, asked.message]).not.toContain('');
    expect(asked.allowedActions).toContain('reject');
    expect(asked.context).toMatchObject({ extra: 1, reason: 'why' });
    expect(JSON.parse(JSON.stringify(asked))).toEqual(asked);
  });

  it.each(ALL)('%s does something about every action it offers', (checkpoint) => {
    for (const action of question(checkpoint).allowedActions) {
      const isEdit = action === 'edit';
      const edits: JsonObject = checkpoint === 'execution_unknown' ? { provider_job_id: 'job-9' } : { prompt: 'x' };
      consequence(checkpoint, { action, ...(isEdit ? { edits, preparation: EDITED } : {}), ...(action === 'reject' ? { reason: 'no' } : {}) });
    }
  });

  it.each(ALL)('%s ends the run when rejected, with who and why', (checkpoint) => {
    expect(consequence(checkpoint, { action: 'reject', reason: 'too dear', by: 'human:bob' })).toEqual({ type: 'rejected', by: 'human:bob', reason: 'too dear' });
  });
});

describe('consequences', () => {
  it.each(['payload_suggestion', 'error_recovery', 'response_review', 'execution_unknown'] as const)('%s: a yes to running is a consent to the payload as shown', (checkpoint) => {
    const action: Action = checkpoint === 'payload_suggestion' ? 'approve' : 'retry';
    expect(consequence(checkpoint, { action })).toMatchObject({ type: 'approved', consent: { payloadHash: 'a'.repeat(64), by: 'human:ann', approvalId: expect.any(String), at: '2026-11-22T12:10:00.000Z' } });
  });

  it.each([['payload_suggestion', 'edit'], ['error_recovery', 'edit'], ['response_review', 'retry']] as const)('%s: %s with other values is a consent to the edited payload', (checkpoint, action) => {
    expect(consequence(checkpoint, { action, edits: { prompt: 'y' }, preparation: EDITED })).toMatchObject({
      type: 'approved', preparation: EDITED, edits: { prompt: 'y' }, consent: { payloadHash: 'e'.repeat(64) },
    });
  });

  it.each(['payload_suggestion', 'error_recovery'] as const)('%s: words make a new payload, which is shown before it runs', (checkpoint) => {
    const understood = [{ field: 'prompt', words: 'a grey fox', value: 'a grey fox', rule: 'named' }];
    const event = consequence(checkpoint, { action: 'respond', message: 'prompt: a grey fox', edits: { prompt: 'a grey fox' }, understood });
    expect(event).toEqual({
      type: 'revised', edits: { prompt: 'a grey fox' }, by: 'human:ann',
      proposal: { message: 'prompt: a grey fox', by: 'human:ann', understood, before: { prompt: 'a red fox' } },
    });
  });

  it('validation_review: words are checked again like an edit', () => {
    expect(consequence('validation_review', { action: 'respond', message: 'the picture is u', edits: { image: 'u' } })).toEqual({ type: 'revised', edits: { image: 'u' }, by: 'human:ann' });
  });

  it('validation_review: edit checks again', () => {
    expect(consequence('validation_review', { action: 'edit', edits: { image: 'u' } })).toEqual({ type: 'revised', edits: { image: 'u' }, by: 'human:ann' });
    expect(question('validation_review').allowedActions).not.toContain('approve');
  });

  it('validation_review without a form can only be tried again or ended', () => {
    expect(question('validation_review', false).allowedActions).toEqual(['retry', 'reject']);
    expect(consequence('validation_review', { action: 'retry' })).toEqual({ type: 'revised', edits: {}, by: 'human:ann' });
  });

  it('response_review: approve keeps the result, edit rewords its text', () => {
    expect(consequence('response_review', { action: 'approve' })).toEqual({ type: 'accepted', by: 'human:ann' });
    expect(consequence('response_review', { action: 'edit', edits: { response: 'A fox.' } })).toEqual({ type: 'accepted', by: 'human:ann', text: 'A fox.' });
  });

  it('execution_unknown: approve ends without output, edit follows the job that a person named', () => {
    expect(consequence('execution_unknown', { action: 'approve' })).toMatchObject({ type: 'accepted', note: expect.any(String) });
    expect(consequence('execution_unknown', { action: 'edit', edits: { provider_job_id: ' job-7 ' } })).toEqual({ type: 'recovered', by: 'human:ann', jobId: 'job-7' });
  });

  it.each<JsonObject>([{}, { provider_job_id: ' ' }, { provider_job_id: 7 }, { other: 'x' }])('execution_unknown: an edit %j that names no job spends nothing and does not hang', (edits) => {
    expect(consequence('execution_unknown', { action: 'edit', edits })).toMatchObject({ type: 'accepted' });
  });
});

describe('the card of a payload', () => {
  it.each(['payload_suggestion', 'validation_review', 'error_recovery'] as const)('%s shows the flags with their scores, none for a preparation from before they were looked for', (checkpoint) => {
    const { run } = waitingAt(checkpoint);
    const flags = [{ flag: 'pii', score: 0.95, why: 'prompt holds an e-mail address (a•••@•••.org)' }];
    const contextOf = (preparation: ReturnType<typeof aPreparation>) => CHECKPOINT_RULES[checkpoint].question({ run, reason: 'r', preparation, schema: {}, context: {} }).context;
    expect(contextOf(aPreparation({ flags })).flags).toEqual(flags);
    expect(contextOf(aPreparation()).flags).toEqual([]);
  });
});

describe('the card of a result', () => {
  it('shows the output, its doubts and the text to reword, and requires nothing', () => {
    const run = aRun('awaiting_human', { step: 'response_review', output: anOutput({ doubts: ['it is short'] }) });
    const card = CHECKPOINT_RULES.response_review.question({ run, reason: 'r', preparation: null, schema: { properties: { seed: {} }, required: ['seed'] }, context: {} });
    expect(card.message).toContain('it is short');
    expect(card.schema).toMatchObject({ properties: { response: { default: 'a fox' }, seed: {} }, required: [] });
    expect(card.context).toMatchObject({ output: { text: 'a fox' } });
  });
});
