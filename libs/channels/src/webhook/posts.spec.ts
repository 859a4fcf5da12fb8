import { sampleApproval, sampleNotice } from '../testing/sample-notice';
import { updateStatusUrl } from './outside-websocket.channel';
import { postsOf } from './posts';

const url = (id: string): string => `http://here/artifacts/${id}`;

describe('postsOf', () => {
  it('asks for an approval in the words that chat frontends know', () => {
    const posts = postsOf(sampleNotice('asked', { approval: sampleApproval() }), url);
    expect(posts.at(-1)).toMatchObject({
      sessionId: 's1', userId: 'ann', status: 'hitl_request', action: 'approval_required', message: 'Please check',
      data: { type: 'hitl_approval_request', checkpoint_type: 'payload_suggestion', status: 'pending', payload_hash: 'abc' },
    });
  });

  it('begins and ends thinking around the steps', () => {
    expect(postsOf(sampleNotice('started'), url)).toEqual([
      { sessionId: 's1', userId: 'ann', status: 'thinking', action: 'thinking', message: 'Processing payload_review', data: null },
    ]);
    expect(postsOf(sampleNotice('prepared'), url)[0]).toMatchObject({ status: 'done_thinking', action: 'done_thinking', message: null, data: null });
    for (const type of ['asked', 'executed', 'accepted', 'failed', 'cancelled', 'expired', 'rejected', 'paused'] as const) {
      expect(postsOf(sampleNotice(type), url).map(({ status }) => status)).toContain('done_thinking');
    }
  });

  it('tells every kind of event something', () => {
    for (const type of ['created', 'revised', 'approved', 'outdated', 'relaunched', 'recovered', 'extended', 'noted', 'resumed'] as const) {
      expect(postsOf(sampleNotice(type, { approval: sampleApproval({ userId: 'ben' }) }), url).length).toBeGreaterThan(0);
    }
  });

  it('addresses a card to whom the approval is addressed', () => {
    const [post] = postsOf(sampleNotice('noted', { metadata: { fact: 'browser_asked' }, approval: sampleApproval({ userId: 'ben' }) }), url);
    expect(post).toMatchObject({ userId: 'ben', action: 'approval_required' });
  });

  it('closes the cards that ended together with the run', () => {
    const posts = postsOf(sampleNotice('cancelled', { ended: [sampleApproval({ status: 'cancelled' } as never)] }), url);
    expect(posts[0]).toMatchObject({ action: 'approval_decided', data: { status: 'cancelled' } });
  });
});

describe('updateStatusUrl', () => {
  it.each([
    ['wss://ws.example.com', 'https://ws.example.com/api/update-status'],
    ['ws://127.0.0.1:9000/', 'http://127.0.0.1:9000/api/update-status'],
    ['https://example.com/base/', 'https://example.com/base/api/update-status'],
  ])('turns %s into %s', (given, expected) => expect(updateStatusUrl(given)).toBe(expected));
});
