import type { RunStateView } from '@countersign/contracts';
import { ApprovalPage } from '../approvals/approval-page';
import { Raw } from '../approvals/fact';
import { explainRefusal } from '../approvals/refusal';
import { hrefs } from '../frame/route';
import type { OpenedRun } from '../live/use-run-state';
import { OutputParts } from '../media/output-parts';
import { useLive } from '../session/session';
import { Claimed, VisibleText } from '../text/visible-text';
import { ago, duration, money } from '../text/wording';
import { useNow } from '../live/use-now';
import { ForkRun } from './fork-run';
import { RunControls } from './run-controls';
import { StatusChip } from './run-list';
import { RunTimeline } from './run-timeline';

/** A run, opened: the question it waits with, what came out of it, what can be done with it. */
export function RunPage({ opened: { run, error, reload } }: { opened: OpenedRun }) {
  if (!run) {
    if (!error) return <p className="placeholder">Loading…</p>;
    const { title, detail } = explainRefusal(error);
    return <div className="banner error" role="alert"><strong>{title}</strong> {detail}</div>;
  }
  return (
    <>
      <RunHead run={run} />
      {run.pending_approval && <ApprovalPage key={run.pending_approval.approval_id} approvalId={run.pending_approval.approval_id} />}
      {run.outputs && !run.pending_approval && (
        <section className="card" aria-labelledby="outputs">
          <h3 id="outputs">Kept result</h3>
          <OutputParts parts={run.outputs.parts} onStale={reload} />
        </section>
      )}
      {!run.outputs && !run.pending_approval && ['queued', 'running'].includes(run.status) && <p className="placeholder working">Working on it. What happens appears here by itself.</p>}
      <section className="card quiet">
        <h3>What was asked <Claimed /></h3>
        <p className="card-message"><VisibleText text={String(run.original_input.prompt ?? '') || '(no words)'} /></p>
        <Raw title="The whole request" value={run.original_input} />
        {run.suggested_payload && <Raw title="The payload" value={{ ...run.suggested_payload }} />}
      </section>
    </>
  );
}

function RunHead({ run }: { run: RunStateView }) {
  const now = useNow();
  const { metrics } = run;
  return (
    <header className="card run-head" data-testid="run-head" data-status={run.status}>
      <p className="list-line"><StatusChip status={run.status} /><span className="left">{ago(now - Date.parse(run.created_at))}</span></p>
      <h2><VisibleText text={run.model} /></h2>
      <dl className="card-facts-line">
        <div><dt>For</dt><dd><VisibleText text={run.user_id} /></dd></div>
        <div><dt>Policy</dt><dd>{run.hitl_config.policy.replaceAll('_', ' ')}</dd></div>
        <div><dt>Took</dt><dd>{duration(metrics.total_execution_time_ms)}{metrics.human_review_time_ms > 0 && `, ${duration(metrics.human_review_time_ms)} of it waiting for people`}</dd></div>
        {metrics.cost_usd !== null && <div><dt>Cost</dt><dd title={metrics.cost_basis ?? undefined}>{money(metrics.cost_usd)}</dd></div>}
        {run.parent_run_id && <div><dt>Forked from</dt><dd><a href={hrefs.run(run.parent_run_id)}>{run.parent_run_id.slice(-12)}</a></dd></div>}
        <div><dt>Run</dt><dd><code title={run.run_id}>{run.run_id.slice(-12)}</code></dd></div>
      </dl>
      {run.error && <p className="banner error"><strong>{run.error.code}</strong> <VisibleText text={run.error.message} /></p>}
      <RunControls run={run} />
      {isEnded(run.status) && <ForkRun run={run} />}
    </header>
  );
}

const isEnded = (status: string): boolean => ['completed', 'failed', 'cancelled', 'expired'].includes(status);

/** The side column: the timeline of whatever run is open, by itself or by one of its approvals. */
export function RunSide({ runId, opened: { run, error } }: { runId: string; opened: OpenedRun }) {
  const { runs, progress } = useLive();
  const newest = runs.get(runId);
  // Lists may leave the history out; the longer one is the newer one, as it only ever grows.
  const shown = newest && (!run || newest.progress.step_history.length >= run.progress.step_history.length) ? newest : run;
  if (shown) return <RunTimeline run={shown} progress={progress.get(runId) ?? null} />;
  return <p className="placeholder">{error ? 'The timeline could not be read.' : 'Loading…'}</p>;
}
