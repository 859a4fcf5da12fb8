import type { FileRange } from '@countersign/core';

/**
 * Reads an HTTP Range header (RFC 9110 §14).
 * @returns null when the whole file is to be sent: no header, another unit, several ranges, or not well formed.
 */
export function readRangeHeader(header: string | undefined): FileRange | null {
  const [whole, first = '', last = ''] = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (whole === undefined || (first === '' && last === '')) return null;
  if (first === '') return { last: Number(last) };
  if (last === '') return { start: Number(first) };
  return Number(last) < Number(first) ? null : { start: Number(first), end: Number(last) };
}
