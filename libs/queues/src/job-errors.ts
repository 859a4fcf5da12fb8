/** Thrown by a handler: trying again cannot help. The job fails for good and stays visible. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** Thrown by a handler: try again, not before `retryAfterMs` when given. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  constructor(message: string, readonly retryAfterMs?: number) {
    super(message);
  }
}
