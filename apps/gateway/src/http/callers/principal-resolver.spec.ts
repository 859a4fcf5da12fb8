import { KeyStore, type ApiKey } from '@countersign/core';
import { sha256Hex } from '@countersign/service-kit';
import type { GatewayEnv } from '../../gateway.env';
import { KeyBook } from './key-book';
import { PrincipalResolver, type Asking } from './principal-resolver';

class OneKey extends KeyStore {
  looks = 0;
  active = true;
  async create(): Promise<void> {}
  async findActive(keyHash: string): Promise<ApiKey | null> {
    this.looks += 1;
    if (!this.active || keyHash !== sha256Hex('cs_right')) return null;
    return { keyId: 'k', keyHash, tenantId: 't1', userId: 'ann', roles: ['reviewer'], createdAt: '', revokedAt: null };
  }
  async list(): Promise<ApiKey[]> {
    return [];
  }
  async revoke(): Promise<boolean> {
    return true;
  }
}

const resolver = (mode: 'local' | 'api_key', store = new OneKey()): PrincipalResolver =>
  new PrincipalResolver({ AUTH_MODE: mode } as GatewayEnv, new KeyBook(store));
const asking = (more: Partial<Asking>): Asking => ({ headers: {}, ...more });

describe('who is asking, on this machine only', () => {
  it.each<[string, Partial<Asking>, string]>([
    ['the header', { headers: { 'x-user-id': 'ann' }, body: { approved_by: 'bob' } }, 'ann'],
    ['the handshake', { auth: { user_id: 'ann' } }, 'ann'],
    ['approved_by before user_id', { body: { user_id: 'ann', approved_by: 'bob' } }, 'bob'],
    ['a number', { body: { approved_by: 7 } }, '7'],
    ['the query', { query: { user_id: 'ann' } }, 'ann'],
    ['the run\'s own input', { body: { run_input: { user_id: 'ann' } } }, 'ann'],
    ['nobody', { body: ['x'], query: { user_id: ['a', 'b'] } }, 'local'],
  ])('is named by %s', async (_what, more, userId) => {
    expect(await resolver('local').resolve(asking(more))).toEqual({ tenantId: 'default', userId, roles: ['requester', 'reviewer', 'operator', 'admin'] });
  });

  it('has a usable name', async () => {
    await expect(resolver('local').resolve(asking({ body: { user_id: 'x'.repeat(201) } }))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    await expect(resolver('local').resolve(asking({ query: { user_id: 'a\0' } }))).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
  });
});

describe('who is asking, with keys', () => {
  it.each<[string, Partial<Asking>]>([
    ['a header', { headers: { authorization: 'Bearer cs_right' } }],
    ['a header in other spelling', { headers: { authorization: 'bearer  cs_right' } }],
    ['a handshake', { auth: { token: 'cs_right' } }],
  ])('is the owner of the key in %s, whatever else is said', async (_where, more) => {
    const principal = await resolver('api_key').resolve(asking({ ...more, headers: { 'x-user-id': 'root', ...more.headers }, body: { approved_by: 'root' } }));
    expect(principal).toEqual({ tenantId: 't1', userId: 'ann', roles: ['reviewer'] });
  });

  it.each<[string, Partial<Asking>]>([
    ['no key', {}],
    ['a wrong key', { headers: { authorization: 'Bearer cs_wrong' } }],
    ['another scheme', { headers: { authorization: 'Basic cs_right' } }],
    ['an empty token', { auth: { token: '' } }],
  ])('is nobody with %s', async (_what, more) => {
    await expect(resolver('api_key').resolve(asking(more))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});

describe('the key book', () => {
  it('asks the store once in five seconds, so that a revoked key dies by then', async () => {
    const store = new OneKey();
    const book = new KeyBook(store);
    expect(await book.find('cs_right', 0)).not.toBeNull();
    store.active = false;
    expect(await book.find('cs_right', 4_999)).not.toBeNull();
    expect(store.looks).toBe(1);
    expect(await book.find('cs_right', 5_000)).toBeNull();
  });
});
