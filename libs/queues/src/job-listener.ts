import { Counter, Histogram, type Logger, type Registry } from '@countersign/service-kit';
import type { JobListener } from './consumer';

const MS_PER_SECOND = 1_000;

/** Tells the log and the metrics how jobs end; the same in every worker. */
export function jobListener(logger: Logger, metrics: Registry): JobListener {
  const jobSeconds = new Histogram({ name: 'countersign_job_seconds', help: 'Time a job took', labelNames: ['job', 'outcome'], registers: [metrics] });
  const failures = new Counter({ name: 'countersign_jobs_failed_total', help: 'Tries that failed; final: the job then waits among the failed ones for an operator', labelNames: ['job', 'final'], registers: [metrics] });
  return {
    onDone: (job, ms) => jobSeconds.observe({ job, outcome: 'done' }, ms / MS_PER_SECOND),
    onFailed: (job, error, final) => {
      failures.inc({ job, final: String(final) });
      logger[final ? 'error' : 'warn']({ job, err: error, final }, 'a job failed');
    },
    onHandedOn: (jobs) => logger.warn({ jobs }, 'jobs that did not end in time are left to another process'),
  };
}
