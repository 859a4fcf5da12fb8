import type { DecidedView, ProblemFieldView, ProblemView } from '@countersign/contracts';

/** Codes this library adds to the server's own: what went wrong before or without an answer. */
export type LocalCode = 'UNREACHABLE' | 'TIMEOUT' | 'BAD_ANSWER' | 'RUN_ENDED' | 'CLOSED';

/**
 * Every refusal of Countersign, by REST or socket: the problem body (RFC 9457) as an error.
 * `status` is 0 when there was no answer (`UNREACHABLE`, `TIMEOUT`, `CLOSED`).
 */
export class CountersignError extends Error {
  override readonly name = 'CountersignError';
  /** SCREAMING_SNAKE and stable; branch on this. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  /** Per field, for `VALIDATION_FAILED`; empty otherwise. */
  readonly errors: ProblemFieldView[];
  /** Who was first, for `APPROVAL_ALREADY_DECIDED`. */
  readonly decided: DecidedView | null;
  readonly requestId: string | null;
  /** How long the server asks to wait, for `RATE_LIMITED`. */
  readonly retryAfterMs: number | null;

  constructor(problem: Partial<ProblemView>, retryAfterMs: number | null = null) {
    super(problem.detail ?? problem.title ?? problem.code ?? 'Countersign refused');
    this.code = problem.code ?? 'BAD_ANSWER';
    this.status = problem.status ?? 0;
    this.title = problem.title ?? this.code;
    this.errors = problem.errors ?? [];
    this.decided = (problem.decided as DecidedView | undefined) ?? null;
    this.requestId = problem.request_id ?? null;
    this.retryAfterMs = retryAfterMs;
  }

  static local(code: LocalCode, detail: string): CountersignError {
    return new CountersignError({ code, title: code, status: 0, detail });
  }
}

/** True for a body that is one of our problems; a proxy in between may answer with anything. */
export function isProblem(body: unknown): body is ProblemView {
  return typeof body === 'object' && body !== null && typeof (body as { code?: unknown }).code === 'string';
}
