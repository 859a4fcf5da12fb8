import { dayOf, type Cap, type Day, type ReservationState, type Spending } from '../budget/budget';
import type { Micros } from '../budget/money';
import type { Instant } from '../json';
import type { BudgetBook, Wish } from './budget-contract';

interface Entry extends Wish {
  day: Day;
  state: ReservationState;
  booked: Micros;
}

/** What a budget should do, in the plainest words: adds up all entries each time. One tenant. */
export class InMemoryBudget implements BudgetBook {
  private readonly entries = new Map<string, Entry>();
  private readonly limits = new Map<string | null, Micros>();

  async cap({ userId, micros }: Pick<Cap, 'userId' | 'micros'>): Promise<void> {
    this.limits.set(userId, micros);
  }

  async reserve(wish: Wish): Promise<boolean> {
    const day = dayOf(wish.at);
    const before = this.entries.get(wish.run);
    if (before && before.state !== 'reserved') return false;
    const more = wish.micros - (before?.day === day ? before.micros : 0);
    for (const userId of [null, wish.userId]) {
      const limit = this.limits.get(userId);
      if (wish.overriddenBy === null && more > 0 && limit !== undefined && this.total(userId, day) + more > limit) return false;
    }
    this.entries.set(wish.run, { ...wish, day, state: 'reserved', booked: 0 });
    return true;
  }

  async release(run: string): Promise<void> {
    const entry = this.entries.get(run);
    if (entry?.state === 'reserved') entry.state = 'released';
  }

  async settle(run: string, actual: Micros | null): Promise<void> {
    const entry = this.entries.get(run);
    if (entry) Object.assign(entry, { state: 'settled', booked: actual ?? entry.micros });
  }

  async spending(at: Instant): Promise<Spending[]> {
    const day = dayOf(at);
    const users = [...new Set([...this.entries.values()].map(({ userId }) => userId))].sort();
    return [null, ...users].map((userId) => ({ userId, usedMicros: this.sum(userId, day, 'settled'), reservedMicros: this.sum(userId, day, 'reserved') }))
      .filter(({ usedMicros, reservedMicros }) => usedMicros !== 0 || reservedMicros !== 0);
  }

  private total(userId: string | null, day: Day): Micros {
    return this.sum(userId, day, 'settled') + this.sum(userId, day, 'reserved');
  }

  private sum(userId: string | null, day: Day, state: ReservationState): Micros {
    return [...this.entries.values()].filter((entry) => entry.day === day && entry.state === state && (userId === null || entry.userId === userId))
      .reduce((sum, { micros, booked }) => sum + (state === 'settled' ? booked : micros), 0);
  }
}
