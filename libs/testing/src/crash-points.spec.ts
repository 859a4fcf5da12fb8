import { dieEverywhere, walkOnce, type Door } from './crash-points';

/** A bank that keeps what it was told. */
class Bank {
  balance = 0;
  booked = new Set<string>();

  async read(): Promise<number> {
    return this.balance;
  }

  async write(balance: number): Promise<void> {
    this.balance = balance;
  }

  async book(id: string, amount: number): Promise<void> {
    if (this.booked.has(id)) return;
    this.booked.add(id);
    this.balance += amount;
  }
}

const bank = new Bank();
const doors: Door[] = [{ name: 'Bank', port: bank, calls: ['read', 'write', 'book'] }];
const path = (pay: () => Promise<void>) => ({
  doors,
  begin: async () => {
    bank.balance = 0;
    bank.booked.clear();
  },
  walk: pay, resume: pay,
  endOf: async () => bank.balance,
});

describe('dying everywhere', () => {
  it('dies before and after each call, and goes on from there', async () => {
    const { points, calm, deaths } = await dieEverywhere(path(async () => {
      await bank.read();
      await bank.book('one', 5);
    }));
    expect([points, calm]).toEqual([['Bank.read', 'Bank.book'], 5]);
    expect(deaths.map(({ at }) => at)).toEqual(['before 1 Bank.read', 'after 1 Bank.read', 'before 2 Bank.book', 'after 2 Bank.book']);
    expect(deaths.every(({ end }) => end === calm)).toBe(true);
  });

  it('finds what happens twice when somebody dies at the wrong moment', async () => {
    const { deaths } = await dieEverywhere({
      ...path(async () => bank.write((await bank.read()) + 5)),
      resume: async () => (bank.balance === 0 ? bank.write(5) : bank.write(bank.balance + 5)),
    });
    expect(deaths.map(({ end }) => end)).toEqual([5, 5, 5, 10]);
  });

  it('lets nothing through that a dead life still does', async () => {
    bank.balance = 0;
    const { died } = await walkOnce(doors, async () => {
      try {
        await bank.read();
      } finally {
        await bank.write(99);
      }
    }, { at: 1, when: 'after' });
    expect([died, bank.balance]).toEqual(['Bank.read', 0]);
    await bank.write(7);
    expect(bank.balance).toBe(7);
  });

  it('tells what goes wrong without a death', async () => {
    await expect(walkOnce(doors, () => Promise.reject(new Error('mine')))).rejects.toThrow('mine');
  });

  it('sees a path without a single call', async () => {
    expect((await dieEverywhere(path(async () => undefined))).points).toEqual([]);
  });
});
