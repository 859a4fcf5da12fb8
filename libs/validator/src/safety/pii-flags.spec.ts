import type { Json } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { schemaOf } from '../testing/schemas';
import { payloadFlags, piiFlags } from './pii-flags';

describe('piiFlags', () => {
  it('reads every text of an answer, however it is nested, and counts what is alike', () => {
    const answer: Json = { people: [{ mail: 'ann@example.org' }, { mail: 'bob@example.org', notes: ['ring +49 30 901820'] }], seed: 4111111111111111, done: true, next: null };
    expect(piiFlags(answer, 'the answer')).toEqual([
      { flag: 'pii', score: 0.95, why: 'the answer holds 2 e-mail addresses (a•••@•••.org and others)' },
      { flag: 'pii', score: 0.9, why: 'the answer holds a phone number (•••20)' },
    ]);
  });

  it.each<Json>(['', 'a red fox', 42, null, true, [], {}, { seed: '1234567890' }])('finds nothing in %j', (value) => {
    expect(piiFlags(value, 'the answer')).toEqual([]);
  });

  it('ends on values that are deep or wide', () => {
    let deep: Json = 'ann@example.org';
    for (let level = 0; level < 10_000; level += 1) deep = [deep];
    expect(piiFlags(deep, 'it')).toEqual([]);
    expect(piiFlags(Array.from({ length: 200_000 }, () => 'ann@example.org'), 'it')).toMatchObject([{ why: expect.stringContaining('1000 e-mail') }]);
  });
});

describe('payloadFlags', () => {
  const chat = formFromOpenApi(schemaOf('acme/small-llm-chat'));
  it('looks into each text that would be sent, and names its field', () => {
    expect(payloadFlags(chat, { prompt: 'hello', system_prompt: 'You answer for ann@example.org.', max_new_tokens: 512 })).toEqual([
      { flag: 'pii', score: 0.95, why: 'system_prompt holds an e-mail address (a•••@•••.org)' },
    ]);
    expect(payloadFlags(chat, { prompt: 'hello' })).toEqual([]);
  });
});
