import type { Bell, StoredBell } from '@countersign/core';

/** Columns of a doorbell as it travels into SQL: `n` keeps the order. */
export const BELL_COLUMNS = 'n integer, job text, data jsonb, not_before timestamptz';

export function bellsJson(bells: Bell[]): string {
  return JSON.stringify(bells.map((bell, n) => ({ n, job: bell.job, data: bell.data, not_before: bell.notBefore })));
}

/** Ids come back ascending, in the order the bells went in. */
export function storedBells(bells: Bell[], ids: string[]): StoredBell[] {
  return bells.map((bell, n) => ({ ...bell, id: ids[n] ?? '' }));
}
