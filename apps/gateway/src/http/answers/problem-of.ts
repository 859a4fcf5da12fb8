import { HttpException } from '@nestjs/common';
import { ProblemError, type ProblemCode } from './problem';

/** Problem codes of what Nest itself refuses. */
const BY_STATUS: Record<number, ProblemCode> = {
  400: 'MALFORMED_BODY', 401: 'UNAUTHENTICATED', 403: 'FORBIDDEN', 404: 'NOT_FOUND', 405: 'METHOD_NOT_ALLOWED',
  413: 'BODY_TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE', 416: 'RANGE_NOT_SATISFIABLE', 422: 'VALIDATION_FAILED',
  429: 'RATE_LIMITED', 501: 'NOT_IMPLEMENTED', 503: 'UNAVAILABLE',
};

/** Errors of a database or Redis that is away, starting or stopping: the caller may simply try again. */
const AWAY = /ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|timeout exceeded when trying to connect|Connection terminated|Connection is closed|max retries per request|Stream isn't writeable/i;
/** Postgres: connection_exception, admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections. */
const AWAY_SQL_STATES = /^(?:08...|57P0[123]|53300)$/;
const TRY_AGAIN_SECONDS = 1;

/** Whatever was thrown, as a refusal that may leave the house. Only `ProblemError`s carry their own words outside. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HttpException) {
    const code = BY_STATUS[error.getStatus()] ?? 'INTERNAL';
    return new ProblemError(code, code === 'INTERNAL' ? INTERNAL_DETAIL : error.message);
  }
  if (isAway(error)) {
    return new ProblemError('UNAVAILABLE', 'Nothing was changed; please try again.', { retryAfterSeconds: TRY_AGAIN_SECONDS });
  }
  return new ProblemError('INTERNAL', INTERNAL_DETAIL);
}

const INTERNAL_DETAIL = 'The request could not be carried out. Operators find the reason in the log by the request id.';

function isAway(error: unknown): boolean {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  return (typeof code === 'string' && AWAY_SQL_STATES.test(code)) || AWAY.test(`${String(code)} ${String(message)}`);
}
