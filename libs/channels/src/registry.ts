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
  /** Signed path of a kept file, relative to the gateway: all that a client of the gateway needs. */
  artifactPath: ArtifactUrl;
  /** The gateway's address, without a slash at the end, for those who are elsewhere. */
  publicUrl: string;
}

export interface OpenChannel {
  channel: NotificationChannel;
  close(): Promise<void>;
}

type Entry = (settings: ChannelSettings) => Promise<OpenChannel | null>;

/** One entry a channel; null when it is not configured. A new channel is a folder and a line here. */
const REGISTRY: Record<string, Entry> = {
  socket: async ({ redisUrl, prefix, artifactPath }) => {
    const channel = await SocketChannel.open({ redisUrl, artifactUrl: artifactPath, ...(prefix === undefined ? {} : { prefix }) });
    return { channel, close: () => channel.close() };
  },
  websocket: async ({ websocketUrl, websocketApiKey, artifactPath, publicUrl }) => {
    if (websocketUrl === null) return null;
    const artifactUrl: ArtifactUrl = (artifactId) => publicUrl + artifactPath(artifactId);
    return { channel: new OutsideWebsocketChannel({ websocketUrl, apiKey: websocketApiKey, artifactUrl }), close: async () => undefined };
  },
};

export async function createChannels(settings: ChannelSettings): Promise<OpenChannel[]> {
  const opened = await Promise.all(Object.values(REGISTRY).map((open) => open(settings)));
  return opened.filter((one) => one !== null);
}
