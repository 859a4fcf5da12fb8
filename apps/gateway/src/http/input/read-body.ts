import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { refuseUncleanJson } from './clean-json';
import { ProblemError } from '../answers/problem';

/** Call-backs are signed over their raw bytes; nothing else needs them twice in memory. */
const RAW_PATHS = /^\/webhooks\//;

const JSON_TYPES = ['application/json', 'application/*+json'];
/** Uploads read theirs themselves. */
const TAKEN = [...JSON_TYPES, 'multipart/form-data'];

/** A request whose raw bytes were kept. */
export interface WithRawBody {
  rawBody?: Buffer;
}

/** Reads JSON bodies up to `limitBytes` and refuses what could not be kept. */
export function readBody(limitBytes: number): RequestHandler {
  const parse = json({
    limit: limitBytes,
    strict: false,
    type: JSON_TYPES,
    verify: (request, _response, bytes) => {
      if (RAW_PATHS.test(request.url ?? '')) (request as WithRawBody).rawBody = bytes;
    },
  });
  return (request: Request, response: Response, next: NextFunction) => {
    if (hasBody(request) && !request.is(TAKEN)) return next(new ProblemError('UNSUPPORTED_MEDIA_TYPE', 'send JSON (Content-Type: application/json)'));
    parse(request, response, (error?: unknown) => {
      if (error) return next(bodyProblem(error, limitBytes));
      try {
        refuseUncleanJson(request.body);
        next();
      } catch (refusal) {
        next(refusal);
      }
    });
  };
}

/** An empty one, as many clients send with a bare POST, is none. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** body-parser names its errors by `type` (its README, "Errors"). */
function bodyProblem(error: unknown, limitBytes: number): ProblemError {
  const { type } = error as { type?: string };
  if (type === 'entity.too.large') return new ProblemError('BODY_TOO_LARGE', `a JSON body may have ${limitBytes} bytes`);
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') return new ProblemError('UNSUPPORTED_MEDIA_TYPE', 'send JSON in UTF-8');
  if (type === 'entity.parse.failed') return new ProblemError('VALIDATION_FAILED', 'the body is not valid JSON');
  return new ProblemError('MALFORMED_BODY', 'the body did not arrive as announced');
}
