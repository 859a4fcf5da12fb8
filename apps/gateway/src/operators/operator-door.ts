import { has } from '@countersign/core';
import { Injectable } from '@nestjs/common';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { PrincipalResolver } from '../http/callers/principal-resolver';
import { ProblemError } from '../http/answers/problem';

const UNAUTHORIZED = 401;

/**
 * Lets operators pass. A browser cannot send a bearer key by itself, so here the key is also taken as the password of
 * HTTP's basic login; the name does not matter.
 */
@Injectable()
export class OperatorDoor {
  constructor(private readonly resolver: PrincipalResolver) {}

  /** @throws ProblemError UNAUTHENTICATED, FORBIDDEN */
  async admit(request: Request): Promise<void> {
    const authorization = bearerOf(request.get('authorization'));
    const principal = await this.resolver.resolve({ headers: { ...request.headers, authorization } });
    if (!has(principal, 'operator')) throw new ProblemError('FORBIDDEN', 'this is for operators');
  }

  /** The same for pages: asks the browser for a login. */
  forPages(): RequestHandler {
    return (request: Request, response: Response, next: NextFunction) => {
      this.admit(request).then(() => next(), (error: unknown) => {
        if (error instanceof ProblemError && error.status === UNAUTHORIZED) {
          return void response.status(UNAUTHORIZED).set('WWW-Authenticate', 'Basic realm="Countersign operators", charset="UTF-8"').type('text/plain').send(error.message);
        }
        next(error);
      });
    };
  }
}

function bearerOf(authorization: string | undefined): string | undefined {
  const basic = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return authorization;
  return `Bearer ${Buffer.from(basic, 'base64').toString('utf8').replace(/^[^:]*:/, '')}`;
}
