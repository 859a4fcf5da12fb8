import { useEffect, useState } from 'react';
import type { BudgetLineView } from '@countersign/contracts';
import { recentRuns } from '../live/live-store';
import { useLive, useSession } from '../session/session';
import { VisibleText } from '../text/visible-text';
import { dollars } from '../text/wording';

/** Pause before the budget is read again after something moved, ms: many runs may move in one second. */
const SETTLE_MS = 1_000;
/** Lines shown; the whole list is at `GET /hitl/budget`. */
const SHOWN = 6;

/** Today's money, small: nothing while nobody set a cap and nothing was spent. */
export function BudgetSide() {
  const { client } = useSession();
  const live = useLive();
  const [lines, setLines] = useState<readonly BudgetLineView[]>([]);
  const moved = recentRuns(live).reduce((sum, run) => sum + run.version, 0) + live.pendingTotal;
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.budget({}, { signal: stop.signal }).then((budget) => setLines(budget.lines), () => undefined);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, moved]);

  const shown = lines.filter((line) => line.cap_usd !== null || line.used_usd > 0 || line.reserved_usd > 0);
  if (shown.length === 0) return null;
  return (
    <section aria-labelledby="budget" className="side-section" data-testid="budget">
      <h2 id="budget">Spent today</h2>
      <ul className="budget-lines">{shown.slice(0, SHOWN).map((line) => <Line key={line.user_id ?? ''} line={line} />)}</ul>
      {shown.length > SHOWN && <p className="side-note">and {shown.length - SHOWN} more people</p>}
    </section>
  );
}

function Line({ line }: { line: BudgetLineView }) {
  const name = line.user_id ?? 'Everybody';
  const total = line.used_usd + line.reserved_usd;
  return (
    <li data-testid="budget-line" data-user={line.user_id ?? ''}>
      <span className="list-line"><strong><VisibleText text={name} /></strong><span>{dollars(line.used_usd)}{line.cap_usd !== null && ` of ${dollars(line.cap_usd)}`}</span></span>
      {line.cap_usd !== null && <meter min={0} max={Math.max(line.cap_usd, total, Number.MIN_VALUE)} high={line.cap_usd * 0.9} optimum={0} value={total} aria-label={`${name}: spent and set aside`} />}
      {line.reserved_usd > 0 && <span className="basis">{dollars(line.reserved_usd)} set aside</span>}
    </li>
  );
}
