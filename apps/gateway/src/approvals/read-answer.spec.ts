import type { ApproveDto, DecisionDto } from '@countersign/contracts';
import type { Approval } from '@countersign/core';
import { isRepeat, namedApproval, readAnswer, type GivenAnswer } from './read-answer';

const A = '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11';
const B = '019aabbe-7f01-7e5c-9a44-2f6f1c0f7a12';

describe('an answer as it came in', () => {
  it.each<[DecisionDto, string]>([
    [{ action: 'edit' }, 'edit'],
    [{ approved: true }, 'approve'],
    [{ approved: false }, 'reject'],
    [{ action: 'edit', approved: true }, 'edit'],
    [{ action: 'reject', approved: false }, 'reject'],
  ])('%j means %s', (dto, action) => {
    expect(readAnswer(dto).action).toBe(action);
  });

  it.each<DecisionDto>([{}, { action: 'approve', approved: false }, { action: 'reject', approved: true }])('%j means nothing', (dto) => {
    expect(() => readAnswer(dto)).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }));
  });

  it('names its approval by either name, not by two', () => {
    expect(namedApproval({ approval_id: A })).toBe(A);
    expect(namedApproval({ approval_token: A.toUpperCase() })).toBe(A);
    expect(namedApproval({ approval_id: A, approval_token: A })).toBe(A);
    for (const dto of [{}, { approval_id: A, approval_token: B }] as ApproveDto[]) expect(() => namedApproval(dto)).toThrow();
  });
});

describe('a repeated answer', () => {
  const answer: GivenAnswer = { action: 'edit', edits: { a: 1, b: [2] }, reason: null, message: 'x', payloadHash: null };
  const approval = { decision: { ...answer, edits: { b: [2], a: 1 }, by: 'human:ann' } } as unknown as Approval;

  it('is the same person with the same action, edits and reason', () => {
    expect(isRepeat(approval, answer, 'human:ann')).toBe(true);
    expect(isRepeat(approval, { ...answer, message: 'other words' }, 'human:ann')).toBe(true);
  });

  it.each<[string, Partial<GivenAnswer>, string]>([
    ['another person', {}, 'human:bob'],
    ['another action', { action: 'retry' }, 'human:ann'],
    ['other edits', { edits: { a: 1, b: [3] } }, 'human:ann'],
    ['another reason', { reason: 'y' }, 'human:ann'],
  ])('is not %s', (_what, change, by) => {
    expect(isRepeat(approval, { ...answer, ...change }, by)).toBe(false);
  });

  it('in words is the same words: the edits were made of them', () => {
    const inWords: GivenAnswer = { ...answer, action: 'respond', edits: {}, message: 'repeat 3 times' };
    const kept = { decision: { ...inWords, edits: { repeat: 3 }, by: 'human:ann' } } as unknown as Approval;
    expect([isRepeat(kept, inWords, 'human:ann'), isRepeat(kept, { ...inWords, message: 'repeat 4 times' }, 'human:ann')]).toEqual([true, false]);
  });

  it('needs a first one', () => {
    expect(isRepeat({ decision: null } as unknown as Approval, answer, 'human:ann')).toBe(false);
  });
});
