import type { ArtifactUrl } from '@countersign/contracts';
import type { NotificationChannel } from '@countersign/core';
import { SocketChannel } from './socket/socket.channel';
import { OutsideWebsocketChannel } from './webhook/outside-websocket.channel';

export interface ChannelSettings {
  redisUrl: string;
  /** Begins the names of the Socket.IO stream in Redis; the same for notifier and gateway. */
  prefix?: string;
  /** Outside WebSocket server; null = there is none. */
  websocketUrl: string | null;
  websocketApiKey: string | null;
  artifactUrl: ArtifactUrl;
}

export interface OpenChannel {
  channel: NotificationChannel;
  close(): Promise<void>;
}

type Entry = (settings: ChannelSettings) => Promise<OpenChannel | null>;

/** One entry a channel; null when it is not configured. A new channel is a folder and a line here. */
const REGISTRY: Record<string, Entry> = {
  socket: async ({ redisUrl, prefix, artifactUrl }) => {
    const channel = await SocketChannel.open({ redisUrl, artifactUrl, ...(prefix === undefined ? {} : { prefix }) });
    return { channel, close: () => channel.close() };
  },
  websocket: async ({ websocketUrl, websocketApiKey, artifactUrl }) => {
    if (websocketUrl === null) return null;
    return { channel: new OutsideWebsocketChannel({ websocketUrl, apiKey: websocketApiKey, artifactUrl }), close: async () => undefined };
  },
};

export async function createChannels(settings: ChannelSettings): Promise<OpenChannel[]> {
  const opened = await Promise.all(Object.values(REGISTRY).map((open) => open(settings)));
  return opened.filter((one) => one !== null);
}
