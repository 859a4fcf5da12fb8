import { liveStateContract, testId } from '@countersign/core/testing';
import { topics, type Signal } from '@countersign/core';
import { freshRedis, waitFor, type FreshRedis } from '@countersign/testing';
import { Redis } from 'ioredis';
import { RedisLiveState } from './redis-live-state';

describe('RedisLiveState', () => {
  let server: FreshRedis;
  let connections: Redis[];
  let live: RedisLiveState;
  let other: RedisLiveState;
  let watchers: RedisLiveState[];
  beforeAll(async () => {
    server = await freshRedis();
    connections = [new Redis(server.url), new Redis(server.url)];
    [live, other] = connections.map((redis) => new RedisLiveState(redis, `${server.keyPrefix}:`)) as [RedisLiveState, RedisLiveState];
    watchers = [live, other];
  });
  afterAll(async () => {
    for (const each of watchers) each.close();
    for (const redis of connections) redis.disconnect();
    await server.drop();
  });
  const until = async (look: () => boolean): Promise<void> => void (await waitFor(look, { what: 'a signal' }));

  const fresh = (): RedisLiveState => {
    const redis = new Redis(server.url);
    connections.push(redis);
    const watcher = new RedisLiveState(redis, `${server.keyPrefix}:`);
    watchers.push(watcher);
    return watcher;
  };

  liveStateContract(() => ({ live, other, fresh, until }));

  it('forgets a run that nobody looks at, so that Redis does not fill up', async () => {
    const runId = testId();
    await live.moved(runId, 2);
    await live.put(runId, { version: 2, tenantId: 't', userId: 'u', view: {} });
    const [key = ''] = await connections[0]?.keys(`*${runId}*`) ?? [];
    expect(await connections[0]?.ttl(key)).toBeGreaterThan(0);
  });

  it('hears again after its connection was cut', async () => {
    const topic = topics.run(testId());
    const heard: Signal[] = [];
    const stop = await live.watch(topic, (signal) => void heard.push(signal));
    await connections[1]?.client('KILL', 'TYPE', 'pubsub');
    await waitFor(async () => {
      await other.signal(topic, { kind: 'form' });
      return heard.length > 0;
    }, { what: 'a signal after the reconnect' });
    await stop();
  });

  it('can be watched again after a watch that failed', async () => {
    const redis = new Redis(server.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    const broken = new RedisLiveState(redis, `${server.keyPrefix}:`);
    const topic = topics.run(testId());
    await broken.watch(topic, () => undefined).then((stop) => stop());
    broken.close();
    await expect(broken.watch(topic, () => undefined)).rejects.toThrow();
    await expect(broken.watch(topic, () => undefined)).rejects.toThrow();
    redis.disconnect();
  });

  it('leaves no key without the given prefix', async () => {
    await live.put(testId(), { version: 1, tenantId: 't', userId: 'u', view: {} });
    const keys = await connections[0]?.keys('*');
    expect(keys?.filter((key) => !key.startsWith(`${server.keyPrefix}:`))).toEqual([]);
  });
});
