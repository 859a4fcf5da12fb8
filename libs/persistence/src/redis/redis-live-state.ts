/*
 * What this is: the fast copy of runs, and the wake-up calls for whoever waits on one.
 * Invariant: a copy is replaced only by a newer version; losing all of it costs time, never truth (1).
 */
import { LiveState, topics, type LiveView, type Signal } from '@countersign/core';
import type { RedisConnection } from '@countersign/service-kit';
import { keys } from './keys';

/** How long a copy or a known version stays, seconds: polls of one run come far closer together. */
const LIVE_SECONDS = 60;

/** KEYS: run. ARGV: version, body, ttl. 1 = kept, 0 = the run is known to have moved on. */
const KEEP = `
local newest = redis.call('HGET', KEYS[1], 'version')
if newest and tonumber(newest) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'version', ARGV[1], 'body', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1`;

/** KEYS: run. ARGV: version, ttl, topic, signal. Drops an older copy and wakes the watchers, in one step. */
const MOVED = `
local newest = redis.call('HGET', KEYS[1], 'version')
if not newest or tonumber(newest) < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'version', ARGV[1])
  redis.call('HDEL', KEYS[1], 'body')
  redis.call('EXPIRE', KEYS[1], ARGV[2])
end
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1`;

interface LiveCommands {
  countersignKeep(key: string, version: number, body: string, ttl: number): Promise<number>;
  countersignMoved(key: string, version: number, ttl: number, topic: string, signal: string): Promise<number>;
}

type Listener = (signal: Signal) => void;

interface Watched {
  listeners: Set<Listener>;
  /** Settled when Redis has taken the subscription. */
  joined: Promise<unknown>;
}

export class RedisLiveState extends LiveState {
  private readonly topics = new Map<string, Watched>();
  private subscriber: RedisConnection | null = null;
  private readonly commands: LiveCommands;

  /** @param prefix the same in all processes of an installation; tests give each its own. */
  constructor(private readonly redis: RedisConnection, private readonly prefix = 'countersign:') {
    super();
    redis.defineCommand('countersignKeep', { numberOfKeys: 1, lua: KEEP });
    redis.defineCommand('countersignMoved', { numberOfKeys: 1, lua: MOVED });
    this.commands = redis as unknown as LiveCommands;
  }

  async moved(runId: string, version: number): Promise<void> {
    const signal: Signal = { kind: 'run', version };
    const topic = keys.topic(this.prefix, topics.run(runId));
    await this.commands.countersignMoved(keys.run(this.prefix, runId), version, LIVE_SECONDS, topic, JSON.stringify(signal));
  }

  async put(runId: string, live: LiveView): Promise<boolean> {
    const kept = await this.commands.countersignKeep(keys.run(this.prefix, runId), live.version, JSON.stringify(live), LIVE_SECONDS);
    return kept === 1;
  }

  async get(runId: string): Promise<LiveView | null> {
    const body = await this.redis.hget(keys.run(this.prefix, runId), 'body');
    return body === null ? null : (JSON.parse(body) as LiveView);
  }

  async signal(topic: string, signal: Signal): Promise<void> {
    await this.redis.publish(keys.topic(this.prefix, topic), JSON.stringify(signal));
  }

  async watch(topic: string, onSignal: Listener): Promise<() => Promise<void>> {
    const channel = keys.topic(this.prefix, topic);
    const watched = this.topics.get(channel) ?? this.join(channel);
    watched.listeners.add(onSignal);
    try {
      await watched.joined;
    } catch (error) {
      await this.unwatch(channel, onSignal);
      throw error;
    }
    return () => this.unwatch(channel, onSignal);
  }

  /** Whoever else comes meanwhile waits for the same subscription: a signal sent after `watch` returned is never missed. */
  private join(channel: string): Watched {
    const watched: Watched = { listeners: new Set(), joined: this.ensureSubscriber().subscribe(channel) };
    this.topics.set(channel, watched);
    return watched;
  }

  private async unwatch(channel: string, onSignal: Listener): Promise<void> {
    const watched = this.topics.get(channel);
    if (!watched?.listeners.delete(onSignal) || watched.listeners.size > 0) return;
    this.topics.delete(channel);
    await this.subscriber?.unsubscribe(channel).catch(() => undefined);
  }

  /** A connection of its own: one that subscribes can do nothing else. It subscribes again by itself after a reconnect. */
  private ensureSubscriber(): RedisConnection {
    if (this.subscriber) return this.subscriber;
    const subscriber = this.redis.duplicate();
    subscriber.on('message', (channel: string, text: string) => {
      const signal = JSON.parse(text) as Signal;
      for (const listener of this.topics.get(channel)?.listeners ?? []) listener(signal);
    });
    subscriber.on('error', () => undefined);
    this.subscriber = subscriber;
    return subscriber;
  }

  close(): void {
    this.subscriber?.disconnect();
  }
}
