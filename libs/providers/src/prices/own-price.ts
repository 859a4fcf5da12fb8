/*
 * What this is: what a run costs by the operator's own price (MODEL_PRICES_FILE), for any provider's model. Prices by the
 * token and by the character need to know more about the model and are left to its provider.
 */
import type { CostEstimate, JobMetrics, JsonObject, Payload } from '@countersign/core';
import type { UnitPrice } from '../one-call/price-list';

/** Inputs that say how many pictures are made. */
const COUNT_FIELDS = ['n', 'num_outputs', 'num_images', 'number_of_images'];

/** Before the run; null = this price is not for us to reckon with. */
export function ownEstimate(payload: Payload, price: UnitPrice): CostEstimate | null {
  const { usdPerComputeSecond: usdPerSecond } = price;
  if (usdPerSecond === undefined) return byInput(payload.input, price);
  return { ...unknown(`$${usdPerSecond} a second (${told(price)}); how long it will take is not known yet`), usdPerSecond };
}

/** After the run. */
export function ownCost(payload: Payload, { computeSeconds }: JobMetrics, price: UnitPrice): CostEstimate | null {
  const { usdPerComputeSecond: usdPerSecond } = price;
  if (usdPerSecond === undefined) return byInput(payload.input, price);
  if (computeSeconds === null) return unknown(`$${usdPerSecond} a second (${told(price)}); the time was not told`);
  return known(computeSeconds * usdPerSecond, `${computeSeconds} s × $${usdPerSecond}`, price);
}

function byInput(input: JsonObject, price: UnitPrice): CostEstimate | null {
  if (price.usdPerRun !== undefined) return known(price.usdPerRun, 'one run', price);
  if (price.usdPerImage === undefined) return null;
  const count = COUNT_FIELDS.map((name) => input[name]).find((value): value is number => typeof value === 'number' && value > 0) ?? 1;
  return known(count * price.usdPerImage, `${count} image${count === 1 ? '' : 's'} × $${price.usdPerImage}`, price);
}

function known(usd: number, how: string, price: UnitPrice): CostEstimate {
  return { amount: Number(usd.toFixed(8)), currency: 'USD', basis: `price list: ${how} (${told(price)})` }; // no binary fractions of a cent
}

function unknown(basis: string): CostEstimate {
  return { amount: null, currency: 'USD', basis };
}

const told = ({ source, date }: UnitPrice): string => `${source}, ${date}`;
