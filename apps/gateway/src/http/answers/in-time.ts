import { ProblemError } from './problem';

/** Longest that a request waits for Redis, ms: it answers in a millisecond, or it is away. */
const WAIT_MS = 1_000;

/** @throws ProblemError UNAVAILABLE when Redis does not answer in time; BullMQ itself would wait for ever */
export async function inTime<T>(asked: Promise<T>, waitMs = WAIT_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ProblemError('UNAVAILABLE', 'the queues do not answer now; please try again', { retryAfterSeconds: 1 })), waitMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
