import type { EmulatedModel } from './model-catalogue';
import { PredictionBook } from './prediction-book';

const model: EmulatedModel = {
  owner: 'a', name: 'b', description: '', isOfficial: false, input: { properties: {} }, output: {}, startMs: 10_000, runMs: 10_000,
  make: () => ({ output: 'done' }),
};
const events: string[] = [];
let book: PredictionBook;

beforeEach(() => {
  jest.useFakeTimers();
  events.length = 0;
  book = new PredictionBook({ context: { deliver: () => '', read: () => null }, onEvent: (event, record) => events.push(`${event} ${record.status}`) });
});
afterEach(() => {
  book.close();
  jest.useRealTimers();
});
const create = (cancelAfterMs: number | null) => book.create({ model, input: {}, webhook: null, events: null, cancelAfterMs });

it('aborts what is still queued at its deadline', async () => {
  const record = create(5_000);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(record).toMatchObject({ status: 'aborted', startedAt: null });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(events).toEqual(['completed aborted']);
});

it('cancels what is running at its deadline', async () => {
  const record = create(15_000);
  await jest.advanceTimersByTimeAsync(15_000);
  expect(record.status).toBe('canceled');
  expect(events).toEqual(['start processing', 'completed canceled']);
});

it('succeeds, and forgets the data an hour later', async () => {
  const record = create(null);
  await jest.advanceTimersByTimeAsync(20_000);
  expect(record).toMatchObject({ status: 'succeeded', output: 'done', dataRemoved: false });
  await jest.advanceTimersByTimeAsync(3_600_000);
  expect(record.dataRemoved).toBe(true);
});
