import { NoticeTell, QUEUE_POLICY } from '@countersign/contracts';
import { testId } from '@countersign/core/testing';
import { waitFor } from '@countersign/testing';
import { Redis } from 'ioredis';
import { RetryableError, TerminalError } from './job-errors';
import { consume, MAX_POSTPONED } from './consumer';
import { Publisher } from './publisher';
import { cutLine } from './testing/cut-line';
import { queueStage, type QueueStage } from './testing/queue-stage';

/** Times a job is put off, so that not every pause is one in which the machine was busy. */
const PUT_OFF = 6;

describe('consume', () => {
  let stage: QueueStage;
  beforeEach(async () => {
    stage = await queueStage();
  });
  afterEach(() => stage.close());

  const notice = () => ({ run_id: testId(), seq: 1 });
  const tell = (data = notice(), delayMs = 0) => stage.publisher.ring({ job: 'notice.tell', data, delayMs });
  const finalFailure = () => waitFor(() => stage.heard.failed.find(({ final }) => final), { what: 'a job to fail for good' });
  /** A job as somebody else might put it there. */
  const smuggle = (name: string, data: unknown) => stage.publisher.queue('notifier').add(name, data, { attempts: 5, backoff: { type: 'fixed', delay: 1 } });
  const states = async () => {
    const { completed, failed, delayed, waiting, active } = await stage.publisher.queue('notifier').getJobCounts();
    return { completed, failed, delayed, waiting, active };
  };

  it('hands the checked payload to the handler, as its class', async () => {
    const got: NoticeTell[] = [];
    await stage.serve(async (data) => void got.push(data));
    const data = notice();
    await tell(data);
    await waitFor(() => stage.heard.done.length === 1, { what: 'the job' });
    expect(got).toEqual([data]);
    expect(got[0]).toBeInstanceOf(NoticeTell);
    expect(await states()).toMatchObject({ completed: 1, failed: 0 });
  });

  it('drops fields that this version does not know: another one may ring too', async () => {
    const got: object[] = [];
    await stage.serve(async (data) => void got.push({ ...data }));
    const data = notice();
    await smuggle('notice.tell', { ...data, added_later: 1 });
    await waitFor(() => got.length === 1, { what: 'the job' });
    expect(got).toEqual([data]);
  });

  it.each([
    ['a field of a wrong type', { run_id: 7, seq: 1 }], ['a missing field', { seq: 1 }], ['a value out of range', { run_id: testId(), seq: 0 }],
    ['nothing', null], ['a list', [{ run_id: testId(), seq: 1 }]], ['a word', 'run'], ['nested data', { run_id: { $ne: '' }, seq: 1 }],
  ])('never hands over a payload with %s; the job fails at once and stays to be seen', async (_what, data) => {
    const handler = jest.fn(async () => undefined);
    await stage.serve(handler);
    await smuggle('notice.tell', data);
    expect(await finalFailure()).toMatchObject({ job: 'notice.tell', message: expect.stringContaining('invalid payload') });
    expect(handler).not.toHaveBeenCalled();
    expect(stage.heard.failed).toHaveLength(1);
    expect(await states()).toMatchObject({ failed: 1, delayed: 0, waiting: 0 });
  });

  it.each(['run.start', 'no.such', 'constructor', '__proto__', 'toString'])('tries a job named %j, which this version does not know, again: another version may; then it fails for good', async (name) => {
    await stage.serve(async () => undefined);
    await smuggle(name, notice());
    expect(await finalFailure()).toMatchObject({ message: expect.stringMatching(new RegExp(`^NO_HANDLER .*no handler for a job named ${name}$`)) });
    expect(stage.heard.failed.map(({ final }) => final)).toEqual([false, false, false, false, true]);
  });

  it('does not repeat a job whose handler says that it cannot help', async () => {
    const handler = jest.fn(() => Promise.reject(new TerminalError('gone for good')));
    await stage.serve(handler);
    await tell();
    expect(await finalFailure()).toEqual({ job: 'notice.tell', message: expect.stringMatching(/^HOPELESS \(run [0-9a-f-]{36}\): .*gone for good$/), final: true });
    expect(handler).toHaveBeenCalledTimes(1);
    expect((await stage.publisher.queue('notifier').getFailed())[0]?.failedReason).toContain('gone for good');
  });

  it('repeats a job that failed, and says that it was not for good', async () => {
    let calls = 0;
    await stage.serve(async () => {
      calls += 1;
      if (calls === 1) throw new Error('the database is away');
    });
    await tell();
    await waitFor(() => stage.heard.done.length === 1, { what: 'the second try' });
    expect(stage.heard.failed).toEqual([{ job: 'notice.tell', message: 'the database is away', final: false }]);
  });

  it('says that the last try was for good', async () => {
    await stage.serve(() => Promise.reject(new Error('never')));
    await smuggle('notice.tell', notice());
    await finalFailure();
    expect(stage.heard.failed.map(({ final }) => final)).toEqual([false, false, false, false, true]);
    expect((await stage.publisher.queue('notifier').getFailed())[0]).toMatchObject({
      failedReason: expect.stringMatching(/^TRIES_USED_UP \(run [0-9a-f-]{36}\): every try failed; .* never$/), stacktrace: expect.arrayContaining([expect.stringContaining('consumer.int-spec')]),
    });
  });

  it('repeats after the time that the handler names, and counts that as no failure', async () => {
    const calls: number[] = [];
    await stage.serve(async () => {
      calls.push(Date.now());
      if (calls.length <= PUT_OFF) throw new RetryableError('not yet', 150);
    });
    const jobId = await tell();
    await waitFor(() => stage.heard.done.length === 1, { what: 'the last try' });
    const pauses = calls.slice(1).map((at, index) => at - (calls[index] ?? 0));
    expect(pauses).toHaveLength(PUT_OFF);
    // A busy machine may be late, but not every time; a failure would have waited for the queue's own pause.
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(145);
    expect(Math.min(...pauses)).toBeLessThan(QUEUE_POLICY.notifier.backoffMs);
    expect(stage.heard.failed).toEqual([]);
    expect((await stage.publisher.queue('notifier').getJob(jobId))?.attemptsMade).toBe(1);
  });

  it('treats a RetryableError without a time as any failure', async () => {
    let calls = 0;
    await stage.serve(async () => {
      calls += 1;
      if (calls === 1) throw new RetryableError('again');
    });
    await tell();
    await waitFor(() => stage.heard.done.length === 1, { what: 'the second try' });
    expect(stage.heard.failed).toEqual([{ job: 'notice.tell', message: 'again', final: false }]);
  });

  it('does not put a job off for ever', async () => {
    const handler = jest.fn(() => Promise.reject(new RetryableError('not yet', 0)));
    await stage.serve(handler);
    await smuggle('notice.tell', notice());
    await finalFailure();
    expect(handler.mock.calls.length).toBeGreaterThanOrEqual(MAX_POSTPONED);
    expect(handler.mock.calls.length).toBeLessThanOrEqual(MAX_POSTPONED + 5);
  });

  it('works on as many jobs at a time as the policy says, and no more', async () => {
    const { concurrency } = QUEUE_POLICY.notifier;
    let running = 0;
    let most = 0;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    await stage.serve(async () => {
      running += 1;
      most = Math.max(most, running);
      await gate;
      running -= 1;
    });
    for (let n = 0; n < concurrency + 4; n += 1) await tell();
    await waitFor(() => running === concurrency, { what: 'all places to be taken' });
    open();
    await waitFor(() => stage.heard.done.length === concurrency + 4, { what: 'all jobs' });
    expect(most).toBe(concurrency);
  });

  it('lets running jobs finish when it closes, and takes none afterwards', async () => {
    let open: () => void = () => undefined;
    let started = 0;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const consumer = await stage.serve(async () => {
      started += 1;
      await gate;
    });
    await tell();
    await waitFor(() => started === 1, { what: 'the job to start' });
    const closing = consumer.close();
    open();
    await closing;
    await tell();
    expect(stage.heard.done).toEqual(['notice.tell']);
    expect(await states()).toMatchObject({ completed: 1, waiting: 1, active: 0 });
    expect(started).toBe(1);
  });

  it('hands on a job that does not end in time: another process finishes it, and nothing is lost', async () => {
    let starts = 0;
    const handedOn: number[] = [];
    let letGo: () => void = () => undefined;
    const stuck = new Promise<void>((resolve) => (letGo = resolve));
    const listener = { onDone: () => undefined, onFailed: () => undefined, onHandedOn: (jobs: number) => void handedOn.push(jobs) };
    const consumer = consume('notifier', { 'notice.tell': async () => {
      starts += 1;
      await stuck;
    } }, { ...stage.settings, listener, drainMs: 100 });
    await consumer.ready();
    const jobId = await tell();
    await waitFor(() => starts === 1, { what: 'the job to start' });
    await consumer.close();
    expect(handedOn).toEqual([1]);
    const finished: object[] = [];
    await stage.serve(async (data) => void finished.push(data));
    await waitFor(() => finished.length === 1, { what: 'another process to finish it' });
    expect((await stage.publisher.queue('notifier').getJob(jobId))?.failedReason ?? null).toBeNull();
    letGo();
  });

  it('leaves no connection open when it closes, nor does the publisher', async () => {
    const redis = new Redis(stage.redis.url);
    const connections = async () => String(await redis.client('LIST')).split('\n').filter((line) => line.includes(` db=${stage.redis.db} `)).length;
    const [consumer, publisher] = [await stage.serve(async () => undefined), new Publisher(stage.settings)];
    await publisher.ring({ job: 'notice.tell', data: notice() });
    await waitFor(() => stage.heard.done.length === 1, { what: 'the job' });
    const before = await connections();
    await Promise.all([consumer.close(), publisher.close()]);
    await waitFor(async () => (await connections()) === before - 3, { what: 'the worker\'s two connections and the publisher\'s one to end' });
    redis.disconnect();
  });

  it('closes while Redis is away', async () => {
    const line = await cutLine(stage.redis.url);
    const settings = { ...stage.settings, redisUrl: line.url, listener: { onDone: () => undefined, onFailed: () => undefined } };
    const consumer = consume('notifier', { 'notice.tell': async () => undefined }, settings);
    const publisher = new Publisher({ ...stage.settings, redisUrl: line.url });
    await consumer.ready();
    await publisher.ring({ job: 'notice.tell', data: notice() });
    await line.cut();
    await Promise.all([consumer.close(), publisher.close()]);
    await line.close();
  });

  it('gives what one process leaves waiting to another', async () => {
    await (await stage.serve(async () => undefined)).close();
    await tell();
    const got = jest.fn(async () => undefined);
    await stage.serve(got);
    await waitFor(() => stage.heard.done.length === 1, { what: 'the job' });
  });
});
