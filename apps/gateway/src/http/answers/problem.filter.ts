import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import { GatewayLog } from '../gateway-log';
import { problemOf } from './problem-of';
import { requestIdOf } from '../input/request-id';

const SERVER_ERROR = 500;

/** Answers everything thrown on the way as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: GatewayLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const response = host.switchToHttp().getResponse<Response>();
    const problem = problemOf(error);
    if (problem.status >= SERVER_ERROR && problem.code !== 'NOT_IMPLEMENTED') this.log.logger.error({ err: error, code: problem.code }, 'request failed');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { retryAfterSeconds } = problem.more;
    if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
    if (problem.code === 'UNAUTHENTICATED') response.setHeader('WWW-Authenticate', 'Bearer');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.view(requestIdOf(response))));
  }
}
