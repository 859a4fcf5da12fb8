import { openRedis, type RedisConnection } from '@countersign/service-kit';
import type { Command, RedisOptions } from 'ioredis';

/** Longest pause between attempts to reach Redis again, ms. */
const RECONNECT_LONGEST_MS = 2_000;
/** ioredis waits this long for a polite goodbye; a copy that blocks in a read never says one. */
const DISCONNECT_TIMEOUT_MS = 100;

/** What a read brings to who does not listen; the adapter waits for it until it is closed. */
const NO_MESSAGE = new Promise<never>(() => undefined);

type Send = (command: Command, ...rest: unknown[]) => unknown;

/**
 * The connection that Socket.IO's streams adapter works with. The adapter copies its connection and shows the copies to
 * nobody, starts reading at "$" again and again until the first message (what comes between two reads would be lost), and
 * swallows what goes wrong when it writes. So: copies are known and can be closed, "$" becomes a fixed place in the
 * stream, and whoever emits can wait for Redis to have taken it.
 */
export class StreamsRedis {
  readonly connection: RedisConnection;
  private readonly connections: RedisConnection[] = [];
  private startId = '$';
  private writes: Promise<unknown>[] | null = null;

  private constructor(private readonly url: string, private readonly listens: boolean) {
    this.connection = this.connect(1);
  }

  /** @param listens false for who only sends: the adapter would read back, and throw away, each message it wrote. */
  static async open(url: string, streamName: string, listens: boolean): Promise<StreamsRedis> {
    const redis = new StreamsRedis(url, listens);
    if (!listens) return redis;
    // Redis may be away just now; then what comes between the first reads can be missed, as without this class.
    const newest = await redis.connection.xrevrange(streamName, '+', '-', 'COUNT', 1).catch(() => null);
    if (newest !== null) redis.startId = newest[0]?.[0] ?? '0-0';
    return redis;
  }

  /** Runs `emit` and waits until Redis has taken everything it wrote; rejects when Redis did not. */
  async written(emit: () => void): Promise<void> {
    const writes: Promise<unknown>[] = [];
    this.writes = writes;
    try {
      emit();
    } finally {
      this.writes = null;
    }
    await Promise.all(writes);
  }

  closeAll(): void {
    for (const one of this.connections) one.disconnect();
  }

  private connect(maxRetriesPerRequest: number | null): RedisConnection {
    const connection = openRedis(this.url, { ...CONNECTION, maxRetriesPerRequest });
    const send = connection.sendCommand.bind(connection) as Send;
    Object.assign(connection, {
      duplicate: () => this.connect(null),
      sendCommand: (command: Command, ...rest: unknown[]) => this.send(send, command, rest),
    });
    this.connections.push(connection);
    return connection;
  }

  private send(send: Send, command: Command, rest: unknown[]): unknown {
    if (command.name === 'xread' && !this.listens) return NO_MESSAGE;
    if (command.name === 'xread' && command.args.at(-1) === '$') command.args[command.args.length - 1] = this.startId;
    const answer = send(command, ...rest);
    // The adapter subscribes without looking at the answer; a process that closes at once must not die of it.
    command.promise.catch(() => undefined);
    if (command.name === 'xadd') this.writes?.push(command.promise);
    return answer;
  }
}

const CONNECTION: RedisOptions = {
  disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  retryStrategy: (times) => Math.min(times * 100, RECONNECT_LONGEST_MS),
};
