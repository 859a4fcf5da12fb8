import type { Json } from '@countersign/core';
import { LIST_PRICES, parsePrices } from './price-list';

it('reads an operator\'s prices', () => {
  const json: Json = [{ model: 'openai/gpt-4o', usd_per_million_tokens_in: 2.5, usd_per_million_tokens_out: 10, source: 'contract', date: '2026-11-22' }, { model: 'openai/tts-1', usd_per_million_characters: 0, source: 'gift', date: '2026-01-01' }];
  expect(parsePrices(json)).toEqual([
    { model: 'openai/gpt-4o', usdPerMillionTokensIn: 2.5, usdPerMillionTokensOut: 10, source: 'contract', date: '2026-11-22' },
    { model: 'openai/tts-1', usdPerMillionCharacters: 0, source: 'gift', date: '2026-01-01' },
  ]);
});

it.each<[Json, string]>([
  [{}, 'must be a list'],
  [['x'], 'entry 1 must be an object'],
  [[{ model: 'a/b', source: 's', date: '2026-11-22' }], 'entry 1 must have a price'],
  [[{ model: 'a/b', source: 's', date: 'today', usd_per_image: 1 }], 'date must be YYYY-MM-DD'],
  [[{ model: 'a/b', source: 's', date: '2026-11-22', usd_per_image: -1 }], 'usd_per_image must be a number'],
  [[{ model: 'a/b', source: 's', date: '2026-11-22', usd_per_picture: 1 }], 'unknown member "usd_per_picture"'],
  [[{ model: ' ', source: 's', date: '2026-11-22', usd_per_image: 1 }], 'model must be text'],
])('says what is wrong with %j', (json, words) => {
  expect(() => parsePrices(json)).toThrow(words);
});

it('names source and day of each price it comes with', () => {
  for (const { source, date } of LIST_PRICES) expect([source, date]).toEqual([expect.stringMatching(/\w/), expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/)]);
});
