import { COUNTED_AT_ONCE, LargeCounts } from './large-counts';

describe('LargeCounts', () => {
  let now = 0;
  let rows = 0;
  let counts: (number | null)[] = [];
  const counted = (most: number | null): Promise<number> => {
    counts.push(most);
    return Promise.resolve(most === null ? rows : Math.min(most, rows));
  };
  beforeEach(() => {
    now = 0;
    counts = [];
  });

  it('counts few rows each time, exactly', async () => {
    const large = new LargeCounts(() => now);
    for (rows of [0, 7, COUNTED_AT_ONCE]) expect(await large.total('q', counted)).toBe(rows);
    expect(counts).toEqual([COUNTED_AT_ONCE + 1, COUNTED_AT_ONCE + 1, COUNTED_AT_ONCE + 1]);
  });

  it('counts many once, and again when that is old, without making anybody wait', async () => {
    const large = new LargeCounts(() => now);
    rows = 100_000;
    expect(await large.total('q', counted)).toBe(100_000);
    rows = 100_001;
    now = 9_000;
    expect(await large.total('q', counted)).toBe(100_000);
    now = 11_000;
    expect(await large.total('q', counted)).toBe(100_000);
    expect(await large.total('q', counted)).toBe(100_001);
    expect(counts.filter((most) => most === null)).toHaveLength(2);
  });

  it('does not count at all while it knows of very many, and forgets them as soon as that is old', async () => {
    const large = new LargeCounts(() => now);
    rows = 100_000;
    await large.total('q', counted);
    counts = [];
    rows = 3;
    now = 10_000;
    expect(await large.total('q', counted)).toBe(100_000);
    expect(counts).toEqual([]);
    now = 10_001;
    expect(await large.total('q', counted)).toBe(3);
  });

  it('counts once for all who ask at the same moment, and each question by itself', async () => {
    const large = new LargeCounts(() => now);
    rows = 5_000;
    expect(await Promise.all([large.total('q', counted), large.total('q', counted), large.total('other', counted)])).toEqual([5_000, 5_000, 5_000]);
    expect(counts.filter((most) => most === null)).toHaveLength(2);
  });

  it('forgets a count that failed, and keeps an older one', async () => {
    const large = new LargeCounts(() => now);
    rows = 5_000;
    const failing = (most: number | null): Promise<number> => (most === null ? Promise.reject(new Error('away')) : counted(most));
    await expect(large.total('q', failing)).rejects.toThrow('away');
    expect(await large.total('q', counted)).toBe(5_000);
    now = 20_000;
    expect(await large.total('q', failing)).toBe(5_000);
    expect(await large.total('q', failing)).toBe(5_000);
  });

  it('remembers a bounded number of questions', async () => {
    const large = new LargeCounts(() => now);
    rows = 5_000;
    for (let place = 0; place <= 200; place += 1) await large.total(`q${place}`, counted);
    counts = [];
    await large.total('q0', counted);
    await large.total('q200', counted);
    expect(counts.filter((most) => most === null)).toHaveLength(1);
  });
});
