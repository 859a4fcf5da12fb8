import type { CostEstimate, JobMetrics, JsonObject, Payload } from '@countersign/core';
import type { OneCallModel } from './one-call-model';
import type { UnitPrice } from './price-list';

const CHARACTERS_PER_TOKEN = 4; // rule of thumb for English; the basis says "about"

/** Before the call: what goes in by its length, what comes out by its limit. Pictures cannot be reckoned so. */
export function estimateCall(payload: Payload, model: OneCallModel | null, price: UnitPrice | null): CostEstimate {
  if (price === null || model === null) return unknown('no price is known for this model');
  const byInput = inputPrice(payload.input, price);
  if (byInput !== null) return byInput;
  if (price.usdPerMillionTokensIn === undefined && price.usdPerMillionTokensOut === undefined) return unknown('the price of this model has no part that fits');
  if (hasFiles(payload.input, model)) return unknown('billed by the token; how many the pictures make is not known beforehand');
  const most = model.mostTokensOut(payload.input);
  if (most === null) return unknown('billed by the token; how many will come out is not known');
  const tokensIn = Math.ceil(characters(payload.input) / CHARACTERS_PER_TOKEN);
  return known(tokenPrice(tokensIn, most, price), `about ${tokensIn} tokens in, at most ${most} out`, price);
}

/** After the call, from what the provider says was used. */
export function costOfCall(payload: Payload, metrics: JobMetrics, price: UnitPrice | null): CostEstimate {
  if (price === null) return unknown('no price is known for this model');
  const byInput = inputPrice(payload.input, price);
  if (byInput !== null) return byInput;
  const { inputTokens, outputTokens } = metrics.usage ?? { inputTokens: null, outputTokens: null };
  if (inputTokens === null || outputTokens === null) return unknown('billed by the token; the number of tokens was not told');
  return known(tokenPrice(inputTokens, outputTokens, price), `${inputTokens} tokens in, ${outputTokens} out`, price);
}

/** Prices that the input alone decides. */
function inputPrice(input: JsonObject, price: UnitPrice): CostEstimate | null {
  if (price.usdPerImage !== undefined) {
    const images = typeof input['n'] === 'number' ? input['n'] : 1;
    return known(images * price.usdPerImage, `${images} image${images === 1 ? '' : 's'} × $${price.usdPerImage}`, price);
  }
  if (price.usdPerMillionCharacters === undefined) return null;
  const length = characters(input);
  return known((length * price.usdPerMillionCharacters) / 1e6, `${length} characters × $${price.usdPerMillionCharacters} a million`, price);
}

function tokenPrice(tokensIn: number, tokensOut: number, price: UnitPrice): number {
  return (tokensIn * (price.usdPerMillionTokensIn ?? 0) + tokensOut * (price.usdPerMillionTokensOut ?? 0)) / 1e6;
}

function hasFiles(input: JsonObject, { form }: OneCallModel): boolean {
  return form.fields.some(({ name, role }) => role.kind === 'file' && input[name] !== undefined);
}

function characters(input: JsonObject): number {
  return Object.values(input).reduce<number>((sum, each) => sum + (typeof each === 'string' ? each.length : Array.isArray(each) ? JSON.stringify(each).length : 0), 0);
}

function known(usd: number, basis: string, { source, date }: UnitPrice): CostEstimate {
  return { amount: Number(usd.toFixed(8)), currency: 'USD', basis: `${basis} (${source}, ${date})` };
}

function unknown(basis: string): CostEstimate {
  return { amount: null, currency: 'USD', basis };
}
