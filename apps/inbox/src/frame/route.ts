import { useSyncExternalStore } from 'react';

/** What is open, kept in the address so that it can be sent to somebody. */
export type Route = { page: 'home' } | { page: 'start' } | { page: 'memory' } | { page: 'approval' | 'run' | 'receipt'; id: string };

function parseRoute(hash: string): Route {
  const [, section, id, part] = hash.replace(/^#/, '').split('/');
  if (section === 'approvals' && id) return { page: 'approval', id: decode(id) };
  if (section === 'runs' && id) return { page: part === 'receipt' ? 'receipt' : 'run', id: decode(id) };
  if (section === 'memory') return { page: 'memory' };
  return section === 'start' ? { page: 'start' } : { page: 'home' };
}

export const hrefs = {
  home: '#/',
  start: '#/start',
  memory: '#/memory',
  approval: (id: string): string => `#/approvals/${encodeURIComponent(id)}`,
  run: (id: string): string => `#/runs/${encodeURIComponent(id)}`,
  receipt: (id: string): string => `#/runs/${encodeURIComponent(id)}/receipt`,
};

export function go(href: string): void {
  location.hash = href;
}

const subscribe = (listener: () => void): (() => void) => {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
