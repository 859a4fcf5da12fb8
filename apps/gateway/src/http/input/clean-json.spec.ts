import fc from 'fast-check';
import { MAX_DEPTH, MAX_VALUES, refuseUncleanJson } from './clean-json';
import type { ProblemError } from '../answers/problem';

function refusal(body: unknown): ProblemError['more']['errors'] | null {
  try {
    refuseUncleanJson(body);
    return null;
  } catch (error) {
    return (error as ProblemError).more.errors ?? [];
  }
}

describe('clean JSON', () => {
  it('lets pass whatever is well-formed', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6, stringUnit: 'grapheme' }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(!text.includes('\\u0000') && !/"(?:__proto__|constructor)":/.test(text));
      expect(refusal(JSON.parse(text))).toBeNull();
    }));
  });

  it.each(['\0', 'a\0b', '\ud800', 'x\udc00', '\ud83d\ud83d\ude00'])('refuses %j anywhere, and says where', (text) => {
    expect(refusal({ a: [{ b: text }] })).toEqual([expect.objectContaining({ field: 'a.0.b', code: 'unclean_text' })]);
    expect(refusal({ a: { [text]: 1 } })).toEqual([expect.objectContaining({ field: 'a' })]);
  });

  it('takes whole surrogate pairs', () => {
    expect(refusal({ smile: '😀' })).toBeNull();
  });

  it.each(['{"__proto__":1}', '{"a":{"__proto__":{"admin":true}}}', '{"a":{"constructor":{}}}'])('refuses %s', (text) => {
    expect(refusal(JSON.parse(text))).toEqual([expect.objectContaining({ code: 'forbidden_name' })]);
  });

  it('bounds depth and number of values', () => {
    const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);
    expect(refusal(deep(MAX_DEPTH))).toBeNull();
    expect(refusal(deep(MAX_DEPTH + 1))).toEqual([expect.objectContaining({ code: 'too_deep' })]);
    expect(refusal(Array.from({ length: MAX_VALUES }, () => 0))).toEqual([]);
  });
});
