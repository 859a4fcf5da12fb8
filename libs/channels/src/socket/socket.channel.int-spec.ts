import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freshRedis, waitFor, type FreshRedis } from '@countersign/testing';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { sampleApproval, sampleNotice } from '../testing/sample-notice';
import { SocketChannel } from './socket.channel';
import { SocketStreams } from './socket-streams';

describe('SocketChannel, from process to process through Redis', () => {
  let redis: FreshRedis;
  let streams: SocketStreams;
  let http: HttpServer;
  let server: Server;
  let client: Socket;
  let channel: SocketChannel;
  const heard: { event: string; body: { version?: number } }[] = [];

  beforeAll(async () => {
    redis = await freshRedis();
    const settings = { redisUrl: redis.url, prefix: redis.keyPrefix };
    streams = await SocketStreams.open(settings);
    http = createServer();
    server = new Server(http, { adapter: streams.adapter });
    server.of('/hitl').on('connection', (socket) => void socket.join('user:acme:ann'));
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    client = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}/hitl`, { transports: ['websocket'] });
    client.onAny((event: string, body: { version?: number }) => heard.push({ event, body }));
    await waitFor(() => client.connected, { what: 'the client to connect' });
    channel = await SocketChannel.open({ ...settings, artifactUrl: (id) => id });
  });

  afterAll(async () => {
    client.disconnect();
    await channel.close();
    await server.close();
    await streams.close([]);
    await redis.drop();
  });

  it('reaches the sockets in the rooms, in order, each once', async () => {
    await channel.deliver(sampleNotice('asked', { approval: sampleApproval() }));
    await channel.deliver(sampleNotice('approved', { approval: sampleApproval() }));
    await waitFor(() => heard.length === 4, { what: 'four messages' });
    expect(heard.map(({ event }) => event)).toEqual(['run.updated', 'approval.requested', 'run.updated', 'approval.decided']);
  });

  it('does not read back what it writes', async () => {
    const admin = new Redis(redis.url);
    const monitor = await admin.monitor();
    const settings = { redisUrl: redis.url, prefix: `${redis.keyPrefix}alone` };
    const commands: string[] = [];
    monitor.on('monitor', (_time: string, [name = '', ...args]: string[]) => args.some((arg) => arg.startsWith(settings.prefix)) && commands.push(name.toLowerCase()));
    const alone = await SocketChannel.open({ ...settings, artifactUrl: (id) => id });
    // Its other connection is up by now, so a reading one would be.
    await waitFor(() => commands.filter((name) => name === 'subscribe').length === 2, { what: 'both namespaces to subscribe' });
    for (let sent = 1; sent <= 3; sent += 1) {
      await alone.deliver(sampleNotice('started'));
      await waitFor(() => commands.filter((name) => name === 'xadd').length === sent, { what: 'the message to be seen' });
    }
    await alone.close();
    monitor.disconnect();
    admin.disconnect();
    expect(commands).not.toContain('xread');
  });

  it('says so when Redis does not take a message', async () => {
    const lost = await SocketChannel.open({ redisUrl: redis.url, prefix: `${redis.keyPrefix}x`, artifactUrl: (id) => id });
    await lost.close();
    await expect(lost.deliver(sampleNotice('started'))).rejects.toMatchObject({ name: 'DeliveryError', isOutage: true });
  });
});
