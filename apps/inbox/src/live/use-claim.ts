import { useEffect, useState } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import { useLive, useSession } from '../session/session';

/** An open card is claimed again this often, ms: well inside the ten minutes that a claim lasts. */
const AGAIN_MS = 4 * 60_000;

type Held = Pick<ApprovalView, 'approval_id' | 'status' | 'claimed_by' | 'claimed_until'>;

/** Who else looks at it just now; null = nobody, or only we. */
export function useHolder({ approval_id: id, status, claimed_by: by, claimed_until: until }: Held): string | null {
  const { store } = useSession();
  useLive();
  const [, setOver] = useState<string | null>(null);
  const left = until === null ? 0 : Date.parse(until) - Date.now();
  useEffect(() => {
    if (until === null) return undefined;
    const timer = window.setTimeout(() => setOver(until), Math.max(0, Date.parse(until) - Date.now()) + 1);
    return () => window.clearTimeout(timer);
  }, [until]);
  const isHeld = status === 'pending' && by !== null && left > 0;
  return isHeld && !store.claims?.mayBeOurs(id, by) ? by : null;
}

/** Says that this person looks at the card as long as it is open and unanswered, and takes it back on leaving. */
export function useClaim(approval: Held): void {
  const { store } = useSession();
  const { connection } = useLive();
  const { approval_id: id } = approval;
  const isOpen = approval.status === 'pending' && connection === 'live';
  const isFree = useHolder(approval) === null;
  useEffect(() => {
    if (!isOpen) return undefined;
    const claim = (): void => store.claims?.claim(id);
    const release = (): void => store.claims?.release(id);
    const again = window.setInterval(claim, AGAIN_MS);
    window.addEventListener('pagehide', release);
    return () => {
      window.clearInterval(again);
      window.removeEventListener('pagehide', release);
      release();
    };
  }, [store, id, isOpen]);
  // At first whoever holds it, as it may be we from before a reload; then as soon as nobody does any more.
  useEffect(() => {
    if (isOpen) store.claims?.claim(id);
  }, [store, id, isOpen, isFree]);
}
