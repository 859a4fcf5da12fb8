import { Histogram, type Logger, type Registry } from '@countersign/service-kit';
import type { JobListener } from './consumer';

const MS_PER_SECOND = 1_000;

/** Tells the log and the metrics how jobs end; the same in every worker. */
export function jobListener(logger: Logger, metrics: Registry): JobListener {
  const jobSeconds = new Histogram({ name: 'countersign_job_seconds', help: 'Time a job took', labelNames: ['job', 'outcome'], registers: [metrics] });
  return {
    onDone: (job, ms) => jobSeconds.observe({ job, outcome: 'done' }, ms / MS_PER_SECOND),
    onFailed: (job, error, final) => logger[final ? 'error' : 'warn']({ job, err: error, final }, 'a job failed'),
  };
}
