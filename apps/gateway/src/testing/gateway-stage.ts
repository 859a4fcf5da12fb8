import type { ProblemView } from '@countersign/contracts';
import { createDataSource, migrate } from '@countersign/persistence';
import { createLogger, Health, loadEnv } from '@countersign/service-kit';
import { freshDatabase, freshRedis } from '@countersign/testing';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createGateway } from '../create-gateway';
import { GatewayEnv } from '../gateway.env';
import { listen } from '../listen';

export interface CallOptions {
  body?: unknown;
  /** Goes into X-User-Id. */
  user?: string;
  headers?: Record<string, string>;
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  body: T;
}

export interface GatewayStage {
  url: string;
  app: NestExpressApplication;
  /** What the gateway logged so far. */
  logLines: string[];
  /** `T` is what the route answers; a problem when nothing is said. */
  call<T = ProblemView>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  close(): Promise<void>;
}

/** A gateway on a free port, with a database and a Redis of its own. Nothing else runs: no orchestrator moves its runs. */
export async function startGateway(variables: Record<string, string> = {}): Promise<GatewayStage> {
  const [database, redis] = await Promise.all([freshDatabase({ migrate: migrateAt }), freshRedis()]);
  const logLines: string[] = [];
  const env = loadEnv(GatewayEnv, { DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: '0', LOG_LEVEL: 'error', DATABASE_POOL_SIZE: '5', ...variables });
  const logger = createLogger({ service: 'gateway', level: env.LOG_LEVEL, write: (line) => void logLines.push(line) });
  const app = await createGateway({ env, logger, health: new Health(), livePrefix: `${redis.keyPrefix}:` });
  const drop = async (): Promise<void> => void (await Promise.all([database.drop(), redis.drop()]));
  const port = await listen(app, env).catch(async (error: unknown) => {
    await drop();
    throw error;
  });
  const url = `http://127.0.0.1:${port}`;
  return {
    url, app, logLines,
    call: (method, path, options = {}) => call(`${url}${path}`, method, options),
    close: async () => {
      await app.close();
      await drop();
    },
  };
}

async function migrateAt(url: string): Promise<void> {
  const source = await createDataSource({ url, poolSize: 2, applicationName: 'countersign-test' }).initialize();
  await migrate(source);
  await source.destroy();
}

async function call<T>(url: string, method: string, { body, user, headers }: CallOptions): Promise<Answer<T>> {
  const response = await fetch(url, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...(user !== undefined && { 'x-user-id': user }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return { status: response.status, headers: response.headers, body: (isJson && text !== '' ? JSON.parse(text) : text) as T };
}
