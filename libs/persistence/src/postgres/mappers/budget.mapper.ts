import type { BudgetFacts, BudgetLine, Cap, Day, OnUnknown, Spending } from '@countersign/core';
import { instant } from './time.mapper';

/** In rows '' stands for the whole tenant: a key may not be null. */
export const WHOLE_TENANT = '';

const userOf = (userId: string): string | null => (userId === WHOLE_TENANT ? null : userId);

/** A cap with its day, as `json_build_object` gives it: numbers, not the driver's text for bigint. */
export interface CapLineJson {
  user_id: string;
  micros: number;
  on_unknown: OnUnknown;
  used: number;
  reserved: number;
}

export interface HeldJson {
  day: Day;
  micros: number;
}

export function toBudgetFacts(day: Day, caps: CapLineJson[] | null, held: HeldJson | null): BudgetFacts | null {
  return caps && { day, lines: caps.map(toLine), held };
}

function toLine(row: CapLineJson): BudgetLine {
  return { userId: userOf(row.user_id), micros: row.micros, onUnknown: row.on_unknown, usedMicros: row.used, reservedMicros: row.reserved };
}

export interface CapRow {
  tenant_id: string;
  user_id: string;
  micros: string;
  on_unknown: OnUnknown;
  set_by: string;
  set_at: Date;
}

export function toCap(row: CapRow): Cap {
  return {
    tenantId: row.tenant_id, userId: userOf(row.user_id), micros: Number(row.micros), onUnknown: row.on_unknown, setBy: row.set_by,
    setAt: instant(row.set_at),
  };
}

export interface SpendingRow {
  user_id: string;
  used_micros: string;
  reserved_micros: string;
}

export function toSpending(row: SpendingRow): Spending {
  return { userId: userOf(row.user_id), usedMicros: Number(row.used_micros), reservedMicros: Number(row.reserved_micros) };
}
