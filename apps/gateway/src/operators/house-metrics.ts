import { QUEUES, type QueueName } from '@countersign/contracts';
import { Publisher } from '@countersign/queues';
import { createMetrics, Gauge, type Registry } from '@countersign/service-kit';
import { Injectable } from '@nestjs/common';
import { PostgresPool } from '../gateway-ports.module';

const STATES = ['waiting', 'active', 'delayed', 'failed'] as const;
const MS_PER_SECOND = 1_000;

/** What an operator looks at first, measured when it is asked for. */
@Injectable()
export class HouseMetrics {
  readonly registry: Registry = createMetrics({ service: 'gateway' });

  constructor(private readonly publisher: Publisher, private readonly postgres: PostgresPool) {
    const { registry } = this;
    const jobs = new Gauge({ name: 'countersign_queue_jobs', help: 'Jobs by queue and state', labelNames: ['queue', 'state'], registers: [registry] });
    const oldest = new Gauge({
      name: 'countersign_queue_oldest_waiting_seconds', help: 'Age of the job that waits for longest; 0 when none waits', labelNames: ['queue'], registers: [registry],
    });
    const pending = new Gauge({ name: 'countersign_approvals_pending', help: 'Approvals that wait for a person', registers: [registry] });
    const runs = new Gauge({ name: 'countersign_runs_open', help: 'Runs that have not ended, by status', labelNames: ['status'], registers: [registry] });
    const outbox = new Gauge({ name: 'countersign_outbox_rows', help: 'Doorbells committed and not known to have been rung', registers: [registry] });
    this.measure = async () => {
      await Promise.all(QUEUES.map(async (queue) => {
        const counts = await this.publisher.queue(queue).getJobCounts(...STATES);
        for (const state of STATES) jobs.set({ queue, state }, counts[state] ?? 0);
        oldest.set({ queue }, await this.oldestSeconds(queue));
      }));
      pending.set(await this.count(`SELECT count(*) FROM hitl_approvals WHERE status = 'pending'`));
      outbox.set(await this.count('SELECT count(*) FROM outbox'));
      runs.reset();
      for (const { status, count } of await this.openRuns()) runs.set({ status }, Number(count));
    };
  }

  private readonly measure: () => Promise<void>;

  async text(): Promise<string> {
    await this.measure();
    return this.registry.metrics();
  }

  private async oldestSeconds(queue: QueueName): Promise<number> {
    const [job] = await this.publisher.queue(queue).getJobs(['waiting'], 0, 0, true);
    return job ? Math.max(0, (Date.now() - job.timestamp) / MS_PER_SECOND) : 0;
  }

  private async count(sql: string): Promise<number> {
    const { rows } = await this.postgres.pool.query<{ count: string }>(sql);
    return Number(rows[0]?.count ?? 0);
  }

  private async openRuns(): Promise<{ status: string; count: string }[]> {
    const { rows } = await this.postgres.pool.query<{ status: string; count: string }>(
      `SELECT status, count(*) FROM hitl_runs WHERE status IN ('queued', 'running', 'awaiting_human', 'paused') GROUP BY status`,
    );
    return rows;
  }
}
