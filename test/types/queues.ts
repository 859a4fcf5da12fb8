import { JOBS, QUEUE_POLICY, jobIdOf, type JobData, type JobsOn, type QueueName, type QueuePolicy, type ScalarFields } from '@countersign/contracts';
import { bell, consume, type Handlers, type JobListener, type Publisher } from '@countersign/queues';

declare const publisher: Publisher;
declare const listener: JobListener;
const settings = { redisUrl: 'redis://127.0.0.1:6379', listener };
const done = (): Promise<void> => Promise.resolve();

void publisher.ring({ job: 'run.start', data: { run_id: 'r' } });
// @ts-expect-error a payload of another job
void publisher.ring({ job: 'run.start', data: { launch_id: 'l', check: 1 } });
// @ts-expect-error a field is missing
void publisher.ring({ job: 'run.advance', data: { run_id: 'r' } });
// @ts-expect-error a field of another type
void publisher.ring({ job: 'run.advance', data: { run_id: 'r', version: '1' } });
// @ts-expect-error a body does not travel in a doorbell
void publisher.ring({ job: 'run.start', data: { run_id: 'r', payload: { prompt: 'x' } } });
// @ts-expect-error no job has this name
void publisher.ring({ job: 'run.begin', data: { run_id: 'r' } });
// @ts-expect-error no queue has this name
publisher.queue('gateway');

bell('notice.tell', { run_id: 'r', seq: 1 });
// @ts-expect-error a field of another type
bell('notice.tell', { run_id: 'r', seq: '1' });
// @ts-expect-error no job has this name
bell('notice.told', { run_id: 'r', seq: 1 });
// @ts-expect-error a payload of another job
jobIdOf('notice.tell', { run_id: 'r' });

consume('notifier', { 'notice.tell': done }, settings);
// @ts-expect-error a queue's every job has a handler
consume('notifier', {}, settings);
// @ts-expect-error a job of another queue
consume('notifier', { 'notice.tell': done, 'run.start': done }, settings);
// @ts-expect-error a handler that wants another payload
consume('notifier', { 'notice.tell': ({ launch_id }: JobData<'execution.follow'>) => Promise.resolve(void launch_id) }, settings);
// @ts-expect-error a handler is awaited
consume('notifier', { 'notice.tell': () => 7 }, settings);
// @ts-expect-error the orchestrator has more jobs than this one
export const few: Handlers<'orchestrator'> = { 'run.start': done };
// @ts-expect-error a job lives on one queue
export const stray: JobsOn<'executor'> = 'run.start';

class Holds<T> {
  value: T;
}
const fits = <T extends ScalarFields<T>>(payload: new () => T): unknown => payload;
fits(Holds<string | null>);
// @ts-expect-error a date becomes text on the way
fits(Holds<Date>);
// @ts-expect-error a body
fits(Holds<{ prompt: string }>);
// @ts-expect-error a list
fits(Holds<string[]>);
// @ts-expect-error bytes
fits(Holds<Uint8Array>);
// @ts-expect-error a function
fits(Holds<() => void>);
// @ts-expect-error what may be absent is null, so that it is always there
fits(Holds<string | undefined>);

// @ts-expect-error the contract is not changed at run time
JOBS['run.start'] = JOBS['run.advance'];
const { notifier: _notifier, ...others } = QUEUE_POLICY;
// @ts-expect-error a queue without a policy
export const policies: Record<QueueName, QueuePolicy> = others;
