import { newId, withCorrelation } from '@countersign/service-kit';
import type { NextFunction, Request, Response } from 'express';

const REQUEST_ID_HEADER = 'X-Request-Id';
/** A caller's own id is kept when it is harmless in a log line and a header. */
const USABLE = /^[\w.:-]{1,128}$/;

/** Gives the request an id (the caller's own where it sent one), under which all its log lines stand. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(REQUEST_ID_HEADER);
  const id = given !== undefined && USABLE.test(given) ? given : newId();
  response.setHeader(REQUEST_ID_HEADER, id);
  withCorrelation(id, next);
}

export function requestIdOf(response: Response): string {
  const id = response.getHeader(REQUEST_ID_HEADER);
  return typeof id === 'string' ? id : newId();
}
