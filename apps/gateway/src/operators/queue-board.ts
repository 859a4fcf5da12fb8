import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { QUEUES, type QueueName } from '@countersign/contracts';
import { Publisher } from '@countersign/queues';
import { scrub } from '@countersign/service-kit';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Job } from 'bullmq';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { OperatorDoor } from './operator-door';

const PATH = '/admin/queues';
/** The dashboard names its own folder in `<base>`, and styles itself. Its fonts from elsewhere are not let in. */
const POLICY = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'";

/** Bull Board over the three queues, behind the operators' door: nobody else sees it, so nobody else can change anything. */
@Injectable()
export class QueueBoard implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost, private readonly publisher: Publisher, private readonly door: OperatorDoor) {}

  onModuleInit(): void {
    const board = new ExpressAdapter();
    board.setBasePath(PATH);
    createBullBoard({
      queues: QUEUES.map((name) => this.queue(name)), serverAdapter: board,
      options: { uiConfig: { boardTitle: 'Countersign queues', hideRedisDetails: true } },
    });
    (this.host.httpAdapter as unknown as { use(path: string, ...handlers: unknown[]): void }).use(PATH, this.door.forPages(), policy, board.getRouter());
  }

  private queue(name: QueueName): BullMQAdapter {
    const adapter = new ScrubbedQueue(this.publisher.queue(name), { description: DESCRIPTIONS[name], allowRetries: true });
    adapter.setFormatter('name', (job: { name: string; data?: { run_id?: string; launch_id?: string } }) =>
      [job.name, job.data?.run_id ?? job.data?.launch_id].filter((part) => part !== undefined).join(' · '));
    for (const field of ['data', 'returnValue', 'progress'] as const) adapter.setFormatter(field, (value: unknown) => scrubbed(value));
    return adapter;
  }
}

const DESCRIPTIONS: Record<QueueName, string> = {
  orchestrator: 'moves runs', executor: 'calls AI providers', notifier: 'tells people',
};

/** Doorbells hold ids only, but an error may quote anything. */
class ScrubbedQueue extends BullMQAdapter {
  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id);
    return job && scrubJob(job);
  }

  override async getJobs(...wanted: Parameters<BullMQAdapter['getJobs']>): Promise<Job[]> {
    return (await super.getJobs(...wanted)).map(scrubJob);
  }

  override async getJobLogs(id: string): Promise<string[]> {
    return (await super.getJobLogs(id)).map(scrub);
  }
}

function scrubJob(job: Job): Job {
  if (job.failedReason) job.failedReason = scrub(job.failedReason);
  if (job.stacktrace) job.stacktrace = job.stacktrace.map(scrub);
  return job;
}

function scrubbed(value: unknown): unknown {
  return value === undefined ? value : (JSON.parse(scrub(JSON.stringify(value))) as unknown);
}

const policy: RequestHandler = (_request: Request, response: Response, next: NextFunction) => {
  response.setHeader('Content-Security-Policy', POLICY);
  next();
};
