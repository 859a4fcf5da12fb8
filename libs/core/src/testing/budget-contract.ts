/// <reference types="jest" />
/*
 * What this is: the promises of a budget, run on the plain model and on what the stores really commit.
 * Invariant it tests: the sum of a day never passes a cap unless a person lets it, or a launch cost more than was said.
 */
import type { Cap, Spending } from '../budget/budget';
import type { Micros } from '../budget/money';
import type { Instant } from '../json';
import { InMemoryBudget } from './in-memory-budget';

/** Money wanted for a run's next launch. */
export interface Wish {
  /** Any name; the first wish makes the run. */
  run: string;
  userId: string;
  micros: Micros;
  at: Instant;
  overriddenBy: string | null;
}

/** A tenant's money through its whole life, wherever it is kept. Each book starts empty. */
export interface BudgetBook {
  cap(cap: Pick<Cap, 'userId' | 'micros'>): Promise<void>;
  /** False when it does not fit; the same wish again changes nothing. */
  reserve(wish: Wish): Promise<boolean>;
  /** The run ended before its launch. */
  release(run: string): Promise<void>;
  /** The launch ended; null = nobody tells what it cost. */
  settle(run: string, actual: Micros | null): Promise<void>;
  spending(at: Instant): Promise<Spending[]>;
}

const MONDAY: Instant = '2026-11-23T23:59:59.999Z';
const TUESDAY: Instant = '2026-11-24T00:00:00.000Z';
const DOLLAR = 1_000_000;

type Step =
  | { kind: 'reserve'; run: number; micros: Micros; late: boolean; override: boolean }
  | { kind: 'release'; run: number }
  | { kind: 'settle'; run: number; actual: Micros | null };

const RUNS = 6;
const MOST = 600_000;

/** One step of a life, read from any whole number: mostly money wanted, sometimes an end. */
function stepOf(n: number): Step {
  const [kind, run, rest] = [n % 8, Math.floor(n / 8) % RUNS, Math.floor(n / (8 * RUNS))];
  const micros = 1 + (Math.floor(rest / 12) % MOST);
  if (kind < 5) return { kind: 'reserve', run, micros, late: rest % 2 === 0, override: rest % 12 < 2 };
  return kind === 5 ? { kind: 'release', run } : { kind: 'settle', run, actual: rest % 3 === 0 ? null : micros };
}

/** Calls back with many random lists of whole numbers; the core brings no generator of its own. */
export type Randomly = (check: (numbers: number[]) => Promise<void>) => Promise<void>;

const userOfRun = (run: number): string => (run % 2 === 0 ? 'ann' : 'bob');

