import { useEffect, useState } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import type { CountersignError } from '@countersign/client';
import { useLive, useSession } from '../session/session';

interface Opened {
  approval: ApprovalView | null;
  error: CountersignError | null;
  /** Reads it again: links to files die, payloads change. */
  reload(): void;
}

/** One approval by id, from what is live, else read once. */
export function useApproval(approvalId: string): Opened {
  const { client, store } = useSession();
  const approval = useLive().approvals.get(approvalId) ?? null;
  const [round, setRound] = useState(0);
  const [error, setError] = useState<CountersignError | null>(null);
  const isWanted = approval === null || round > 0;
  useEffect(() => {
    if (!isWanted) return undefined;
    const stop = new AbortController();
    setError(null);
    client.approval(approvalId, { signal: stop.signal }).then(
      (fresh) => store.putApproval(fresh),
      (reason: CountersignError) => stop.signal.aborted || setError(reason),
    );
    return () => stop.abort();
  }, [client, store, approvalId, isWanted, round]);
  return { approval, error, reload: () => setRound((before) => before + 1) };
}
