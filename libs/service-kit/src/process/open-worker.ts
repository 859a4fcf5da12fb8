import type { HealthEnv, LogEnv } from '../env/env-groups';
import { loadEnv } from '../env/load-env';
import { startHealthServer } from '../health/health-server';
import { createMetrics, type Registry } from '../health/metrics';
import { createLogger, type Logger } from '../log/logger';
import type { ServiceContext } from './run-service';

export interface Worker<Env> {
  env: Env;
  logger: Logger;
  metrics: Registry;
  /** Answers probes where HEALTH_PORT says so, until the process ends; called when all checks are known. */
  answerProbes(): Promise<void>;
}

/** What every process without HTTP of its own has before its own parts. @throws EnvError naming every variable that is wrong */
export function openWorker<Env extends HealthEnv & LogEnv>({ service, shutdown, health, useLogger }: ServiceContext, Variables: new () => Env): Worker<Env> {
  const env = loadEnv(Variables);
  const logger = createLogger({ service, level: env.LOG_LEVEL });
  useLogger(logger);
  const metrics = createMetrics({ service, process: env.PROCESS_METRICS });
  const answerProbes = async (): Promise<void> => {
    if (env.HEALTH_PORT === undefined) return;
    const server = await startHealthServer({ health, metrics, port: env.HEALTH_PORT, host: env.HEALTH_HOST });
    shutdown.on('close', 'health', () => server.close());
  };
  return { env, logger, metrics, answerProbes };
}
