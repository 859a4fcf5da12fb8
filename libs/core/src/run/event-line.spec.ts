import { aConsent, anApproval, anOutput, aPayload, aPreparation, aRun } from '../testing/factories';
import { fittingEvent } from '../testing/fitting-event';
import type { Json } from '../json';
import { describeEvent, type EventLine } from './event-line';
import type { RunEvent } from './events';
import type { Run } from './run';
import { transition } from './transition';
import { TRANSITIONS } from './transitions';

const BODY = 'SECRET-BODY';
const LATER = '2026-11-22T12:05:00.000Z';
/** More than ids, hashes and amounts need; a body would be longer. */
const LINE_MAX = 1_000;

/** A run that is full of bodies, standing where `row` allows. */
function fullRun({ from, at }: (typeof TRANSITIONS)[number]): Run {
  const preparation = aPreparation({
    payload: aPayload({ input: { prompt: BODY } }), fixes: [{ field: 'prompt', before: BODY, after: BODY, rule: 'trim' }],
    diff: [{ field: 'prompt', default: null, value: BODY }],
  });
  return aRun(from[0] ?? 'running', {
    step: at[0] ?? 'created', preparation, originalInput: { prompt: BODY }, edits: { prompt: BODY }, output: anOutput({ raw: BODY, text: BODY }),
  });
}

function loaded(event: RunEvent): RunEvent {
  switch (event.type) {
    case 'prepared': return { ...event, preparation: aPreparation({ payload: aPayload({ input: { prompt: BODY } }) }) };
    case 'asked': return { ...event, approval: { ...event.approval, context: { output: BODY }, schema: { default: BODY }, payload: aPayload({ input: { prompt: BODY } }) } };
    case 'revised': return { ...event, edits: { prompt: BODY } };
    case 'executed': return { ...event, output: anOutput({ raw: BODY, text: BODY, parts: [{ kind: 'text', pointer: '', text: BODY }] }) };
    case 'accepted': return { ...event, text: BODY };
    case 'failed': return { ...event, error: { ...event.error, detail: BODY } };
    default: return event;
  }
}

function lineOf(run: Run, event: RunEvent): EventLine {
  const answer = transition(run, event, LATER);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  // What is sealed never goes into the history itself, only its hash does.
  const { sealed: _sealed, ...line } = answer.transition.lines[0] as EventLine;
  return line;
}

describe('a line of the history', () => {
  it.each(TRANSITIONS.map((row) => [`${row.on} from ${row.from[0]}`, row] as const))('for %s says who and what, and holds no body', (_name, row) => {
    const run = fullRun(row);
    const line = lineOf(run, loaded(fittingEvent(run, row.on)));
    expect(line.type).toBe(row.on);
    expect(line.message.trim()).not.toBe('');
    expect(line.actor).toMatch(/^(system|human:.+|policy:.+|provider:.+)$/);
    const text = JSON.stringify(line);
    expect(text).not.toContain(BODY);
    expect(text.length).toBeLessThan(LINE_MAX);
    expect(JSON.parse(text)).toEqual(line);
  });

  it('says where the run stands after the move', () => {
    expect(lineOf(aRun('queued'), { type: 'started' })).toMatchObject({ status: 'running', step: 'information_review' });
  });

  it('names the fields that changed, not their values', () => {
    const run = aRun('awaiting_human', { step: 'information_review' });
    const line = lineOf(run, { type: 'revised', edits: { image: BODY, size: 2 }, by: 'human:ann' });
    expect(line).toMatchObject({ message: 'Input changed: image, size', metadata: { fields: ['image', 'size'] } });
    expect(lineOf(run, { type: 'revised', edits: {}, by: 'human:ann' }).message).toBe('Checking again');
  });

  it('carries the facts an audit needs: hashes, ids, amounts', () => {
    const waiting = aRun('awaiting_human');
    const consent = aConsent({ by: 'human:ann', approvalId: waiting.standing.approvalId });
    expect(lineOf(waiting, { type: 'approved', consent }).metadata).toMatchObject({ payload_hash: 'a'.repeat(64), approval_id: waiting.standing.approvalId, attempt: 1 });
    const calling = aRun('running', { step: 'api_call' });
    const file = { kind: 'file', pointer: '', artifactId: 'x', sha256: 'd'.repeat(64), mime: 'image/png', bytes: 9, name: null } as const;
    const executed = lineOf(calling, { type: 'executed', output: anOutput({ parts: [file] }), providerMs: 7, cost: { amount: 0.5, currency: 'USD', basis: 'x' } });
    expect(executed.metadata).toEqual({ attempt: 1, parts: 1, provider_ms: 7, sha256: ['d'.repeat(64)], cost_usd: 0.5 });
    expect(executed.actor).toBe('provider:scripted');
  });

  it.each(['revised', 'approved', 'rejected', 'expired', 'accepted', 'cancelled', 'recovered'] as const)('that ends a wait (%s) names the approval', (type) => {
    const step = type === 'revised' ? 'information_review' : 'api_call';
    const run = aRun('awaiting_human', { step, preparation: aPreparation() });
    expect(lineOf(run, fittingEvent(run, type)).metadata.approval_id).toBe(run.standing.approvalId);
  });

  it('that cancels a paused wait names the approval too; a pause and a note end no wait', () => {
    const { approvalId } = anApproval();
    const held: Json = { status: 'awaiting_human', approvalId, checkpoint: 'payload_suggestion' };
    const paused = aRun('paused', { standing: { held } as never });
    expect(lineOf(paused, fittingEvent(paused, 'cancelled')).metadata.approval_id).toBe(approvalId);
    const waiting = aRun('awaiting_human');
    expect(lineOf(waiting, { type: 'paused', by: 'human:ann' }).metadata).toEqual({});
    expect(describeEvent(waiting, fittingEvent(waiting, 'noted'), waiting).metadata.approval_id).not.toBe(waiting.standing.approvalId);
  });
});
