import fc from 'fast-check';
import type { Json } from '../json';
import { canonicalJson } from './canonical-json';

describe('canonicalJson', () => {
  it('gives the example of RFC 8785, section 3.2.3', () => {
    const value = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\\u0022/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  /** RFC 8785, appendix B: IEEE 754 bits → text. */
  it.each([
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'], ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'], ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'], ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'], ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'], ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('prints the number with bits %s as %s', (bits, text) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt(`0x${bits}`));
    expect(canonicalJson(view.getFloat64(0))).toBe(text);
  });

  it('sorts keys by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
    const value = { '€': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, 'ö': 7 };
    expect(Object.keys(JSON.parse(canonicalJson(value)) as object).filter((key) => key !== '1')).toEqual(['\r', '\u0080', 'ö', '€', '😀', '\ufb33']);
    expect(canonicalJson(value)).toMatch(/^\{"\\r":2,"1":4,/);
  });

  it('sorts names that look like numbers as text', () => {
    expect(canonicalJson({ 10: 'a', 9: 'b', b: 1, a: 2 })).toBe('{"10":"a","9":"b","a":2,"b":1}');
  });

  it('keeps a member named __proto__', () => {
    expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}') as Json)).toBe('{"__proto__":{"a":2},"b":1}');
  });

  it.each([
    ['NaN', NaN], ['Infinity', -Infinity], ['undefined', undefined], ['a function', () => 1], ['a symbol', Symbol('x')], ['a bigint', 1n],
    ['a date', new Date(0)], ['a map', new Map([['a', 1]])], ['bytes', new Uint8Array(2)], ['a hole', new Array(1)],
    ['half a pair', '\ud83d'], ['the other half', 'x\ude00'], ['a pair the wrong way round', '\ude00\ud83d'], ['half a pair in a name', { '\ud83d': 1 }],
    ['undefined inside', { a: undefined }], ['NaN inside', [NaN]],
  ])('refuses %s', (_what, value) => {
    expect(() => canonicalJson(value as Json)).toThrow(TypeError);
  });

  it('reads back as what went in', () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      fc.pre(!/[\uD800-\uDFFF]/.test(JSON.stringify(value).replace(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g, '')) && !/\\ud[89a-f]/i.test(JSON.stringify(value)));
      expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
    }));
  });

  it('gives equal text for equal values, whatever the order of their keys', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(reversed(value as Json))).toBe(canonicalJson(value as Json));
    }));
  });

  it('gives different text for different values', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
      const same = canonicalJson(one as Json) === canonicalJson(other as Json);
      expect(same).toBe(canonicalJson(reversed(one as Json)) === canonicalJson(reversed(other as Json)));
      if (same) expect(JSON.parse(JSON.stringify(one))).toEqual(JSON.parse(JSON.stringify(other)));
    }));
  });
});

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reversed(item)]));
}
