import { Cluster, Redis, type RedisOptions } from 'ioredis';

/** One Redis or a Redis Cluster: what we send is the same for both. */
export type RedisConnection = Redis | Cluster;

const CLUSTER = /^redis(s?)\+cluster:\/\/(?:([^@/]*)@)?([^/?#]+)\/?$/;
const DEFAULT_PORT = 6379;
/** How long a cluster's node may take to tell who has which keys, ms: as long as a service waits for Redis at its start. */
const SLOTS_TIMEOUT_MS = 5_000;

/**
 * Opens `redis://…`, `rediss://…` (one server) or `redis+cluster://[user:password@]host:port[,host:port…]` (any nodes of a
 * cluster; `rediss+cluster` by TLS). The same options mean the same for both. Errors of the connection are left to those who
 * wait for an answer.
 */
export function openRedis(url: string, options: RedisOptions = {}): RedisConnection {
  const redis = isClusterUrl(url) ? openCluster(url, options) : new Redis(url, options);
  redis.on('error', () => undefined);
  return redis;
}

export const isClusterUrl = (url: string): boolean => CLUSTER.test(url);

function openCluster(url: string, { retryStrategy, enableOfflineQueue, lazyConnect, ...node }: RedisOptions): Cluster {
  const [, tls, login = '', hosts = ''] = CLUSTER.exec(url) ?? [];
  const [user, password] = login.includes(':') ? login.split(/:(.*)/s) : ['', login];
  return new Cluster(hosts.split(',').map(nodeOf), {
    slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
    redisOptions: {
      ...node,
      ...(user && { username: decodeURIComponent(user) }), ...(password && { password: decodeURIComponent(password) }),
      ...(tls && { tls: {} }),
    },
    ...(retryStrategy && { clusterRetryStrategy: (times: number) => retryStrategy(times) as number | null }),
    ...(enableOfflineQueue !== undefined && { enableOfflineQueue }),
    ...(lazyConnect !== undefined && { lazyConnect }),
  });
}

/** `host`, `host:port` or `[ipv6]:port`. */
function nodeOf(text: string): { host: string; port: number } {
  const [, six, host = text, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { host: six ?? host, port: port === undefined ? DEFAULT_PORT : Number(port) };
}
