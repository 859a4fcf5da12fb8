import { QUEUE_PREFIX } from '@countersign/contracts';
import type { RedisOptions } from 'ioredis';

export interface QueueSettings {
  redisUrl: string;
  /** Key prefix; tests give each its own. */
  prefix?: string;
}

export const prefixOf = (settings: QueueSettings): string => settings.prefix ?? QUEUE_PREFIX;

/** Longest pause between attempts to reach Redis again, ms. */
const RECONNECT_LONGEST_MS = 2_000;

/**
 * Workers wait for Redis for ever (`maxRetriesPerRequest: null`, BullMQ demands it); publishers must not: a doorbell
 * that cannot be rung stays in the outbox, and its caller goes on.
 * @param isClosing from then on a lost connection is given up, so that a process can end while Redis is away.
 */
export function connectionOptions(kind: 'worker' | 'publisher', isClosing: () => boolean = () => false): RedisOptions {
  return {
    maxRetriesPerRequest: kind === 'worker' ? null : 1,
    enableOfflineQueue: kind === 'worker',
    retryStrategy: (times) => (isClosing() ? null : Math.min(times * 100, RECONNECT_LONGEST_MS)),
  };
}
