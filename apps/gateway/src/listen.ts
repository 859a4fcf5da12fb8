import { EnvError } from '@countersign/service-kit';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayEnv } from './gateway.env';

type Address = Pick<GatewayEnv, 'HOST' | 'PORT'>;

/** The port listened on. @throws EnvError, one sentence, when HOST and PORT cannot be had; the app is closed then. */
export async function listen(app: NestExpressApplication, address: Address): Promise<number> {
  const server = app.getHttpServer() as Server;
  try {
    // Not Nest's own listen: that writes the error into the log before anybody can put it into words.
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(address.PORT, address.HOST, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (error) {
    await app.close();
    const reason = REASONS[(error as { code?: string }).code ?? ''];
    throw reason === undefined ? error : new EnvError([reason(address)]);
  }
  return (server.address() as AddressInfo).port;
}

const REASONS: Record<string, (address: Address) => string> = {
  EADDRINUSE: ({ PORT }) => `PORT ${PORT} is taken by another program: end it, or set another PORT`,
  EACCES: ({ PORT }) => `PORT ${PORT} needs more rights than this user has: set a PORT above 1023`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST ${HOST} is not an address of this machine`,
  ENOTFOUND: ({ HOST }) => `HOST ${HOST} is not an address of this machine`,
};
