import { Cluster, Redis } from 'ioredis';
import { isClusterUrl, openRedis } from './open-redis';

describe('openRedis', () => {
  it('opens one server by its address', () => {
    const redis = openRedis('redis://:secret@cache.example:6380/3', { lazyConnect: true });
    expect(redis).toBeInstanceOf(Redis);
    expect(redis.options).toMatchObject({ host: 'cache.example', port: 6380, db: 3, password: 'secret' });
  });

  it('opens a cluster by any of its nodes, with the same options', () => {
    const redis = openRedis('redis+cluster://dana:p%40ss:word@a.example:7001,b.example,[::1]:7003', {
      lazyConnect: true, maxRetriesPerRequest: 1, enableOfflineQueue: false, retryStrategy: () => null,
    });
    expect(redis).toBeInstanceOf(Cluster);
    const { options } = redis as Cluster;
    expect(options).toMatchObject({ enableOfflineQueue: false, redisOptions: { username: 'dana', password: 'p@ss:word', maxRetriesPerRequest: 1 } });
    expect(options.clusterRetryStrategy?.(1)).toBeNull();
    expect((redis as unknown as { startupNodes: object[] }).startupNodes).toEqual([
      { host: 'a.example', port: 7001 }, { host: 'b.example', port: 6379 }, { host: '::1', port: 7003 },
    ]);
  });

  it('speaks TLS where the address says so, and takes a password without a user', () => {
    const { options } = openRedis('rediss+cluster://:secret@a.example:7001', { lazyConnect: true }) as Cluster;
    expect(options.redisOptions).toMatchObject({ tls: {}, password: 'secret' });
    expect(options.redisOptions).not.toHaveProperty('username');
  });

  it.each([['redis://a:1', false], ['rediss://a:1', false], ['redis+cluster://a:1', true], ['rediss+cluster://x@a:1,b:2/', true]])('tells whether %s is a cluster', (url, is) => {
    expect(isClusterUrl(url)).toBe(is);
  });
});
