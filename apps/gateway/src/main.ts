import 'reflect-metadata';
import type { Server } from 'node:http';
import { createLogger, loadEnv, runService } from '@countersign/service-kit';
import { createGateway } from './create-gateway';
import { GatewayEnv, publicUrlOf } from './gateway.env';
import { drain } from './http/drain';
import { listen } from './listen';

const SERVICE = 'gateway';

runService(SERVICE, async ({ health, shutdown, announceReady, useLogger }) => {
  const env = loadEnv(GatewayEnv);
  const logger = createLogger({ service: SERVICE, level: env.LOG_LEVEL });
  useLogger(logger);
  const app = await createGateway({ env, logger, health });
  shutdown.on('intake', 'http', () => drain(app.getHttpServer() as Server));
  shutdown.on('close', 'app', () => app.close());
  const port = await listen(app, env);
  announceReady({ url: publicUrlOf({ ...env, PORT: port }), port });
});
