import { JOBS, QUEUES, type JobName, type JobView, type QueueName } from '@countersign/contracts';
import { has, maySee, RunStore, type Principal } from '@countersign/core';
import { Publisher } from '@countersign/queues';
import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { inTime } from '../http/answers/in-time';
import { ProblemError } from '../http/answers/problem';

/** BullMQ's states in the wire's words; the others mean the same as one of these to a caller. */
const STATUS: Record<string, string> = {
  waiting: 'waiting', prioritized: 'waiting', 'waiting-children': 'waiting', active: 'active', delayed: 'delayed', completed: 'completed', failed: 'failed',
};
/** Characters of a failure that are shown. */
const REASON_MAX = 500;

/** State of a queue job. A job says nothing about the run's own state: that is in the run. */
@Injectable()
export class FindJob {
  constructor(private readonly publisher: Publisher, private readonly runs: RunStore) {}

  async find(principal: Principal, jobId: string): Promise<JobView> {
    const found = await inTime(this.look(jobId));
    const runId = found && runOf(found.job.data);
    const run = runId ? await this.runs.find(runId) : null;
    const isVisible = run ? maySee(principal, run) : has(principal, 'operator');
    if (!found || !isVisible) throw new ProblemError('JOB_NOT_FOUND', 'there is no such job; finished ones are kept for an hour');
    const { job, queue } = found;
    return {
      job_id: jobId, name: job.name, queue, status: STATUS[await inTime(job.getState())] ?? 'unknown', attempts_made: job.attemptsMade,
      error: job.failedReason ? job.failedReason.slice(0, REASON_MAX) : null, run_id: runId ?? null,
    };
  }

  private async look(jobId: string) {
    const contract = JOBS[jobId.split('_')[0] as JobName] as { queue: QueueName } | undefined;
    for (const queue of contract ? [contract.queue] : QUEUES) {
      const job = await this.publisher.queue(queue).getJob(jobId);
      if (job) return { job, queue };
    }
    return null;
  }
}

function runOf(data: unknown): string | null {
  const { run_id: runId } = (data ?? {}) as { run_id?: unknown };
  return isUUID(runId) ? (runId as string) : null;
}
