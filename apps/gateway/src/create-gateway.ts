import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { GatewayModule } from './gateway.module';
import type { GatewaySettings } from './gateway-ports.module';
import { describeApi } from './http/docs/api-docs';
import { serveInbox } from './http/inbox';
import { nestLog } from './http/nest-log';
import { pageSecurity } from './http/page-security';
import { readBody } from './http/input/read-body';
import { requestId } from './http/input/request-id';
import { sameOrigin } from './http/callers/same-origin';

/** The gateway, ready to listen. Closing it closes its connections too. */
export async function createGateway(settings: GatewaySettings): Promise<NestExpressApplication> {
  const { env } = settings;
  const app = await NestFactory.create<NestExpressApplication>(GatewayModule.with(settings), {
    bodyParser: false, logger: nestLog(settings.logger), abortOnError: false, forceCloseConnections: true,
  });
  app.disable('x-powered-by');
  app.use(requestId, pageSecurity(), sameOrigin({ publicUrl: env.PUBLIC_URL, loopbackOnly: env.AUTH_MODE === 'local' }), readBody(env.JSON_BODY_LIMIT_BYTES));
  serveInbox(app);
  describeApi(app);
  await app.init();
  return app;
}
