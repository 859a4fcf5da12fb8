import fc from 'fast-check';
import { storable, storableJson, storableText } from './storable';

describe('storable', () => {
  it.each([['a\0b', 'a\ufffdb'], ['\ud83d', '\ufffd'], ['\ude00\ud83d', '\ufffd\ufffd'], ['😀', '😀'], ['\\u0000', '\\u0000'], ['', '']])('makes of %j %j', (text, kept) => {
    expect(storableText(text)).toBe(kept);
    expect(JSON.parse(storableJson({ text, list: [text] }))).toEqual({ text: kept, list: [kept] });
  });

  it('mends names too, and hands back the very value when there is nothing to mend', () => {
    expect(storable({ 'a\0': { '\ud83d': 1 } })).toEqual({ 'a\ufffd': { '\ufffd': 1 } });
    const value = { a: ['ü 😀', 1, null] };
    expect(storable(value)).toBe(value);
  });

  it('is text that is valid Unicode without NUL, and whole text stays as it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const kept = storableText(text);
      expect(Buffer.from(kept, 'utf8').toString('utf8')).toBe(kept);
      expect(kept).not.toContain('\0');
      expect(kept).toHaveLength(text.length);
      if (Buffer.from(text, 'utf8').toString('utf8') === text && !text.includes('\0')) expect(kept).toBe(text);
    }));
  });
});
