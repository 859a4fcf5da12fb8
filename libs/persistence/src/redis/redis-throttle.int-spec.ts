import { freshRedis, waitFor, type FreshRedis } from '@countersign/testing';
import { Redis } from 'ioredis';
import { RedisThrottle } from './redis-throttle';

describe('RedisThrottle', () => {
  let server: FreshRedis;
  let connections: Redis[];
  let throttle: RedisThrottle;
  let other: RedisThrottle;
  beforeAll(async () => {
    server = await freshRedis();
    connections = [new Redis(server.url), new Redis(server.url)];
    [throttle, other] = connections.map((redis) => new RedisThrottle(redis, `${server.keyPrefix}:`)) as [RedisThrottle, RedisThrottle];
  });
  afterAll(async () => {
    for (const redis of connections) redis.disconnect();
    await server.drop();
  });

  const turns = (account: string, count: number, of = throttle) => Promise.all(Array.from({ length: count }, (_, place) => of.turn(account, `run-${place}`)));

  it('lets everybody go as long as nobody was refused', async () => {
    expect(await turns('quiet', 50)).toEqual(Array.from({ length: 50 }, () => 0));
  });

  it('makes all executors wait as long as the provider said, then go one after the other', async () => {
    await throttle.refused('busy', 20_000);
    const waits = await turns('busy', 10, other);
    expect(waits[0]).toBeGreaterThan(10_000);
    expect(waits[0]).toBeLessThanOrEqual(20_000);
    // A tenth of a second apart, less what lies between the calls themselves.
    expect((waits[9] ?? 0) - (waits[0] ?? 0)).toBeGreaterThan(400);
    expect([...waits].sort((one, two) => one - two)).toEqual(waits);
    expect(await throttle.turn('another account', 'run-0')).toBe(0);
  });

  it('keeps the place of whoever asks again', async () => {
    await throttle.refused('patient', 60_000);
    const [first = 0, second = 0] = await turns('patient', 2);
    await turns('patient', 30);
    const again = await other.turn('patient', 'run-0');
    expect(again).toBeLessThanOrEqual(first);
    expect(again).toBeGreaterThan(first - 30_000);
    expect(second).toBeGreaterThan(first);
  });

  it('lets a launch go when its turn has come, once', async () => {
    await throttle.refused('soon', 1_000);
    const wait = await throttle.turn('soon', 'run-a');
    expect(wait).toBeGreaterThan(0);
    await waitFor(async () => (await throttle.turn('soon', 'run-a')) === 0 || undefined, { what: 'its turn' });
  });

  it('gives a new place to whoever waited when the provider refused again, and counts one refusal told by many once', async () => {
    await throttle.refused('again', 20);
    const before = await throttle.turn('again', 'run-a');
    expect(before).toBeLessThanOrEqual(20);
    await Promise.all(Array.from({ length: 8 }, () => other.refused('again', 30_000)));
    const after = await throttle.turn('again', 'run-a');
    expect(after).toBeGreaterThan(25_000);
    const [one = 0, two = 0] = [await throttle.turn('again', 'run-b'), await throttle.turn('again', 'run-c')];
    expect(two - one).toBeLessThan(500);
  });

  it('forgets its limit when turn after turn is not refused', async () => {
    await throttle.refused('eased', 1);
    const go = async (name: string) => waitFor(async () => (await throttle.turn('eased', name)) === 0 || undefined, { what: 'a turn', intervalMs: 5 });
    for (let place = 0; place < 16; place += 1) await go(`run-${place}`);
    expect(await turns('eased', 5)).toEqual([0, 0, 0, 0, 0]);
  });
});
