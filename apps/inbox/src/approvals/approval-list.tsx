import { memo, useEffect, useRef } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import { BudgetMark } from '../budget/over-budget';
import { hrefs } from '../frame/route';
import { useNow } from '../live/use-now';
import { VisibleText } from '../text/visible-text';
import { ago, timeLeft } from '../text/wording';
import { checkpointWords } from './checkpoint-words';
import { excerptOf } from './excerpt';
import { HeldNote } from './held-note';

interface ApprovalListProps {
  approvals: readonly ApprovalView[];
  total: number;
  isLoaded: boolean;
  isRefused: boolean;
  openId: string | null;
}

export function ApprovalList({ approvals, total, isLoaded, isRefused, openId }: ApprovalListProps) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [openId]);
  return (
    <section aria-labelledby="waiting" className="side-section">
      <h2 id="waiting">Waiting for a person <span className="count" aria-label={`${total} pending`}>{total}</span></h2>
      {approvals.length === 0 && <p className="side-note">{isLoaded ? 'Nothing is waiting. New questions appear here by themselves.' : isRefused ? 'Once you are let in, questions stand here.' : 'Loading…'}</p>}
      <ul className="cards-list" ref={list}>
        {approvals.map((approval) => (
          <Item key={approval.approval_id} approval={approval} isOpen={approval.approval_id === openId} />
        ))}
      </ul>
      {total > approvals.length && approvals.length > 0 && <p className="side-note">{total - approvals.length} more follow when these are answered.</p>}
    </section>
  );
}

/** Drawn anew only when it changes: there may be hundreds, and the clock ticks inside. */
const Item = memo(function Item({ approval, isOpen }: { approval: ApprovalView; isOpen: boolean }) {
  return (
    <li>
      <a href={hrefs.approval(approval.approval_id)} className="list-item" data-testid="approval-item" data-approval-id={approval.approval_id} aria-current={isOpen ? 'true' : undefined}>
        <span className="list-line"><span className={`kind ${approval.checkpoint_type}`}>{checkpointWords(approval.checkpoint_type).label}</span><BudgetMark context={approval.context} /><Left approval={approval} /></span>
        <span className="list-title"><VisibleText text={approval.title} /></span>
        <span className="list-excerpt"><VisibleText text={excerptOf(approval)} /></span>
        <span className="list-facts">
          {approval.user_id && <>for <VisibleText text={approval.user_id} /> · </>}<Since time={approval.requested_at} />
        </span>
        {approval.claimed_by && <HeldNote approval={approval} />}
      </a>
    </li>
  );
});

function Since({ time }: { time: string }) {
  return <>{ago(useNow() - Date.parse(time))}</>;
}

/** Below this the countdown asks for attention. */
const SOON_MS = 5 * 60_000;

export function Left({ approval }: { approval: Pick<ApprovalView, 'expires_at'> }) {
  const now = useNow();
  if (!approval.expires_at) return <span className="left">no deadline</span>;
  const left = Date.parse(approval.expires_at) - now;
  return <span className={left < SOON_MS ? 'left soon' : 'left'} title={new Date(approval.expires_at).toLocaleString()}>{timeLeft(left)}</span>;
}
