import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Namespace } from 'socket.io';
import { StreamsRedis } from './streams-redis';

export interface StreamsSettings {
  redisUrl: string;
  /** Begins the names of the stream and of its channels; the same for everybody who talks to each other. */
  prefix?: string;
  /** Whether messages of others are for sockets of this process too; true when absent. */
  listens?: boolean;
}

const DEFAULT_PREFIX = 'countersign:';
/** Messages kept for a gateway that lost Redis for a moment: some ten seconds of a busy house, a few megabytes. */
const STREAM_LENGTH = 4_000;
/** A read blocks this long: short, because a closing process waits for it. */
const BLOCK_MS = 1_000;

/** What carries Socket.IO messages from process to process. */
export class SocketStreams {
  private constructor(private readonly redis: StreamsRedis, readonly adapter: ReturnType<typeof createAdapter>) {}

  static async open({ redisUrl, prefix = DEFAULT_PREFIX, listens = true }: StreamsSettings): Promise<SocketStreams> {
    const streamName = `${prefix}socket.io`;
    const redis = await StreamsRedis.open(redisUrl, streamName, listens);
    const adapter = createAdapter(redis.connection, { streamName, channelPrefix: streamName, maxLen: STREAM_LENGTH, blockTimeInMs: BLOCK_MS });
    return new SocketStreams(redis, adapter);
  }

  /** Resolves when all that `emit` sends is on its way to every gateway. */
  written(emit: () => void): Promise<void> {
    return this.redis.written(emit);
  }

  /** Ends the adapters that were made of this (one a namespace) and every connection behind them. */
  async close(adapters: Pick<Namespace['adapter'], 'close'>[]): Promise<void> {
    for (const adapter of adapters) await adapter.close();
    this.redis.closeAll();
  }
}
