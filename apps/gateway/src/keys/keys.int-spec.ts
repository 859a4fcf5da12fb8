import { createDataSource, migrate, PostgresKeyStore } from '@countersign/persistence';
import { sha256Hex } from '@countersign/service-kit';
import { freshDatabase, type FreshDatabase } from '@countersign/testing';
import type { DataSource } from 'typeorm';
import { readKeyWords } from './key-words';
import { tendKeys } from './tend-keys';

describe('npm run keys', () => {
  let database: FreshDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await freshDatabase({
      migrate: async (url) => {
        const source = await createDataSource({ url, poolSize: 2, applicationName: 'test' }).initialize();
        await migrate(source);
        await source.destroy();
      },
    });
    dataSource = await createDataSource({ url: database.url, poolSize: 1, applicationName: 'test' }).initialize();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  const keys = (...args: string[]): Promise<string[]> => tendKeys(readKeyWords(args), new PostgresKeyStore(dataSource), new Date().toISOString());

  it('makes a key, shows it once and alone on the last line, and keeps only its hash', async () => {
    const secret = (await keys('create', '--user', 'ann', '--tenant', 'acme', '--roles', 'requester,reviewer')).at(-1) ?? '';
    expect(secret).toMatch(/^csk_[\w-]{43}$/);
    expect(await new PostgresKeyStore(dataSource).findActive(sha256Hex(secret))).toMatchObject({ userId: 'ann', tenantId: 'acme', roles: ['requester', 'reviewer'] });
    const listed = (await keys('list')).join('\n');
    expect(listed).toContain('requester,reviewer');
    expect(listed).not.toContain(secret);
    expect(listed).not.toContain(sha256Hex(secret));
  });

  it('revokes a key once', async () => {
    const secret = (await keys('create', '--user', 'ben')).at(-1) ?? '';
    const known = await new PostgresKeyStore(dataSource).findActive(sha256Hex(secret));
    expect(known).toMatchObject({ tenantId: 'default', roles: ['requester'] });
    await keys('revoke', known?.keyId ?? '');
    expect(await new PostgresKeyStore(dataSource).findActive(sha256Hex(secret))).toBeNull();
    await expect(keys('revoke', known?.keyId ?? '')).rejects.toThrow('no active key');
  });
});

describe('readKeyWords', () => {
  it.each([
    [[], 'Say what to do'],
    [['make'], 'What is "make"?'],
    [['create'], '--user needs a name'],
    [['create', '--user', 'ann', '--roles', 'boss,admin'], '"boss" is none'],
    [['create', '--user', 'ann', '--admin'], '--admin'],
    [['revoke'], 'revoke needs the ID'],
    [['revoke', 'ann'], 'revoke needs the ID'],
  ])('refuses %j with a sentence', (args, sentence) => expect(() => readKeyWords(args)).toThrow(sentence));
});
