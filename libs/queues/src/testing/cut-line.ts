import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/** A line to a server that can be cut and mended: what its clients see when the server goes away and comes back. */
export interface CutLine {
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function cutLine(serverUrl: string): Promise<CutLine> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let server: Server | null = null;
  let port = 0;

  function join(client: Socket): void {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  }
  const mend = (): Promise<void> =>
    new Promise((resolve, reject) => {
      server = createServer(join);
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        port = (server?.address() as AddressInfo).port;
        resolve();
      });
    });
  const cut = (): Promise<void> =>
    new Promise((resolve) => {
      if (server) server.close(() => resolve());
      else resolve();
      server = null;
      for (const socket of open) socket.destroy();
    });

  await mend();
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return { url: url.toString(), cut, mend, close: cut };
}
