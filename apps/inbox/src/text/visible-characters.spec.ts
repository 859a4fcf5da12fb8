import fc from 'fast-check';
import { hasHidden, visibleRuns } from './visible-characters';

const shown = (text: string): string => visibleRuns(text).map((run) => (run.hidden ? `[${run.code}]` : run.text)).join('');

describe('visibleRuns', () => {
  it('loses nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => visibleRuns(text).map((run) => run.text).join('') === text));
  });

  it('never leaves a direction change or a zero-width character in what looks plain', () => {
    const traps = fc.constantFrom('\u202E', '\u2066', '\u200B', '\u2060', '\uFEFF', '\u00AD', '\u{E0041}', '\u0000', '\u3164');
    fc.assert(fc.property(fc.string(), traps, fc.string(), (before, trap, after) => {
      for (const run of visibleRuns(before + trap + after)) if (!run.hidden) expect(run.text).not.toContain(trap);
    }));
  });

  it.each([
    ['pay \u202Eelpmaxe', 'pay [U+202E]elpmaxe'],
    ['a\u200Bb', 'a[U+200B]b'],
    ['tag\u{E0041}', 'tag[U+E0041]'],
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['Grüße, שלום, 你好', 'Grüße, שלום, 你好'],
    ['family 👨‍👩‍👧 and ❤️', 'family 👨‍👩‍👧 and ❤️'],
    ['joiner a\u200Db', 'joiner a[U+200D]b'],
    ['digit 1\u200Db, heart ❤\uFE0F\uFE0F', 'digit 1[U+200D]b, heart ❤\uFE0F[U+FE0F]'],
  ])('shows %j', (text, expected) => expect(shown(text)).toBe(expected));

  it('knows clean text', () => expect([hasHidden('plain'), hasHidden('pl\u200Bain')]).toEqual([false, true]));
});
