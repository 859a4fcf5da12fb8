import { isClusterUrl, openRedis, type RedisConnection } from '@countersign/service-kit';
import { Cluster } from 'ioredis';
import { randomBytes } from 'node:crypto';
import { testServers } from './test-servers';
import { waitFor } from './wait-for';

export interface FreshRedis {
  /** Address of a logical database that nobody else uses, and that was empty at first. */
  url: string;
  /** Number of that database. */
  db: number;
  /** For what databases do not separate: names of channels, of consumer groups, of queues in a log. */
  keyPrefix: string;
  /** Empties this database only. Never use FLUSHALL: other spec files live in the other databases. */
  flush(): Promise<void>;
  /** Empties it and gives it back. */
  drop(): Promise<void>;
}

/** Redis has 16 by default; database 0 keeps the book of who uses which. */
const LAST_DATABASE = 15;
/** Longer than any spec file; a killed test gives its database back by this. */
const CLAIM_MS = 15 * 60 * 1000;
const WAIT_MS = 60_000;

/** A Redis of one's own, for one spec file. Call it in `beforeAll`, `drop` in `afterAll`. */
export async function freshRedis(): Promise<FreshRedis> {
  const { REDIS_URL: serverUrl } = testServers();
  if (isClusterUrl(serverUrl)) return wholeCluster(serverUrl);
  const db = await withRedis(serverUrl, (book) => waitFor(() => claim(book, serverUrl), { what: 'a Redis database that nobody uses', timeoutMs: WAIT_MS }));
  const url = urlOf(serverUrl, db);
  const flush = (): Promise<void> => withRedis(url, async (redis) => void (await redis.flushdb()));
  return {
    url,
    db,
    keyPrefix: `t${randomBytes(4).toString('hex')}`,
    flush,
    drop: async () => {
      await flush();
      await withRedis(serverUrl, (book) => book.del(claimKey(db)));
    },
  };
}

/** A cluster has no logical databases: one spec file at a time has all of it. */
async function wholeCluster(url: string): Promise<FreshRedis> {
  const isMine = (redis: RedisConnection): Promise<boolean | undefined> => redis.set(CLUSTER_CLAIM, 'taken', 'PX', CLAIM_MS, 'NX').then((answer) => answer === 'OK' || undefined);
  await withRedis(url, (redis) => waitFor(() => isMine(redis), { what: 'the cluster to be nobody\'s', timeoutMs: WAIT_MS }));
  const empty = (): Promise<void> => withRedis(url, async (redis) => {
    const masters = redis instanceof Cluster ? redis.nodes('master') : [redis];
    await Promise.all(masters.map((master) => master.flushall()));
  });
  const claimAgain = (): Promise<void> => withRedis(url, async (redis) => void (await redis.set(CLUSTER_CLAIM, 'taken', 'PX', CLAIM_MS)));
  const flush = async (): Promise<void> => {
    await empty();
    await claimAgain();
  };
  await flush();
  return { url, db: 0, keyPrefix: `t${randomBytes(4).toString('hex')}`, flush, drop: empty };
}

const CLUSTER_CLAIM = 'testing:cluster';
const claimKey = (db: number): string => `testing:database:${db}`;
/** Databases that tests have used before: what is left in them may go. */
const USED = 'testing:used';

/** A given Redis may hold somebody's data, so only an empty database is taken, or one that tests left behind. */
async function claim(book: RedisConnection, serverUrl: string): Promise<number | undefined> {
  for (let db = 1; db <= LAST_DATABASE; db += 1) {
    if ((await book.set(claimKey(db), 'taken', 'PX', CLAIM_MS, 'NX')) !== 'OK') continue;
    const mayFlush = (await book.sismember(USED, db)) === 1;
    if (await makeEmpty(urlOf(serverUrl, db), mayFlush)) {
      await book.sadd(USED, db);
      return db;
    }
  }
  return undefined;
}

function makeEmpty(url: string, mayFlush: boolean): Promise<boolean> {
  return withRedis(url, async (redis) => {
    if (mayFlush) await redis.flushdb();
    return (await redis.dbsize()) === 0;
  });
}

function urlOf(serverUrl: string, db: number): string {
  const url = new URL(serverUrl);
  url.pathname = `/${db}`;
  return url.toString();
}

async function withRedis<T>(url: string, work: (redis: RedisConnection) => Promise<T>): Promise<T> {
  const redis = openRedis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
