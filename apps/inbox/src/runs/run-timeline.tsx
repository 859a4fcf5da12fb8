import type { RunProgressBody, RunView } from '@countersign/contracts';
import { VisibleText } from '../text/visible-text';
import { clock, dateAndTime, duration, person, plain } from '../text/wording';
import { StatusChip } from './run-list';

/** Every step of a run as the audit trail has it, the newest last. */
export function RunTimeline({ run, progress }: { run: RunView; progress: RunProgressBody | null }) {
  const { step_history: history, percentage, completed_steps, total_steps } = run.progress;
  const isRunning = run.status === 'running';
  return (
    <section className="timeline" data-testid="run-timeline" data-status={run.status} aria-label="Timeline of the run">
      <h3>Timeline <StatusChip status={run.status} /></h3>
      <progress max={100} value={percentage} aria-label={`${completed_steps} of ${total_steps} steps`} />
      <ol>
        {history.map((entry, index) => {
          const before = history[index - 1];
          const took = before ? Date.parse(entry.timestamp) - Date.parse(before.timestamp) : 0;
          return (
            <li key={entry.seq} className={`event ${entry.status}`} data-type={entry.type}>
              <p><VisibleText text={entry.message} /></p>
              <p className="event-facts">
                <time dateTime={entry.timestamp} title={dateAndTime(entry.timestamp)}>{clock(entry.timestamp)}</time>
                {took > 0 && <span title="since the step before">+{duration(took)}</span>}
                <span>{plain(entry.step)}</span>
                {entry.actor !== 'system' && <span>by <VisibleText text={person(entry.actor)} /></span>}
              </p>
            </li>
          );
        })}
        {isRunning && progress && (progress.message || progress.percent !== null) && (
          <li className="event running now" aria-live="polite">
            <p><VisibleText text={progress.message ?? 'Working'} />{progress.percent !== null && ` · ${Math.round(progress.percent)} %`}</p>
          </li>
        )}
      </ol>
    </section>
  );
}
