import { sampleApproval, sampleNotice } from '../testing/sample-notice';
import { emissionsOf } from './emissions';

const url = (id: string): string => `/artifacts/${id}`;
const events = (...of: Parameters<typeof sampleNotice>): string[] => emissionsOf(sampleNotice(...of), url).map(({ event }) => event);

describe('emissionsOf', () => {
  it('tells every event as run.updated first, to the owner, the run, the session and the reviewers', () => {
    const [first] = emissionsOf(sampleNotice('started'), url);
    expect(first).toMatchObject({ event: 'run.updated', body: { version: 1 } });
    expect(first?.rooms.sort()).toEqual(['run:0193b0c0-0000-7000-8000-000000000001', 'session:acme:s1', 'tenant:acme', 'user:acme:ann']);
  });

  it('says what happened to the approval an event speaks of', () => {
    const approval = sampleApproval();
    expect(events('asked', { approval })).toEqual(['run.updated', 'approval.requested']);
    expect(events('extended', { approval })).toEqual(['run.updated', 'approval.updated']);
    for (const type of ['approved', 'revised', 'recovered'] as const) expect(events(type, { approval })).toEqual(['run.updated', 'approval.decided']);
    expect(events('approved', {})).toEqual(['run.updated']);
    expect(events('noted', { approval, metadata: { fact: 'browser_asked' } })).toEqual(['run.updated', 'approval.requested']);
    expect(events('noted', { approval, metadata: { fact: 'browser_expired' } })).toEqual(['run.updated', 'approval.decided']);
    expect(events('noted', { approval, metadata: { fact: 'browser_completed' } })).toEqual(['run.updated']);
  });

  it('says the end with the result or without', () => {
    expect(events('accepted', { approval: sampleApproval() })).toEqual(['run.updated', 'approval.decided', 'run.completed']);
    for (const type of ['failed', 'cancelled', 'expired', 'rejected'] as const) expect(events(type)).toEqual(['run.updated', 'run.failed']);
    const notice = sampleNotice('accepted');
    notice.run.output = { raw: null, parts: [], text: 'done', quality: 1, flags: [], doubts: [] };
    expect(emissionsOf(notice, url).at(-1)?.body).toMatchObject({ final_result: 'done' });
  });

  it('closes the cards of other approvals that ended with the run', () => {
    expect(events('cancelled', { ended: [sampleApproval(), sampleApproval()] })).toEqual(['run.updated', 'approval.decided', 'approval.decided', 'run.failed']);
  });

  it('addresses an approval that was opened to everybody to the reviewers', () => {
    const last = emissionsOf(sampleNotice('extended', { approval: sampleApproval({ userId: null, sessionId: null }) }), url).at(-1);
    expect(last?.rooms).toEqual(['tenant:acme', 'run:0193b0c0-0000-7000-8000-000000000001']);
  });
});
