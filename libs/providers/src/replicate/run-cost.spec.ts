import type { JsonObject } from '@countersign/core';
import { LIST_PRICES, type PriceTable } from './price-table';
import { costOfRun, estimateRun } from './run-cost';

const table: PriceTable = {
  ...LIST_PRICES,
  models: { ...LIST_PRICES.models, 'a/timed': { per: 'compute_second', hardware: 'gpu-t4', typicalSeconds: 8 }, 'a/new': { per: 'compute_second', hardware: 'cpu', typicalSeconds: null }, 'a/video': { per: 'output_second', usd: 0.5, durationField: 'duration' } },
};
const payload = (model: string, input: JsonObject = {}) => ({ provider: 'replicate', model, version: 'hidden', input });

it.each<[string, JsonObject, number | null]>([
  ['black-forest-labs/flux-schnell', {}, 0.003],
  ['black-forest-labs/flux-schnell', { num_outputs: 4 }, 0.012],
  ['Black-Forest-Labs/Flux-Schnell:abc', { num_outputs: 'many' }, 0.003],
  ['a/timed', {}, 0.0018],
  ['a/new', {}, null],
  ['a/video', { duration: 10 }, 5],
  ['a/video', {}, null],
  ['deepseek-ai/deepseek-r1', { prompt: 'x'.repeat(4_000), max_tokens: 1_000 }, 0.01375],
  ['deepseek-ai/deepseek-r1', { prompt: 'x' }, null],
  ['a/unpriced', {}, null],
  ['constructor/toString', {}, null],
])('estimate of %s %j is %s', (model, input, amount) => {
  expect(estimateRun(payload(model, input), table)).toMatchObject({ amount, currency: 'USD', basis: expect.stringMatching(/./) });
});

it.each<[string, number | null, number | null]>([
  ['a/timed', 2, 0.00045], ['a/timed', null, null], ['black-forest-labs/flux-dev', null, 0.025], ['deepseek-ai/deepseek-r1', 9, null], ['a/unpriced', 9, null],
])('cost of %s after %s s is %s', (model, computeSeconds, amount) => {
  expect(costOfRun(payload(model, { max_tokens: 5 }), { computeSeconds, totalSeconds: null }, table)).toMatchObject({ amount });
});
