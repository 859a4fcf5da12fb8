import type { NextFunction, Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Pages of other people's making carry inline styles. Their scripts are files, like ours. */
const FOREIGN_PAGES = /^\/(?:docs|admin\/queues)(?:\/|$)/;

/** Previews show inputs by their own addresses, so pictures, sounds and films may come from anywhere. */
const MEDIA = ["'self'", 'data:', 'blob:', 'https:', 'http:'];

const ours = {
  'default-src': ["'self'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': MEDIA,
  'media-src': MEDIA,
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
};

/** A content security policy and `nosniff` on every answer; nothing is kept by caches, except files, which say so themselves. */
export function pageSecurity(): RequestHandler {
  const strict = headers(ours);
  const relaxed = headers({ ...ours, 'style-src': ["'self'", "'unsafe-inline'"] });
  return (request: Request, response: Response, next: NextFunction) => {
    response.setHeader('Cache-Control', 'no-store');
    (FOREIGN_PAGES.test(request.path) ? relaxed : strict)(request, response, next);
  };
}

function headers(directives: Record<string, string[]>): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    // Whoever ends TLS in front of this process decides about HTTPS for the whole name.
    strictTransportSecurity: false,
    // Artifacts may be shown by pages of the caller's own; they carry their own signed address.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    referrerPolicy: { policy: 'no-referrer' },
  });
}
