import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { CountersignClient } from '@countersign/client';
import { LiveStore, type LiveState } from '../live/live-store';
import { loadIdentity, saveIdentity, type Identity } from './settings';

interface Session {
  identity: Identity;
  become(identity: Identity): void;
  client: CountersignClient;
  store: LiveStore;
}

const SessionContext = createContext<Session | null>(null);

/** One client and one live store for the person at the page; a new identity starts both afresh. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const [identity, setIdentity] = useState(loadIdentity);
  const { client, store } = useMemo(() => {
    const { userId, apiKey } = identity;
    const made = new CountersignClient({ baseUrl: location.origin, ...(userId && { userId }), ...(apiKey && { apiKey }) });
    return { client: made, store: new LiveStore(made) };
  }, [identity]);
  useEffect(() => {
    store.start();
    return () => store.stop();
  }, [store]);
  const session = useMemo(() => {
    const become = (next: Identity): void => {
      saveIdentity(next);
      setIdentity(next);
    };
    return { identity, become, client, store };
  }, [identity, client, store]);
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession() outside of SessionProvider');
  return session;
}

export function useLive(): LiveState {
  const { store } = useSession();
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
