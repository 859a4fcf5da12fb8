import { testId } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import type { Job } from 'bullmq';
import { Redis } from 'ioredis';
import { TerminalError } from './job-errors';
import { queueStage, type QueueStage } from './testing/queue-stage';

describe('a job that failed for good', () => {
  let stage: QueueStage;
  let isBroken: boolean;
  let handled: number;
  beforeEach(async () => {
    stage = await queueStage();
    isBroken = true;
    handled = 0;
    await stage.serve(async () => {
      if (isBroken) throw new TerminalError('the table is gone');
      handled += 1;
    });
  });
  afterEach(() => stage.close());

  const queue = () => stage.publisher.queue('notifier');
  const ring = { job: 'notice.tell' as const, data: { run_id: testId(), seq: 1 } };
  const failed = async (count: number): Promise<Job[]> => waitFor(async () => {
    const jobs = await queue().getFailed();
    return jobs.length === count ? jobs : undefined;
  }, { what: `${count} failed jobs` });
  /** As if it had ended that long ago. */
  const age = async (job: Job, ms: number): Promise<void> => {
    const redis = new Redis(stage.redis.url);
    await redis.hset(queue().toKey(job.id ?? ''), 'finishedOn', String(Date.now() - ms));
    redis.disconnect();
  };

  it('swallows a second doorbell of the same name, but not a swept one: that is why sweeps have a name of their own', async () => {
    await stage.publisher.ring(ring);
    await failed(1);
    isBroken = false;
    await stage.publisher.ring(ring);
    expect([handled, await queue().getWaitingCount()]).toEqual([0, 0]);
    await stage.publisher.ringAgain([ring], Date.now());
    await waitFor(() => handled === 1, { what: 'the swept doorbell' });
  });

  it('is rung again by sweeps after a pause, and stands there once however often it fails', async () => {
    await stage.publisher.ringAgain([ring], Date.now());
    const [job] = await failed(1);
    await stage.publisher.ringAgain([ring], Date.now());
    expect((await queue().getFailed()).map(({ id }) => id)).toEqual([job?.id]);
    for (let round = 0; round < 3; round += 1) {
      await age(job as Job, 61_000);
      const before = stage.heard.failed.length;
      await stage.publisher.ringAgain([ring], Date.now());
      await waitFor(() => stage.heard.failed.length > before, { what: 'the next failure' });
      expect((await failed(1))[0]?.id).toBe(job?.id);
    }
    isBroken = false;
    await age(job as Job, 61_000);
    await Promise.all([stage.publisher.ringAgain([ring], Date.now()), stage.publisher.ringAgain([ring], Date.now())]);
    await waitFor(() => handled === 1, { what: 'the swept doorbell' });
    expect(await queue().getFailedCount()).toBe(0);
  });

  it('that a sweep completed is swept again when it is still overdue', async () => {
    isBroken = false;
    await stage.publisher.ringAgain([ring], Date.now());
    await waitFor(async () => (await queue().getCompletedCount()) === 1, { what: 'the first' });
    const [job] = await queue().getCompleted();
    await stage.publisher.ringAgain([ring], Date.now());
    expect(handled).toBe(1);
    await age(job as Job, 11_000);
    await stage.publisher.ringAgain([ring], Date.now());
    await waitFor(() => handled === 2, { what: 'the second' });
  });

  it('is passed by when its sweep hangs for ever', async () => {
    await stage.publisher.ringAgain([ring], 0);
    await failed(1);
    isBroken = false;
    await stage.publisher.ringAgain([ring], 600_000);
    await waitFor(() => handled === 1, { what: 'the next sweep\'s own doorbell' });
  });

  it('is kept for two weeks, the newest ten thousand', async () => {
    await stage.publisher.ring(ring);
    const [job] = await failed(1);
    expect(job?.opts.removeOnFail).toEqual({ age: 14 * 24 * 3_600, count: 10_000 });
  });
});