/** @param open a fresh book, also for each random life */
export function budgetContract(open: () => Promise<BudgetBook>, randomly: Randomly): void {
  const wish = (over: Partial<Wish> = {}): Wish => ({ run: 'a', userId: 'ann', micros: DOLLAR, at: MONDAY, overriddenBy: null, ...over });
  const line = (userId: string | null, reservedMicros: Micros, usedMicros = 0): Spending => ({ userId, usedMicros, reservedMicros });

  it('sets money aside for user and tenant, once for each run', async () => {
    const book = await open();
    expect([await book.reserve(wish()), await book.reserve(wish()), await book.reserve(wish({ run: 'b', userId: 'bob', micros: 5 }))]).toEqual([true, true, true]);
    expect(await book.spending(MONDAY)).toEqual([line(null, DOLLAR + 5), line('ann', DOLLAR), line('bob', 5)]);
  });

  it('lets the cap be reached and not passed, for the tenant and for each user', async () => {
    const book = await open();
    await book.cap({ userId: null, micros: 3 * DOLLAR });
    await book.cap({ userId: 'ann', micros: DOLLAR });
    expect(await book.reserve(wish({ micros: DOLLAR + 1 }))).toBe(false);
    expect(await book.reserve(wish())).toBe(true);
    expect(await book.reserve(wish({ run: 'b', micros: 1 }))).toBe(false);
    expect(await book.reserve(wish({ run: 'c', userId: 'bob', micros: 2 * DOLLAR + 1 }))).toBe(false);
    expect(await book.reserve(wish({ run: 'd', userId: 'bob', micros: 2 * DOLLAR }))).toBe(true);
    expect(await book.spending(MONDAY)).toEqual([line(null, 3 * DOLLAR), line('ann', DOLLAR), line('bob', 2 * DOLLAR)]);
  });

  it('follows a payload that became dearer or cheaper', async () => {
    const book = await open();
    await book.cap({ userId: null, micros: DOLLAR });
    expect([await book.reserve(wish({ micros: 400_000 })), await book.reserve(wish()), await book.reserve(wish({ micros: DOLLAR + 1 }))]).toEqual([true, true, false]);
    expect(await book.spending(MONDAY)).toEqual([line(null, DOLLAR), line('ann', DOLLAR)]);
    await book.reserve(wish({ micros: 100_000 }));
    expect(await book.reserve(wish({ run: 'b', micros: 900_000 }))).toBe(true);
  });

  it('moves what waits over midnight to the day of its launch', async () => {
    const book = await open();
    await book.reserve(wish());
    expect(await book.reserve(wish({ at: TUESDAY }))).toBe(true);
    expect([await book.spending(MONDAY), await book.spending(TUESDAY)]).toEqual([[], [line(null, DOLLAR), line('ann', DOLLAR)]]);
  });

  it('asks the new day whether it has room for what waited, and leaves it where it was if not', async () => {
    const book = await open();
    await book.reserve(wish());
    await book.cap({ userId: null, micros: DOLLAR });
    await book.reserve(wish({ run: 'b', at: TUESDAY, micros: 1 }));
    expect(await book.reserve(wish({ at: TUESDAY }))).toBe(false);
    expect(await book.spending(MONDAY)).toEqual([line(null, DOLLAR), line('ann', DOLLAR)]);
  });

  it('passes a cap on a person\'s word, and the next one does not fit', async () => {
    const book = await open();
    await book.cap({ userId: null, micros: DOLLAR });
    expect(await book.reserve(wish({ micros: 2 * DOLLAR, overriddenBy: 'human:rita' }))).toBe(true);
    expect(await book.reserve(wish({ run: 'b', micros: 1 }))).toBe(false);
    expect(await book.spending(MONDAY)).toEqual([line(null, 2 * DOLLAR), line('ann', 2 * DOLLAR)]);
  });

  it('gives back what is not launched, once', async () => {
    const book = await open();
    await book.reserve(wish());
    await book.reserve(wish({ run: 'b', micros: 7 }));
    await book.release('a');
    await book.release('a');
    expect(await book.spending(MONDAY)).toEqual([line(null, 7), line('ann', 7)]);
  });

  it.each([[250_000, 250_000], [3 * DOLLAR, 3 * DOLLAR], [0, 0], [null, DOLLAR]])('books a launch that cost %s of the dollar set aside as %s', async (actual, used) => {
    const book = await open();
    await book.reserve(wish());
    await book.settle('a', actual);
    expect(await book.spending(MONDAY)).toEqual(used === 0 ? [] : [line(null, 0, used), line('ann', 0, used)]);
  });

  it('counts what was used: a dearer launch leaves less for the next', async () => {
    const book = await open();
    await book.cap({ userId: null, micros: 2 * DOLLAR });
    await book.reserve(wish());
    await book.settle('a', 1_500_000);
    expect([await book.reserve(wish({ run: 'b', micros: 500_001 })), await book.reserve(wish({ run: 'b', micros: 500_000 }))]).toEqual([false, true]);
  });

  it('adds up over random lives exactly as the plain model does, and never passes a cap by itself', async () => {
    await randomly(async (numbers) => {
      const [book, model] = [await open(), new InMemoryBudget()];
      const caps = [{ userId: null, micros: 900_000 }, { userId: 'ann', micros: 500_000 }];
      for (const cap of caps) await Promise.all([book.cap(cap), model.cap(cap)]);
      const over = new Set<number>();
      const [begun, settled] = [new Set<number>(), new Set<number>()];
      for (const step of numbers.map(stepOf)) {
        const run = `run-${step.run}`;
        if (settled.has(step.run) || (step.kind !== 'reserve' && !begun.has(step.run))) continue;
        if (step.kind === 'reserve') {
          const wanted = { run, userId: userOfRun(step.run), micros: step.micros, at: step.late ? TUESDAY : MONDAY, overriddenBy: step.override ? 'human:rita' : null };
          const fits = await model.reserve(wanted);
          expect(await book.reserve(wanted)).toBe(fits);
          if (fits) begun.add(step.run);
          if (fits && step.override) over.add(step.run);
        } else if (step.kind === 'release') {
          await Promise.all([book.release(run), model.release(run)]);
          settled.add(step.run);
        } else {
          await Promise.all([book.settle(run, step.actual), model.settle(run, step.actual)]);
          settled.add(step.run);
          over.add(step.run);
        }
        for (const at of [MONDAY, TUESDAY]) {
          const is = await book.spending(at);
          expect(is).toEqual(await model.spending(at));
          if (over.size > 0) continue;
          for (const { userId, micros } of caps) expect(is.find((each) => each.userId === userId)?.reservedMicros ?? 0).toBeLessThanOrEqual(micros);
        }
      }
    });
  });
}
