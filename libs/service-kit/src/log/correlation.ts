import { AsyncLocalStorage } from 'node:async_hooks';
import { newId } from '../new-id';

const storage = new AsyncLocalStorage<string>();

/** Runs `work` under a correlation id: every log line and every job it makes carries that id. */
export function withCorrelation<T>(id: string | undefined, work: () => T): T {
  return storage.run(id ?? newId(), work);
}

/** The id of the request or job being worked on, if any. */
export function correlationId(): string | undefined {
  return storage.getStore();
}
