/*
 * What this is: what one call costs by the provider's price page, as data. The APIs tell no price, prices change, and what
 * is not in the list is "unknown", never zero. An operator's own list comes before this one (MODEL_PRICES_FILE).
 */
import { isJsonObject, type Json, type JsonObject } from '@countersign/core';

/** US dollars. Which of them are given says how the model is billed. */
export interface UnitPrice {
  /** As in a payload: `anthropic/claude-sonnet-5-5`. */
  model: string;
  usdPerMillionTokensIn?: number;
  usdPerMillionTokensOut?: number;
  usdPerImage?: number;
  usdPerMillionCharacters?: number;
  /** Whatever goes in and comes out. */
  usdPerRun?: number;
  /** Of the hardware that the model runs on. */
  usdPerComputeSecond?: number;
  /** Where the price was read. */
  source: string;
  /** When, `YYYY-MM-DD`. */
  date: string;
}

const CLAUDE_PAGE = 'platform.claude.com/docs, models and pricing';
const claude = (model: string, tokensIn: number, tokensOut: number): UnitPrice => ({
  model: `anthropic/${model}`, usdPerMillionTokensIn: tokensIn, usdPerMillionTokensOut: tokensOut, source: CLAUDE_PAGE, date: '2026-11-22',
});

export const LIST_PRICES: readonly UnitPrice[] = [
  claude('claude-fable-5-1', 10, 50),
  claude('claude-opus-5-5', 4, 20),
  claude('claude-opus-5', 5, 25),
  claude('claude-sonnet-5-5', 2, 10),
  claude('claude-sonnet-5', 2, 10),
  claude('claude-haiku-4-5', 1, 5),
];

const MAX_PRICES = 10_000; // more is not a price list
const AMOUNTS = {
  usd_per_million_tokens_in: 'usdPerMillionTokensIn', usd_per_million_tokens_out: 'usdPerMillionTokensOut',
  usd_per_image: 'usdPerImage', usd_per_million_characters: 'usdPerMillionCharacters',
  usd_per_run: 'usdPerRun', usd_per_compute_second: 'usdPerComputeSecond',
} as const;
const WORDS = ['model', 'source', 'date'];

/**
 * An operator's price list: `[{"model": "openai/gpt-4o", "usd_per_million_tokens_in": 2.5, …, "source": "…", "date": "2026-11-22"}]`.
 * @throws Error that names the entry and what is wrong with it.
 */
export function parsePrices(json: unknown): UnitPrice[] {
  if (!Array.isArray(json)) throw new Error('must be a list of prices');
  if (json.length > MAX_PRICES) throw new Error(`must not have more than ${MAX_PRICES} prices`);
  return json.map((entry, index) => parsePrice(entry as Json, `entry ${index + 1}`));
}

function parsePrice(entry: Json, where: string): UnitPrice {
  if (!isJsonObject(entry)) throw new Error(`${where} must be an object`);
  const unknown = Object.keys(entry).find((key) => !WORDS.includes(key) && !Object.hasOwn(AMOUNTS, key));
  if (unknown !== undefined) throw new Error(`${where} has an unknown member "${unknown}"`);
  const price: UnitPrice = { model: word(entry, 'model', where), source: word(entry, 'source', where), date: word(entry, 'date', where) };
  if (!/^\d{4}-\d{2}-\d{2}$/.test(price.date)) throw new Error(`${where}: date must be YYYY-MM-DD`);
  for (const [key, member] of Object.entries(AMOUNTS)) {
    const amount = entry[key];
    if (amount === undefined) continue;
    if (typeof amount !== 'number' || !Number.isFinite(amount) || amount < 0) throw new Error(`${where}: ${key} must be a number of dollars, zero or more`);
    price[member] = amount;
  }
  if (!Object.keys(AMOUNTS).some((key) => entry[key] !== undefined)) throw new Error(`${where} must have a price: one of ${Object.keys(AMOUNTS).join(', ')}`);
  return price;
}

function word(entry: JsonObject, key: string, where: string): string {
  const value = entry[key];
  if (typeof value !== 'string' || value.trim() === '') throw new Error(`${where}: ${key} must be text`);
  return value.trim();
}
