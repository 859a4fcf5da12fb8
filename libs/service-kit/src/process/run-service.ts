import { EnvError } from '../env/load-env';
import { Health } from '../health/health';
import { createLogger, type Logger } from '../log/logger';
import { Shutdown } from './shutdown';

/** What a service is given to live in its process. */
export interface ServiceContext {
  service: string;
  health: Health;
  shutdown: Shutdown;
  /** Tells whoever started this process that it takes work now. */
  announceReady(details?: object): void;
  /** Ends the process in order, as a signal would; exit status 1 when `failure` is given. */
  stop(failure?: unknown): void;
  /** The logger that the service's end is told to; before this call a plain one is used. */
  useLogger(logger: Logger): void;
}

const FAILED = 1;
/** What a shell reports for a process ended by Ctrl-C (128 + SIGINT). */
const INTERRUPTED = 130;

/**
 * The `main` of a service. `start` builds it and returns when it runs; the process then lives until SIGTERM, SIGINT, the end
 * of its parent or an unforeseen error, and always leaves through the shutdown hooks. Exit status: 0 after a signal, 1 after
 * an error; a bad environment is told in one message without a stack.
 */
export function runService(service: string, start: (context: ServiceContext) => Promise<void>): void {
  let logger: Logger | undefined;
  const log = (): Logger => (logger ??= createLogger({ service }));
  const health = new Health();
  const shutdown = new Shutdown();

  const stop = (reason: string, failure?: unknown): void => {
    if (shutdown.isStopping) return;
    health.markStopping();
    if (failure === undefined) log().info({ reason }, 'stopping');
    else log().fatal({ reason, err: failure }, 'stopping');
    void shutdown.run().then(({ problems }) => {
      if (problems.length > 0) log().error({ problems }, 'did not stop cleanly');
      process.exit(failure === undefined && problems.length === 0 ? 0 : FAILED);
    });
  };

  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => (shutdown.isStopping ? process.exit(INTERRUPTED) : stop('SIGINT')));
  process.on('uncaughtException', (error) => stop('uncaught error', error));
  process.on('unhandledRejection', (error) => stop('unhandled rejection', error ?? new Error('rejected without a reason')));
  if (process.send !== undefined) process.on('disconnect', () => stop('parent is gone'));

  const context: ServiceContext = {
    service,
    health,
    shutdown,
    announceReady: (details = {}) => {
      log().info(details, 'ready');
      announceReady(details);
    },
    stop: (failure) => stop('asked to stop', failure),
    useLogger: (given) => {
      logger = given;
    },
  };
  start(context).catch((error: unknown) => {
    if (error instanceof EnvError) {
      process.stderr.write(`${service} cannot start. ${error.message}\n`);
      process.exit(FAILED);
    }
    stop('could not start', error);
  });
}

/** Sends `{ready: true, …details}` to the parent process, if there is one that listens. */
export function announceReady(details: object = {}): void {
  if (process.send !== undefined && process.connected) process.send({ ready: true, ...details });
}
