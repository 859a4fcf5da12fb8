/** Dice that fall the same way for the same seed and purpose, on every machine. */
export class Dice {
  private state: number;

  constructor(seed: number, purpose: string) {
    this.state = [...purpose].reduce((sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), FNV_PRIME), seed ^ FNV_OFFSET);
  }

  /** 0 ≤ x < 1. mulberry32: small, and even enough for picking victims. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of `choices`, each as likely as its weight says. */
  pick<T>(choices: readonly (readonly [choice: T, weight: number])[]): T {
    let left = this.next() * choices.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [choice, weight] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    const last = choices.at(-1);
    if (!last) throw new Error('nothing to pick from');
    return last[0];
  }
}

/** FNV-1a: mixes the purpose's letters into the seed. */
const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;
