import { useEffect, useState } from 'react';
import type { RunStateView } from '@countersign/contracts';
import type { CountersignError } from '@countersign/client';
import { useLive, useSession } from '../session/session';

export interface OpenedRun {
  run: RunStateView | null;
  error: CountersignError | null;
  reload(): void;
}

/** Everything about one run: read when opened, and again each time an event tells of a newer version. */
export function useRunState(runId: string | null): OpenedRun {
  const { client, store } = useSession();
  const { runs, connection } = useLive();
  const version = runs.get(runId ?? '')?.version ?? 0;
  const [round, setRound] = useState(0);
  const [run, setRun] = useState<RunStateView | null>(null);
  const [error, setError] = useState<CountersignError | null>(null);

  useEffect(() => (connection === 'live' && runId ? store.watchRun(runId) : undefined), [store, runId, connection]);

  const isKnown = run !== null && run.run_id === runId && version > 0 && run.version >= version;
  useEffect(() => {
    if (!runId || (isKnown && round === 0)) return undefined;
    const stop = new AbortController();
    setError(null);
    client.state(runId, { signal: stop.signal }).then(
      (fresh) => {
        setError(null);
        setRun(fresh);
        setRound(0);
        store.putRun(fresh);
        for (const approval of fresh.approvals) store.putApproval(approval);
      },
      (reason: CountersignError) => stop.signal.aborted || setError(reason),
    );
    return () => stop.abort();
    // A newer version than the one being read starts over; the newest answer wins.
  }, [client, store, runId, version, isKnown, round]);

  return { run: run?.run_id === runId ? run : null, error, reload: () => setRound((before) => before + 1) };
}
