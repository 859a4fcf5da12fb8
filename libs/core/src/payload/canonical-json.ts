/*
 * What this is: canonical JSON after RFC 8785 (JCS), the text under every consent hash and every audit hash.
 * Invariant: two values that mean the same JSON give the same text; two that differ never do.
 * To extend: don't. Each hash ever stored depends on it; a new form needs a new, named hash.
 */
import type { Json } from '../json';

/**
 * @returns the RFC 8785 text: keys sorted by UTF-16 code units, no white space, numbers as ECMAScript prints them.
 * @throws TypeError on what is not JSON (undefined, functions, dates, NaN, Infinity, lone surrogates).
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} is not JSON`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return canonicalString(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  if (isPlain(value)) {
    const members = Object.keys(value).sort().map((key) => `${canonicalString(key)}:${canonicalJson(value[key] as Json)}`);
    return `{${members.join(',')}}`;
  }
  throw new TypeError(`${typeof value} is not JSON`);
}

/** Dates, maps and bytes are objects without members of their own: as `{}` they would all hash alike. */
function isPlain(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function canonicalString(text: string): string {
  if (LONE_SURROGATE.test(text)) throw new TypeError('text holds half of a surrogate pair: it is not valid Unicode');
  return JSON.stringify(text);
}
