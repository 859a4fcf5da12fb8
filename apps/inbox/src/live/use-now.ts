import { useSyncExternalStore } from 'react';

/** One clock for all countdowns on the page; it runs while somebody looks at it. */
const SECOND_MS = 1000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: number | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, SECOND_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    window.clearInterval(timer);
    timer = null;
  };
}

/** Milliseconds since 1970, a second exact. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
