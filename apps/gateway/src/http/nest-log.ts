import type { Logger } from '@countersign/service-kit';
import type { LoggerService } from '@nestjs/common';

/** What Nest itself has to say, in the house's own log. Its start-up chatter is left out. */
export function nestLog(logger: Logger): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => logger.warn({ from: 'nest' }, String(message)),
    error: (message: unknown, ...more: unknown[]) => logger.error({ from: 'nest', more }, String(message)),
    fatal: (message: unknown, ...more: unknown[]) => logger.fatal({ from: 'nest', more }, String(message)),
  };
}
