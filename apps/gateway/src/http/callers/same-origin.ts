import { isLoopback } from '@countersign/service-kit';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ProblemError } from '../answers/problem';

export interface OriginFacts {
  method: string;
  host: string | undefined;
  origin: string | undefined;
}

export interface OriginRules {
  publicUrl: string | undefined;
  /** Only this machine is served: a name that is not its own is somebody's DNS trick. */
  loopbackOnly: boolean;
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Null when the request may go on. A page of another site may neither change anything here nor pose as this site. */
export function refuseOrigin({ method, host, origin }: OriginFacts, { publicUrl, loopbackOnly }: OriginRules): string | null {
  const ours = publicUrl === undefined ? undefined : hostOf(publicUrl);
  if (loopbackOnly && host !== undefined && host !== ours && !isLoopback(nameOf(host))) {
    return 'this address answers only to its own name (set PUBLIC_URL when it has another)';
  }
  if (READING.has(method) || origin === undefined) return null;
  const from = hostOf(origin);
  if (from !== undefined && (from === host || from === ours)) return null;
  return 'a page of another site may not do this';
}

export function sameOrigin(rules: OriginRules): RequestHandler {
  return (request: Request, _response: Response, next: NextFunction) => {
    const refusal = refuseOrigin({ method: request.method, host: request.get('host'), origin: request.get('origin') }, rules);
    next(refusal === null ? undefined : new ProblemError('FORBIDDEN', refusal));
  };
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

/** `localhost:3000` → `localhost`, `[::1]:3000` → `::1`. */
function nameOf(host: string): string {
  return host.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
}
