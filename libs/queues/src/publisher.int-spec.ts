import { jobIdOf, JOBS, QUEUE_POLICY, QUEUES, type JobName } from '@countersign/contracts';
import { testId } from '@countersign/core/testing';
import { Redis } from 'ioredis';
import { waitFor } from '@countersign/testing';
import type { Ring } from './publisher';
import { queueStage, type QueueStage } from './testing/queue-stage';

const [run_id, launch_id, approval_id, command_id] = [testId(), testId(), testId(), testId()];
const SAMPLES: { [N in JobName]: Ring<N>['data'] } = {
  'run.start': { run_id }, 'run.decided': { run_id, approval_id }, 'run.commanded': { run_id, command_id }, 'run.executed': { run_id, launch_id },
  'run.advance': { run_id, version: 3 }, 'approval.expire': { run_id, approval_id, extension: 0 }, 'approval.noted': { run_id, approval_id, fact: 'browser_asked' },
  'execution.launch': { run_id, attempt: 1, version: 4 }, 'execution.follow': { launch_id, check: 2 }, 'execution.stop': { run_id, attempt: 1 },
  'approval.word': { run_id, approval_id }, 'model.ask': { call_id: command_id }, 'approval.worded': { run_id, approval_id, call_id: command_id },
  'form.resolve': { provider: 'replicate', model: 'owner/name:v1', version: null, run_id: null, asked_at_ms: 5 }, 'notice.tell': { run_id, seq: 2 },
};

describe('Publisher', () => {
  let stage: QueueStage;
  beforeEach(async () => {
    stage = await queueStage();
  });
  afterEach(() => stage.close());

  it('rings every job of the contract on its own queue, with the policy of that queue', async () => {
    await stage.publisher.ringAll(Object.entries(SAMPLES).map(([job, data]) => ({ job, data }) as Ring));
    for (const [name, data] of Object.entries(SAMPLES) as [JobName, Ring['data']][]) {
      const { queue } = JOBS[name];
      const job = await stage.publisher.queue(queue).getJob(jobIdOf(name, data as never));
      const { attempts, backoffMs, keepDoneSeconds, keepDoneCount, keepFailedSeconds } = QUEUE_POLICY[queue];
      expect(job).toMatchObject({ name, data });
      expect(job?.opts).toMatchObject({
        attempts, backoff: { type: 'exponential', delay: backoffMs },
        removeOnComplete: { age: keepDoneSeconds, count: keepDoneCount }, removeOnFail: { age: keepFailedSeconds },
      });
    }
  });

  it('rings once however often it is told, and again when told so', async () => {
    const ring = { job: 'run.advance', data: { run_id: testId(), version: 1 } } as const;
    const waiting = () => stage.publisher.queue('orchestrator').getWaitingCount();
    const ids = [await stage.publisher.ring(ring), await stage.publisher.ring(ring)];
    await stage.publisher.ringAll([ring, ring]);
    expect([new Set(ids).size, await waiting()]).toEqual([1, 1]);
    for (let times = 0; times < 2; times += 1) await stage.publisher.ring({ ...ring, again: '77' });
    expect(await waiting()).toBe(2);
  });

  it('rings later when told so', async () => {
    const calls: number[] = [];
    await stage.serve(async () => void calls.push(Date.now()));
    const rungAt = Date.now();
    await stage.publisher.ring({ job: 'notice.tell', data: { run_id: testId(), seq: 1 }, delayMs: 200 });
    await waitFor(() => calls.length === 1, { what: 'the delayed job' });
    expect((calls[0] ?? 0) - rungAt).toBeGreaterThanOrEqual(195);
  });

  it('keeps all its keys under one hash tag', async () => {
    await stage.publisher.ringAll(Object.entries(SAMPLES).map(([job, data]) => ({ job, data }) as Ring));
    const redis = new Redis(stage.redis.url);
    const keys = await redis.keys('*');
    redis.disconnect();
    expect(keys.length).toBeGreaterThan(QUEUES.length);
    expect(keys.filter((key) => !key.startsWith(`${stage.settings.prefix}:`))).toEqual([]);
  });

  it('rings nothing when there is nothing to ring', async () => {
    await stage.publisher.ringAll([]);
    expect(await stage.publisher.queue('orchestrator').getWaitingCount()).toBe(0);
  });
});
