/*
 * What this is: every refusal the gateway can give, by every door (REST, sockets, the relay), as RFC 9457 problems.
 * Invariant: codes are stable; no stack, no secret and no value of the environment leaves the process.
 * To extend: a new code is one line in PROBLEMS.
 */
import type { ProblemFieldView, ProblemView } from '@countersign/contracts';
import type { JsonObject } from '@countersign/core';

export const PROBLEMS = {
  VALIDATION_FAILED: { status: 422, title: 'The request is not valid' },
  MALFORMED_BODY: { status: 400, title: 'The body cannot be read' },
  TOOL_NOT_SUPPORTED: { status: 400, title: 'No provider stands behind this tool' },
  UNAUTHENTICATED: { status: 401, title: 'Who are you?' },
  FORBIDDEN: { status: 403, title: 'You may not do this' },
  NOT_FOUND: { status: 404, title: 'There is nothing here' },
  RUN_NOT_FOUND: { status: 404, title: 'No such run' },
  APPROVAL_NOT_FOUND: { status: 404, title: 'No such approval' },
  PROVIDER_NOT_FOUND: { status: 404, title: 'No such provider' },
  MODEL_NOT_FOUND: { status: 404, title: 'No such model' },
  JOB_NOT_FOUND: { status: 404, title: 'No such job' },
  ARTIFACT_NOT_FOUND: { status: 404, title: 'No such file' },
  MEMORY_NOT_FOUND: { status: 404, title: 'Nothing is remembered by this id' },
  CAP_NOT_FOUND: { status: 404, title: 'No such cap' },
  LAUNCH_NOT_FOUND: { status: 404, title: 'No such launch' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'This path takes another method' },
  ILLEGAL_STATE: { status: 409, title: 'Not possible as things stand' },
  APPROVAL_ALREADY_DECIDED: { status: 409, title: 'Somebody was first' },
  APPROVAL_CLAIMED: { status: 409, title: 'Somebody else is looking at this' },
  STALE_PAYLOAD: { status: 409, title: 'What was shown is not what is pending' },
  IDEMPOTENCY_CONFLICT: { status: 409, title: 'This key was used for another request' },
  APPROVAL_EXPIRED: { status: 410, title: 'The time to answer is over' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'This kind of body is not taken' },
  RANGE_NOT_SATISFIABLE: { status: 416, title: 'The range lies outside the file' },
  RATE_LIMITED: { status: 429, title: 'Too many requests' },
  INTERNAL: { status: 500, title: 'Something went wrong here' },
  NOT_IMPLEMENTED: { status: 501, title: 'Not built yet' },
  MODEL_UNAVAILABLE: { status: 502, title: 'The provider did not tell about the model' },
  UNAVAILABLE: { status: 503, title: 'A server behind this one does not answer' },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;

export interface ProblemMore {
  errors?: ProblemFieldView[];
  /** With APPROVAL_ALREADY_DECIDED. */
  decided?: object;
  /** With APPROVAL_CLAIMED. */
  claimed?: object;
  /** Seconds; becomes the header Retry-After. */
  retryAfterSeconds?: number;
}

/** Throw it anywhere; the filter answers it, sockets put its view into their ack. `detail` is for the caller's eyes. */
export class ProblemError extends Error {
  constructor(readonly code: ProblemCode, detail: string, readonly more: ProblemMore = {}) {
    super(detail);
    this.name = 'ProblemError';
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }

  view(requestId: string): ProblemView {
    const { status, title } = PROBLEMS[this.code];
    const { errors, decided, claimed } = this.more;
    return {
      type: `urn:countersign:problem:${this.code.toLowerCase().replaceAll('_', '-')}`,
      title, status, code: this.code, detail: this.message,
      ...(errors && { errors }),
      ...(decided && { decided: decided as JsonObject }),
      ...(claimed && { claimed: claimed as JsonObject }),
      request_id: requestId,
    };
  }
}

/** 422 for one field. */
export function invalid(field: string, code: string, message: string): ProblemError {
  return new ProblemError('VALIDATION_FAILED', message, { errors: [{ field, code, message }] });
}
