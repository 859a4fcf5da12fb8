import { aDecision, anApproval, NOON } from '../testing/factories';
import { ACTIONS, ON_TIMEOUT } from '../run/words';
import type { Approval } from './approval';
import { statusAfter } from './approval';
import { isOverdue, refuseAnswer, waitsOn, type Answer } from './decide';

const END = '2026-11-22T13:00:00.000Z';
const AFTER = '2026-11-22T13:00:00.001Z';
const answer = (over: Partial<Answer> = {}): Answer => ({ action: 'approve', edits: {}, reason: null, message: null, payloadHash: null, ...over });
const refusal = (approval: Partial<Approval>, given: Partial<Answer> = {}, now = NOON) => refuseAnswer(anApproval(approval), answer(given), now);

describe('refuseAnswer', () => {
  it('lets a fitting answer through', () => {
    expect(refusal({})).toBeNull();
    expect(refusal({}, { payloadHash: 'a'.repeat(64) })).toBeNull();
    expect(refusal({}, { action: 'edit', edits: { size: 1 } })).toBeNull();
    expect(refusal({}, { action: 'reject', reason: 'too dear' })).toBeNull();
    expect(refusal({ allowedActions: ['retry'] }, { action: 'retry' })).toBeNull();
    expect(refusal({ allowedActions: ['retry'] }, { action: 'retry', edits: { size: 1 } })).toBeNull();
    expect(refusal({ payloadHash: null, allowedActions: ['respond'] }, { action: 'respond', message: 'make it square' })).toBeNull();
  });

  it.each(['approved', 'edited', 'rejected', 'responded'] as const)('names the winner of an approval that is %s', (status) => {
    expect(refusal({ status, decision: aDecision({ by: 'human:bob' }) })).toEqual({ code: 'APPROVAL_ALREADY_DECIDED', detail: `already ${status} by human:bob` });
  });

  it('refuses what has expired or was cancelled', () => {
    expect(refusal({ status: 'expired' })?.code).toBe('APPROVAL_EXPIRED');
    expect(refusal({ status: 'cancelled' })?.code).toBe('ILLEGAL_STATE');
  });

  it.each([[NOON, null], ['2026-11-22T12:59:59.999Z', null], [END, 'APPROVAL_EXPIRED'], [AFTER, 'APPROVAL_EXPIRED']])('at %s answers %s', (now, code) => {
    expect(refusal({}, {}, now)?.code ?? null).toBe(code);
  });

  it.each([
    ['reject', 0, 'APPROVAL_EXPIRED'], ['approve', 0, 'APPROVAL_EXPIRED'], ['keep_waiting', 0, null], ['keep_waiting', 7, null],
    ['escalate', 0, null], ['escalate', 1, 'APPROVAL_EXPIRED'],
  ] as const)('too late with on_timeout %s after %d extensions answers %s', (onTimeout, extensions, code) => {
    expect(refusal({ onTimeout, extensions }, {}, AFTER)?.code ?? null).toBe(code);
    expect(waitsOn({ onTimeout, extensions })).toBe(code === null);
  });

  it.each(ACTIONS)('refuses %s where it is not allowed, and names what is', (action) => {
    const allowedActions = ACTIONS.filter((each) => each !== action);
    expect(refusal({ allowedActions }, { action, reason: 'because', edits: { a: 1 } })).toMatchObject({
      code: 'VALIDATION_FAILED', field: 'action', detail: expect.stringContaining(allowedActions.join(', ')),
    });
  });

  it('refuses an answer to another payload', () => {
    expect(refusal({}, { payloadHash: 'b'.repeat(64) })?.code).toBe('STALE_PAYLOAD');
    expect(refusal({ payloadHash: null }, { payloadHash: 'a'.repeat(64) })?.code).toBe('STALE_PAYLOAD');
    expect(refusal({}, { payloadHash: '' })?.code).toBe('STALE_PAYLOAD');
  });

  it.each([[{ action: 'reject' }, 'reason'], [{ action: 'reject', reason: '  ' }, 'reason'], [{ action: 'edit' }, 'edits'], [{ action: 'respond', message: 'x', edits: { a: 1 } }, 'edits'], [{ action: 'respond' }, 'message'], [{ action: 'respond', message: ' \n' }, 'message'], [{ edits: { a: 1 } }, 'edits'], [{ action: 'reject', reason: 'no', edits: { a: 1 } }, 'edits']] as const)(
    'refuses %j and names the field', (given, field) => {
      expect(refusal({ allowedActions: [...ACTIONS] }, given)).toMatchObject({ code: 'VALIDATION_FAILED', field });
    },
  );

  it('says the weightiest thing first: decided, expired, action, payload, reason', () => {
    const worst: Partial<Answer> = { action: 'reject', payloadHash: 'b'.repeat(64), edits: { a: 1 } };
    const allowedActions = ['approve'] as Approval['allowedActions'];
    expect(refusal({ status: 'approved', decision: aDecision(), allowedActions }, worst, AFTER)?.code).toBe('APPROVAL_ALREADY_DECIDED');
    expect(refusal({ allowedActions }, worst, AFTER)?.code).toBe('APPROVAL_EXPIRED');
    expect(refusal({ allowedActions }, worst)).toMatchObject({ field: 'action' });
    expect(refusal({}, worst)?.code).toBe('STALE_PAYLOAD');
    expect(refusal({}, { ...worst, payloadHash: null })).toMatchObject({ field: 'reason' });
    expect(refusal({}, { ...worst, payloadHash: null, reason: 'no' })).toMatchObject({ field: 'edits' });
  });
});

describe('an approval', () => {
  it('is overdue from the instant of its end', () => {
    expect([NOON, END, AFTER].map((now) => isOverdue({ expiresAt: END }, now))).toEqual([false, true, true]);
  });

  it('waits on only where its time-out lets it', () => {
    expect(ON_TIMEOUT.map((onTimeout) => waitsOn({ onTimeout, extensions: 0 }))).toEqual([false, false, true, true]);
  });

  it.each([
    ['approve', false, 'approved'], ['edit', true, 'edited'], ['reject', false, 'rejected'], ['respond', false, 'responded'],
    ['retry', false, 'approved'], ['retry', true, 'edited'],
  ] as const)('answered with %s (edits: %s) is %s', (action, hasEdits, status) => {
    expect(statusAfter(action, hasEdits)).toBe(status);
  });
});
