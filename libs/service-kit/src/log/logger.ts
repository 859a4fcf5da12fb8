import pino, { type Logger } from 'pino';
import { correlationId } from './correlation';
import { scrub } from './scrub';

export type { Logger } from 'pino';

export interface LoggerOptions {
  service: string;
  level?: string;
  /** Where lines go; standard output unless told. */
  write?: (line: string) => void;
}

/** A JSON logger: one line per event, with service, ISO time and correlation id, and no secrets. */
export function createLogger({ service, level = 'info', write }: LoggerOptions): Logger {
  const destination = write === undefined ? pino.destination({ dest: 1, sync: true }) : undefined;
  const out = write ?? ((line: string) => void destination?.write(line));
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => correlationFields(),
    },
    { write: (line) => out(scrub(line)) },
  );
}

function correlationFields(): object {
  const id = correlationId();
  return id === undefined ? {} : { correlation_id: id };
}
