import { CountersignError } from '@countersign/client';
import { explainRefusal } from './refusal';

const error = (code: string, more: object = {}): CountersignError => new CountersignError({ code, detail: 'the detail', ...more });

describe('explainRefusal', () => {
  it('names who was first', () => {
    const decided = { decided_by: 'human:bob', action: 'approve', status: 'approved', decided_at: null };
    expect(explainRefusal(error('APPROVAL_ALREADY_DECIDED', { decided }))).toMatchObject({ detail: 'bob was first: approve.', isStale: true });
  });

  it('brings each complaint to its field', () => {
    const errors = [{ field: 'edits.scale', code: 'x', message: 'at most 4' }, { field: 'reason', code: 'x', message: 'needed' }, { field: 'edits.tags[0]', code: 'x', message: 'text' }];
    expect(explainRefusal(error('VALIDATION_FAILED', { errors })).fields.map((one) => one.field)).toEqual(['scale', 'reason', 'tags']);
  });

  it('says what is old, and lets unknown codes speak for themselves', () => {
    expect(explainRefusal(error('STALE_PAYLOAD')).isStale).toBe(true);
    expect(explainRefusal(error('APPROVAL_EXPIRED')).isStale).toBe(true);
    expect(explainRefusal(error('NEW_CODE', { title: 'Something new' }))).toMatchObject({ title: 'Something new', detail: 'the detail', isStale: false });
  });
});
