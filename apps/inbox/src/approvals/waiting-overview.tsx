import type { ApprovalView } from '@countersign/contracts';
import { hrefs } from '../frame/route';
import { checkpointWords } from './checkpoint-words';

/** What waits, by kind, where no card is open yet. */
export function WaitingOverview({ pending }: { pending: readonly ApprovalView[] }) {
  const [first] = pending;
  if (!first) return null;
  const counts = new Map<string, number>();
  for (const { checkpoint_type: type } of pending) counts.set(type, (counts.get(type) ?? 0) + 1);
  return (
    <section className="card quiet overview" aria-labelledby="overview-title" data-testid="overview">
      <h2 id="overview-title">{pending.length === 1 ? 'One question waits' : `${pending.length} questions wait`}</h2>
      <ul>{[...counts].map(([type, count]) => <li key={type}><span className={`kind ${type}`}>{checkpointWords(type).label}</span> {count}</li>)}</ul>
      <p><a className="button approve" href={hrefs.approval(first.approval_id)} aria-keyshortcuts="j">Begin with the one that has least time left <kbd aria-hidden="true">j</kbd></a></p>
      <p className="side-note"><kbd>a</kbd> approves, <kbd>Enter</kbd> confirms and leads on, <kbd>?</kbd> shows all keys.</p>
    </section>
  );
}
