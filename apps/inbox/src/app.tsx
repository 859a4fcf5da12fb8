import { useEffect, useRef, useState } from 'react';
import type { ApprovalView } from '@countersign/contracts';
import { ApprovalList } from './approvals/approval-list';
import { ApprovalPage } from './approvals/approval-page';
import { STATUS_WORDS } from './approvals/checkpoint-words';
import { WaitingOverview } from './approvals/waiting-overview';
import { BudgetSide } from './budget/budget-side';
import { Header } from './frame/header';
import { go, hrefs, useRoute, type Route } from './frame/route';
import { useShortcuts } from './frame/shortcuts';
import { neighbourOf, pendingOf, recentRuns, type LiveState } from './live/live-store';
import { useRunState, type OpenedRun } from './live/use-run-state';
import { ReceiptPage } from './runs/receipt-page';
import { MemoryPage } from './memory/memory-page';
import { RunList } from './runs/run-list';
import { RunPage, RunSide } from './runs/run-page';
import { StartRun } from './runs/start-run';
import { useLive } from './session/session';
import { person } from './text/wording';

export function App() {
  const route = useRoute();
  const live = useLive();
  const pending = pendingOf(live);
  const runs = recentRuns(live);
  const openApproval = route.page === 'approval' ? route.id : null;
  const openRun = route.page === 'run' ? route.id : openApproval ? (live.approvals.get(openApproval)?.run_id ?? null) : null;
  const opened = useRunState(openRun);

  const step = (direction: 1 | -1): void => {
    const from = live.approvals.get(openApproval ?? opened.run?.pending_approval?.approval_id ?? '');
    const next = from ? neighbourOf(live, from, direction) : pending[0];
    if (next) go(hrefs.approval(next.approval_id));
  };
  useShortcuts({ j: () => step(1), k: () => step(-1), n: () => go(hrefs.start) });

  useEffect(() => {
    document.title = live.pendingTotal > 0 ? `(${live.pendingTotal}) Countersign` : 'Countersign';
  }, [live.pendingTotal]);
  const target = JSON.stringify(route);
  useEffect(() => {
    window.scrollTo({ top: 0 });
  }, [target]);

  return (
    <>
      <button type="button" className="button skip" onClick={() => document.querySelector('main')?.focus()}>Skip the lists</button>
      <h1 className="for-listeners">Countersign inbox</h1>
      <Header />
      <div className={`rooms ${route.page}`}>
        <nav className="side" aria-label="Questions and runs">
          <ApprovalList approvals={pending} total={live.pendingTotal} isLoaded={live.isLoaded} isRefused={live.connection === 'refused'} openId={openApproval} />
          <BudgetSide />
          <RunList runs={runs} openId={openRun} />
        </nav>
        <main tabIndex={-1}>
          {route.page !== 'home' && <a className="back" href={hrefs.home}>← All questions</a>}
          <Page route={route} opened={opened} pending={pending} />
        </main>
        {openRun && <aside aria-label="The run"><RunSide key={openRun} runId={openRun} opened={opened} /></aside>}
      </div>
      <Announcer live={live} />
    </>
  );
}

function Page({ route, opened, pending }: { route: Route; opened: OpenedRun; pending: readonly ApprovalView[] }) {
  switch (route.page) {
    case 'approval': return <ApprovalPage key={route.id} approvalId={route.id} />;
    case 'run': return <RunPage key={route.id} opened={opened} />;
    case 'receipt': return <ReceiptPage key={route.id} runId={route.id} />;
    case 'start': return <StartRun />;
    case 'memory': return <MemoryPage />;
    case 'home':
      return pending.length > 0 ? <WaitingOverview pending={pending} /> : <StartRun />;
  }
}

/** Tells people who listen to the page what moves in and out of the list. */
function Announcer({ live }: { live: LiveState }) {
  const [said, setSaid] = useState('');
  const known = useRef<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    const now = new Map([...live.approvals].map(([id, approval]) => [id, approval.status]));
    const before = known.current;
    if (live.isLoaded) known.current = now;
    if (!before) return;
    const changed = [...live.approvals.values()].findLast((approval) => before.get(approval.approval_id) !== approval.status);
    if (!changed) return;
    setSaid(changed.status === 'pending' ? `New question: ${changed.title}` : `${changed.title} ${STATUS_WORDS[changed.status] ?? changed.status}${changed.decided_by ? ` by ${person(changed.decided_by)}` : ''}`);
  }, [live.approvals, live.isLoaded]);
  return <p className="for-listeners" aria-live="polite">{said}</p>;
}
