import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalTask } from './local-tasks';
import { PoolBusyError, TaskFailedError, WorkerCrashedError, WorkerPool } from './worker-pool';

/** A worker that does what the text says. */
const OBEDIENT = `
  const { parentPort, threadId } = require('node:worker_threads');
  parentPort.on('message', ({ input: { text } }) => {
    parentPort.postMessage({ kind: 'progress', percent: 1 });
    if (text === 'fail') parentPort.postMessage({ kind: 'failed', message: 'as told' });
    else if (text === 'throw') throw new Error('out of hand');
    else if (text === 'exit') process.exit(3);
    else if (text === 'spin') for (;;);
    else if (text === 'eat') { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); }
    else if (text !== 'sleep') parentPort.postMessage({ kind: 'done', result: { wav: Uint8Array.of(threadId % 256) } });
  });`;

let folder: string;
let pool: WorkerPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countersign-pool-'));
  await writeFile(join(folder, 'worker.cjs'), OBEDIENT);
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => pool.close());

const never = (): AbortSignal => new AbortController().signal;
const task = (text: string): LocalTask & { task: 'speak' } => ({ task: 'speak', input: { text, voice: '', stretch: 1 } });

function open(size = 1, maxWaiting = 2): void {
  pool = new WorkerPool(join(folder, 'worker.cjs'), { size, maxWaiting });
}

/** Runs a task and resolves with an abort function once it is under way. */
function begin(text: string): Promise<{ outcome: Promise<unknown>; abort: () => void }> {
  return new Promise((resolve) => {
    const controller = new AbortController();
    const outcome = pool.run(task(text), controller.signal, () => resolve({ outcome, abort: () => controller.abort() }));
    outcome.catch(() => undefined);
  });
}

describe('WorkerPool', () => {
  it('uses one thread again and again', async () => {
    open();
    const results = [];
    for (let round = 0; round < 3; round++) results.push((await pool.run(task('go'), never(), () => undefined)).wav[0]);
    expect(new Set(results).size).toBe(1);
  });

  it('uses as many threads as it may, and no more', async () => {
    open(2);
    const [first, second] = await Promise.all([begin('sleep'), begin('sleep')]);
    const third = pool.run(task('go'), never(), () => undefined);
    first.abort();
    await expect(first.outcome).rejects.toMatchObject({ name: 'AbortError' });
    expect((await third).wav).toHaveLength(1);
    second.abort();
    await expect(second.outcome).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says no when too many wait', async () => {
    open(1, 2);
    await begin('sleep');
    const waiting = [0, 1].map(() => pool.run(task('go'), never(), () => undefined).catch((error: unknown) => error));
    await expect(pool.run(task('go'), never(), () => undefined)).rejects.toBeInstanceOf(PoolBusyError);
    await pool.close();
    for (const outcome of await Promise.all(waiting)) expect(outcome).toBeInstanceOf(PoolBusyError);
  });

  it('takes a waiting task back when it is called off', async () => {
    open(1, 1);
    const first = await begin('sleep');
    const second = new AbortController();
    const waiting = pool.run(task('go'), second.signal, () => undefined);
    second.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    const third = pool.run(task('go'), never(), () => undefined);
    first.abort();
    expect((await third).wav).toHaveLength(1);
  });

  it('ends a thread that spins when its task is called off, and replaces it', async () => {
    open();
    const spinning = await begin('spin');
    spinning.abort();
    await expect(spinning.outcome).rejects.toMatchObject({ name: 'AbortError' });
    expect((await pool.run(task('go'), never(), () => undefined)).wav).toHaveLength(1);
  });

  it('passes on what a task says is wrong, and keeps the thread', async () => {
    open();
    const before = await pool.run(task('go'), never(), () => undefined);
    const failed = pool.run(task('fail'), never(), () => undefined);
    await expect(failed).rejects.toBeInstanceOf(TaskFailedError);
    await expect(failed).rejects.toThrow('as told');
    expect(await pool.run(task('go'), never(), () => undefined)).toEqual(before);
  });

  it.each([['throw', 'out of hand', false], ['exit', 'status 3', false], ['eat', 'memory', true]])(
    'survives a thread that does %s', async (text, message, isOutOfMemory) => {
      open();
      const crashed = pool.run(task(text), never(), () => undefined);
      await expect(crashed).rejects.toBeInstanceOf(WorkerCrashedError);
      await expect(crashed).rejects.toMatchObject({ message: expect.stringContaining(message), isOutOfMemory });
      expect((await pool.run(task('go'), never(), () => undefined)).wav).toHaveLength(1);
    },
  );

  it('starts nothing for a task that was already called off, or after it was closed', async () => {
    open();
    await expect(pool.run(task('go'), AbortSignal.abort(), () => undefined)).rejects.toMatchObject({ name: 'AbortError' });
    await pool.close();
    await expect(pool.run(task('go'), never(), () => undefined)).rejects.toBeInstanceOf(PoolBusyError);
  });
});
