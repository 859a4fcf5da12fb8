import { SOCKET_NAMESPACE, type ArtifactUrl, type ClientToServerEvents, type ServerToClientEvents } from '@countersign/contracts';
import { DeliveryError, NotificationChannel, type Notice } from '@countersign/core';
import { Server, type Namespace } from 'socket.io';
import { emissionsOf, type Emission } from './emissions';
import { SocketStreams, type StreamsSettings } from './socket-streams';

/** Longest that Redis may take to accept a message, ms: it answers in well under one, or it is away. */
const WRITE_TIMEOUT_MS = 3_000;

/**
 * Tells browsers and other Socket.IO clients. It has no HTTP server: its messages travel through Redis to the gateways,
 * and each gateway hands them to the sockets in the rooms named.
 */
export class SocketChannel extends NotificationChannel {
  readonly name = 'socket';
  private readonly server: Server<ClientToServerEvents, ServerToClientEvents>;
  private readonly namespace: Namespace<ClientToServerEvents, ServerToClientEvents>;

  private constructor(private readonly streams: SocketStreams, private readonly artifactUrl: ArtifactUrl) {
    super();
    this.server = new Server({ adapter: streams.adapter });
    this.namespace = this.server.of(SOCKET_NAMESPACE);
  }

  static async open(settings: StreamsSettings & { artifactUrl: ArtifactUrl }): Promise<SocketChannel> {
    return new SocketChannel(await SocketStreams.open({ ...settings, listens: false }), settings.artifactUrl);
  }

  async deliver(notice: Notice): Promise<void> {
    const emissions = emissionsOf(notice, this.artifactUrl);
    await inTime(this.streams.written(() => emissions.forEach((emission) => this.emit(emission))));
  }

  close(): Promise<void> {
    return this.streams.close([this.server.of('/').adapter, this.namespace.adapter]);
  }

  private emit({ event, body, rooms }: Emission): void {
    (this.namespace.to(rooms) as { emit(event: string, body: object): boolean }).emit(event, body);
  }
}

async function inTime(written: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${WRITE_TIMEOUT_MS} ms`)), WRITE_TIMEOUT_MS);
  });
  try {
    await Promise.race([written, late]);
  } catch (error) {
    throw new DeliveryError(`Redis did not take the message: ${error instanceof Error ? error.message : 'failed'}`, true);
  } finally {
    clearTimeout(timer);
  }
}
