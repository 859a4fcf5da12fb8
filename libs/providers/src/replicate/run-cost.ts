import type { CostEstimate, JobMetrics, JsonObject, Payload } from '@countersign/core';
import { parseModelName } from './model-name';
import type { ModelPrice, PriceTable } from './price-table';

const CHARACTERS_PER_TOKEN = 4; // rule of thumb for English; the basis says "about"

/** Before the run: from the price table and the input alone. */
export function estimateRun(payload: Payload, table: PriceTable): CostEstimate {
  const price = priceOf(payload, table);
  if (!price) return unknown('no price is known for this model');
  if (price.per === 'compute_second') {
    const usdPerSecond = table.hardware[price.hardware];
    if (price.typicalSeconds === null) return { ...unknown(`$${usdPerSecond} a second on ${price.hardware}; how long it will take is not known`), usdPerSecond };
    return computeCost(price.typicalSeconds, price.hardware, table, 'typically ');
  }
  return unitCost(price, payload.input, table);
}

/** After the run: what its metrics and the input tell. Failed and aborted runs of public models are not billed. */
export function costOfRun(payload: Payload, metrics: JobMetrics, table: PriceTable): CostEstimate {
  const price = priceOf(payload, table);
  if (!price) return unknown('no price is known for this model');
  if (price.per === 'token') return unknown('billed by the token; the number of tokens is not told');
  if (price.per !== 'compute_second') return unitCost(price, payload.input, table);
  if (metrics.computeSeconds === null) return unknown(`$${table.hardware[price.hardware]} a second on ${price.hardware}; the time was not told`);
  return computeCost(metrics.computeSeconds, price.hardware, table, '');
}

function priceOf(payload: Payload, table: PriceTable): ModelPrice | null {
  const model = parseModelName({ model: payload.model, version: null });
  const key = model ? `${model.owner}/${model.name}`.toLowerCase() : '';
  return Object.hasOwn(table.models, key) ? table.models[key] ?? null : null;
}

function unitCost(price: Exclude<ModelPrice, { per: 'compute_second' }>, input: JsonObject, table: PriceTable): CostEstimate {
  switch (price.per) {
    case 'image': {
      const count = price.countField ? positive(input[price.countField]) ?? 1 : 1;
      return known(count * price.usd, `${count} image${count === 1 ? '' : 's'} × $${price.usd}`, table);
    }
    case 'output_second': {
      const seconds = positive(input[price.durationField]);
      if (seconds === null) return unknown(`$${price.usd} a second; the length is not told`);
      return known(seconds * price.usd, `${seconds} s × $${price.usd}`, table);
    }
    case 'token': {
      const most = positive(input[price.maxField]);
      if (most === null) return unknown(`$${price.usdPerMillionIn} in and $${price.usdPerMillionOut} out per million tokens; no limit is set`);
      const tokensIn = Math.ceil(textLength(input) / CHARACTERS_PER_TOKEN);
      const usd = (tokensIn * price.usdPerMillionIn + most * price.usdPerMillionOut) / 1_000_000;
      return known(usd, `about ${tokensIn} tokens in, at most ${most} out`, table);
    }
  }
}

function computeCost(seconds: number, hardware: keyof PriceTable['hardware'], table: PriceTable, how: string): CostEstimate {
  return known(seconds * table.hardware[hardware], `${how}${seconds} s × $${table.hardware[hardware]} on ${hardware}`, table);
}

function known(usd: number, basis: string, table: PriceTable): CostEstimate {
  const amount = Number(usd.toFixed(8)); // binary fractions of a cent, not worth showing
  return { amount, currency: 'USD', basis: `${basis} (list price of ${table.asOf})` };
}

function unknown(basis: string): CostEstimate {
  return { amount: null, currency: 'USD', basis };
}

function positive(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
}

function textLength(input: JsonObject): number {
  return Object.values(input).reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length : 0), 0);
}
