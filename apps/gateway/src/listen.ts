import { EnvError } from '@countersign/service-kit';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { AddressInfo } from 'node:net';
import type { GatewayEnv } from './gateway.env';

/** The port listened on. @throws EnvError, one sentence, when HOST and PORT cannot be had. */
export async function listen(app: NestExpressApplication, env: Pick<GatewayEnv, 'HOST' | 'PORT'>): Promise<number> {
  try {
    await app.listen(env.PORT, env.HOST);
  } catch (error) {
    const reason = REASONS[(error as { code?: string }).code ?? ''];
    if (reason === undefined) throw error;
    await app.close();
    throw new EnvError([reason(env)]);
  }
  return ((app.getHttpServer() as { address(): AddressInfo }).address()).port;
}

const REASONS: Record<string, (env: Pick<GatewayEnv, 'HOST' | 'PORT'>) => string> = {
  EADDRINUSE: ({ PORT }) => `PORT ${PORT} is taken by another program: end it, or set another PORT`,
  EACCES: ({ PORT }) => `PORT ${PORT} needs more rights than this user has: set a PORT above 1023`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST ${HOST} is not an address of this machine`,
};
