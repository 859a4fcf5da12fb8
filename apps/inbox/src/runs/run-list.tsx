import type { RunView } from '@countersign/contracts';
import { hrefs } from '../frame/route';
import { useNow } from '../live/use-now';
import { VisibleText } from '../text/visible-text';
import { ago, plain } from '../text/wording';

export function RunList({ runs, openId }: { runs: readonly RunView[]; openId: string | null }) {
  const now = useNow();
  return (
    <section aria-labelledby="recent" className="side-section">
      <h2 id="recent">Recent runs</h2>
      {runs.length === 0 && <p className="side-note">No runs yet.</p>}
      <ul className="cards-list">
        {runs.map((run) => (
          <li key={run.run_id}>
            <a href={hrefs.run(run.run_id)} className="list-item run" data-testid="run-item" data-run-id={run.run_id} data-status={run.status} aria-current={run.run_id === openId ? 'true' : undefined}>
              <span className="list-line">
                <span className="list-title"><VisibleText text={run.model} /></span>
                <StatusChip status={run.status} />
              </span>
              <span className="list-facts"><VisibleText text={run.user_id} /> · {ago(now - Date.parse(run.created_at))}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function StatusChip({ status }: { status: string }) {
  return <span className={`chip ${status}`}>{plain(status)}</span>;
}
