import * as fc from 'fast-check';
import type { Json } from '../json';
import { habitEvidence, HABIT_ALIKE, HABIT_WINDOW, memoryState } from './habit';

const ENTRY = { field: 'aspect_ratio', before: '1:1', after: '16:9' };
const CARDS: Record<string, { before: Json; after: Json }> = {
  A: { before: '1:1', after: '16:9' }, // alike
  k: { before: '1:1', after: '1:1' }, // kept
  o: { before: '1:1', after: '4:3' }, // another value
  x: { before: '4:3', after: '16:9' }, // began elsewhere
  r: { before: '16:9', after: '1:1' }, // taken back
};
/** Newest first, one letter a card. */
const seen = (letters: string) => [...letters].map((letter) => CARDS[letter] ?? { before: null, after: null });
const evidence = (letters: string) => habitEvidence({ ...ENTRY, seen: seen(letters) });

describe('a habit', () => {
  it.each([
    ['', 0, 0, false], ['A', 1, 1, false], ['AA', 2, 2, false], ['AAA', 3, 3, true], ['AkAA', 3, 4, true], ['AAkAA', 4, 5, true],
    ['AAAAAAAA', 5, 5, true], ['AkAkA', 3, 5, true], ['AkAkkA', 2, 5, false], ['AAkkkA', 2, 5, false], ['kAAA', 3, 4, true], ['kkAAA', 3, 5, true], ['kkkAAA', 2, 5, false], ['AoAAA', 4, 5, true],
  ])('after %s is %d of %d: %s', (letters, alike, of, isHabit) => {
    expect(evidence(letters)).toMatchObject({ alike, of, isHabit });
  });

  it.each(['oAAA', 'oAAAA', 'koAAA', 'rAAAA', 'krAAA', 'rkAAA'])('ends with a newer change that contradicts it: %s', (letters) => {
    expect(evidence(letters).isHabit).toBe(false);
    expect(evidence(`A${letters}`).isHabit).toBe(true);
  });

  it('does not count cards on which the field held another value', () => {
    expect(evidence('xAxAxA')).toMatchObject({ alike: 3, of: 3, isHabit: true });
    expect(evidence('xxx')).toMatchObject({ alike: 0, of: 0, isHabit: false });
  });

  it('says its evidence in words', () => {
    expect(evidence('AAkAA').words).toBe('last 4 of 5: aspect_ratio 1:1 → 16:9');
    expect(habitEvidence({ field: 'go_fast', before: null, after: false, seen: [] }).words).toBe('last 0 of 0: go_fast nothing → false');
  });

  it('stands as a person ruled, else as the evidence has it', () => {
    const entry = { ...ENTRY, seen: seen('AAA'), ruling: null };
    expect(memoryState(entry)).toBe('proposed');
    expect(memoryState({ ...entry, seen: seen('AA') })).toBe('noted');
    for (const state of ['muted', 'always'] as const) expect(memoryState({ ...entry, ruling: { state, by: 'human:ann', at: '2026-11-22T12:00:00.000Z' } })).toBe(state);
  });

  const letters = fc.string({ unit: fc.constantFrom('A', 'k', 'o', 'x', 'r'), maxLength: 20 });
  it('needs three alike of the last five, never fewer, whatever was seen', () => {
    fc.assert(fc.property(letters, (cards) => {
      const { alike, of, isHabit } = evidence(cards);
      expect(of).toBeLessThanOrEqual(HABIT_WINDOW);
      expect(alike).toBeLessThanOrEqual(of);
      if (isHabit) expect(alike).toBeGreaterThanOrEqual(HABIT_ALIKE);
      if (cards.replaceAll('x', '').startsWith('AAA')) expect(isHabit).toBe(true);
      if (/^[xk]*[or]/.test(cards)) expect(isHabit).toBe(false);
    }));
  });

  it('looks at no more than its window', () => {
    fc.assert(fc.property(letters, letters, (newer, older) => {
      const enough = newer.replaceAll(/[xr]/g, '').length >= HABIT_WINDOW;
      if (enough) expect(evidence(newer + older)).toEqual(evidence(newer));
    }));
  });

  it('of at most one change at a time: two cannot both be habits of the same value', () => {
    fc.assert(fc.property(letters, (cards) => {
      const other = habitEvidence({ ...ENTRY, after: '4:3', seen: seen(cards) });
      expect(other.isHabit && evidence(cards).isHabit).toBe(false);
    }));
  });
});
