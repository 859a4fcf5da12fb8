import Redis from 'ioredis';
import { Client } from 'pg';
import { freshDatabase } from './fresh-database';
import { freshRedis } from './fresh-redis';
import { testServers } from './test-servers';

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as unknown[];
  } finally {
    await client.end();
  }
}

describe('freshDatabase', () => {
  it('migrates once for many copies, which do not see each other', async () => {
    let migrations = 0;
    const migrate = async (url: string): Promise<void> => {
      migrations += 1;
      await query(url, 'CREATE TABLE sample (id int)');
    };
    const options = { migrate, template: 'sample' };
    const [first, second] = await Promise.all([freshDatabase(options), freshDatabase(options)]);
    await query(first.url, 'INSERT INTO sample VALUES (1)');
    expect(await query(first.url, 'SELECT id FROM sample')).toEqual([{ id: 1 }]);
    expect(await query(second.url, 'SELECT id FROM sample')).toEqual([]);
    expect(migrations).toBe(1);
    await Promise.all([first.drop(), second.drop()]);
    await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
  });

  it('starts over when a migration failed', async () => {
    const template = 'broken';
    await expect(freshDatabase({ template, migrate: () => Promise.reject(new Error('bad sql')) })).rejects.toThrow('bad sql');
    const database = await freshDatabase({ template, migrate: async (url) => void (await query(url, 'CREATE TABLE sample (id int)')) });
    expect(await query(database.url, 'SELECT id FROM sample')).toEqual([]);
    await database.drop();
  });

  it('drops a database that is in use', async () => {
    const database = await freshDatabase();
    const client = new Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    await database.drop();
    await expect(query(database.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
    await client.end().catch(() => undefined);
  });
});

describe('freshRedis', () => {
  it('gives every caller an empty database of its own', async () => {
    const [first, second] = await Promise.all([freshRedis(), freshRedis()]);
    const redis = new Redis(first.url);
    const other = new Redis(second.url);
    await redis.set('sample', '1');
    expect(first.db).not.toBe(second.db);
    expect(await other.get('sample')).toBeNull();
    await second.flush();
    expect(await redis.get('sample')).toBe('1');
    redis.disconnect();
    other.disconnect();
    await Promise.all([first.drop(), second.drop()]);
  });

  it('leaves a database alone that holds what no test put there', async () => {
    const book = new Redis(testServers().REDIS_URL);
    const { url, db } = await freshRedis();
    const foreign = new Redis(url);
    await foreign.set('somebody', 'else');
    await book.multi().srem('testing:used', db).del(`testing:database:${db}`).exec();
    const claims = await Promise.all([freshRedis(), freshRedis()]);
    expect(claims.map((claim) => claim.db)).not.toContain(db);
    expect(await foreign.get('somebody')).toBe('else');
    await foreign.del('somebody');
    await Promise.all(claims.map((claim) => claim.drop()));
    for (const redis of [book, foreign]) redis.disconnect();
  });
});
