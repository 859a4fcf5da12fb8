import type { Role } from '../run/words';
import { mayControl, mayDecide, maySee, mayStartFor, type Principal } from './who-may';

const ann = (roles: Role[], tenantId = 't1'): Principal => ({ tenantId, userId: 'ann', roles });
const OWN = { tenantId: 't1', userId: 'ann' };
const OTHERS = { tenantId: 't1', userId: 'bob' };
const NOBODYS = { tenantId: 't1', userId: null };

describe('who may', () => {
  it.each([
    [[], true, false, false], [['requester'], true, false, false], [['reviewer'], true, true, true], [['operator'], true, false, false],
    [['admin'], true, true, true], [['requester', 'reviewer'], true, true, true],
  ] as [Role[], boolean, boolean, boolean][])('see and decide with roles %j: own %s, others\' %s, everybody\'s %s', (roles, own, others, everybodys) => {
    for (const may of [maySee, mayDecide]) {
      expect([OWN, OTHERS, NOBODYS].map((owned) => may(ann(roles), owned))).toEqual([own, others, everybodys]);
    }
  });

  it.each([[['requester'], true, false], [['reviewer'], true, false], [['operator'], true, false], [['admin'], true, true]] as [Role[], boolean, boolean][])(
    'control with roles %j: own %s, others\' %s', (roles, own, others) => {
      expect([OWN, OTHERS].map((owned) => mayControl(ann(roles), owned))).toEqual([own, others]);
    },
  );

  it('nothing of another tenant, whatever the role and even under the same name', () => {
    const stranger = ann(['requester', 'reviewer', 'operator', 'admin'], 't2');
    for (const may of [maySee, mayDecide, mayControl]) expect([OWN, OTHERS, NOBODYS].some((owned) => may(stranger, owned))).toBe(false);
  });

  it('start for themselves, and as admin for others', () => {
    expect([mayStartFor(ann(['requester']), 'ann'), mayStartFor(ann(['reviewer']), 'bob'), mayStartFor(ann(['admin']), 'bob')]).toEqual([true, false, true]);
  });
});
