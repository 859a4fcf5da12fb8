import type { CostEstimate } from '../ports/ai-provider';

/**
 * Money in sums is a whole number of micro-dollars (one millionth of a US dollar): binary fractions of a dollar do not add
 * up. Everything on the wire is in dollars.
 */
export type Micros = number;

const PER_DOLLAR = 1_000_000;
/** Digits that tell a part of a micro-dollar from the noise of a binary fraction. */
const NOISE_DIGITS = 3;
/** Most that one amount can be, dollars: keeps every sum of a day far below the largest exact integer. */
export const MOST_USD = 1_000_000;

/** Dollars as micro-dollars, a part of one counted as a whole: what is set aside is never too little. */
export function microsOf(usd: number): Micros {
  return Math.ceil(Number((Math.min(usd, MOST_USD) * PER_DOLLAR).toFixed(NOISE_DIGITS)));
}

export function usdOf(micros: Micros): number {
  return micros / PER_DOLLAR;
}

/** `$0.05`, `$0.0025`: cents at least, and whatever stands behind them. */
export function sayMoney(micros: Micros): string {
  const [whole = '0', part = ''] = usdOf(micros).toFixed(6).split('.');
  return `$${whole}.${part.replace(/0+$/, '').padEnd(2, '0')}`;
}

/** Null when the amount is not known. */
export function microsOfEstimate(estimate: Pick<CostEstimate, 'amount'> | null | undefined): Micros | null {
  const amount = estimate?.amount ?? null;
  return amount === null || !Number.isFinite(amount) || amount < 0 ? null : microsOf(amount);
}
