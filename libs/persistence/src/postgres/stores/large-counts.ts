/** Counted while the caller waits; more rows are counted beside. Reading a thousand index entries takes a millisecond. */
export const COUNTED_AT_ONCE = 1_000;
/** So many counted a moment ago are still many: not even the first of them are counted again meanwhile. */
const SURELY_MANY = 5 * COUNTED_AT_ONCE;
/** How old the count of more rows may be, ms: a page shows it beside its rows, nothing depends on it. */
const FRESH_MS = 10_000;
/** Different questions that are remembered: some per reviewer. */
const MOST_KEPT = 200;

interface Kept {
  total: number;
  at: number;
  counting: Promise<number> | null;
}

/**
 * How many rows a list has in all. Exact up to `COUNTED_AT_ONCE`, where it was not many times that a moment ago; above it at most some seconds old, counted once for all who
 * ask meanwhile, so that a list of a hundred thousand is as quick as a short one.
 */
export class LargeCounts {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly now: () => number = Date.now) {}

  /**
   * @param question names the filter
   * @param countTo counts up to that many rows; null = all
   */
  async total(question: string, countTo: (most: number | null) => Promise<number>): Promise<number> {
    const recent = this.kept.get(question);
    if (recent && recent.total >= SURELY_MANY && this.now() - recent.at <= FRESH_MS) return recent.total;
    const few = await countTo(COUNTED_AT_ONCE + 1);
    if (few <= COUNTED_AT_ONCE) return few;
    const kept = this.kept.get(question);
    if (!kept) return this.count(question, () => countTo(null));
    if (this.now() - kept.at > FRESH_MS && !kept.counting) void this.count(question, () => countTo(null)).catch(() => undefined);
    return kept.at === NEVER ? (kept.counting ?? few) : kept.total;
  }

  private async count(question: string, all: () => Promise<number>): Promise<number> {
    const before = this.kept.get(question) ?? { total: 0, at: NEVER };
    const counting = all();
    this.keep(question, { ...before, counting });
    try {
      const total = await counting;
      this.keep(question, { total, at: this.now(), counting: null });
      return total;
    } catch (error) {
      if (before.at === NEVER) this.kept.delete(question);
      else this.keep(question, { ...before, counting: null });
      throw error;
    }
  }

  /** The one asked longest ago makes room. */
  private keep(question: string, kept: Kept): void {
    this.kept.delete(question);
    this.kept.set(question, kept);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

const NEVER = -Infinity;
