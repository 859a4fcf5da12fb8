import type { FieldType, Json } from '@countersign/core';
import { numberFromText } from './number-text';

export type Coerced = { ok: true; value: Json; rule?: string } | { ok: false };
const WRONG: Coerced = { ok: false };

const TRUE = ['true', '1', 'yes', 'on'];
const FALSE = ['false', '0', 'no', 'off'];

function toBoolean(value: Json): Coerced {
  if (typeof value === 'boolean') return { ok: true, value };
  if (typeof value !== 'string' && typeof value !== 'number') return WRONG;
  const word = String(value).trim().toLowerCase();
  if (TRUE.includes(word)) return { ok: true, value: true, rule: 'to_boolean' };
  return FALSE.includes(word) ? { ok: true, value: false, rule: 'to_boolean' } : WRONG;
}

function toNumber(value: Json, whole: boolean): Coerced {
  const number = typeof value === 'string' ? numberFromText(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) return WRONG;
  if (whole && !Number.isSafeInteger(number)) return WRONG; // never round
  return typeof value === 'string' ? { ok: true, value: number === 0 ? 0 : number, rule: whole ? 'to_integer' : 'to_number' } : { ok: true, value: number };
}

/** A value as the type wants it, when nothing is lost on the way. `"false"` never becomes true, 4.5 never becomes 4. */
export function coerceScalar(value: Json, type: FieldType | undefined): Coerced {
  if (type === 'boolean') return toBoolean(value);
  if (type === 'integer') return toNumber(value, true);
  if (type === 'number') return toNumber(value, false);
  if (type === 'string') {
    if (typeof value === 'string') return { ok: true, value };
    return typeof value === 'number' && Number.isFinite(value) ? { ok: true, value: String(value), rule: 'to_text' } : WRONG;
  }
  return { ok: true, value };
}
