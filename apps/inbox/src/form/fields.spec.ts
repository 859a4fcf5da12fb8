import type { JsonObject } from '@countersign/core';
import { changes, changesFor, edits, problems, same, type Draft } from './draft';
import { readFields } from './fields';

const SCHEMA: JsonObject = {
  type: 'object',
  properties: {
    scale: { type: 'integer', minimum: 1, maximum: 4, default: 2, 'x-order': 1, 'x-role': 'option' },
    image: { type: 'string', format: 'uri', 'x-order': 0, 'x-role': { kind: 'file', media: 'image', shape: 'url' }, 'x-media': 'image', 'x-required': true },
    format: { allOf: [{ enum: ['png', 'jpg'], type: 'string' }], default: 'png', 'x-order': 2 },
    prompt: { type: 'string', 'x-role': 'prompt', 'x-order': 3 },
    masks: { type: 'array', items: { type: 'string', format: 'uri' }, 'x-order': 4 },
    tags: { type: 'array', items: { type: 'string' }, 'x-order': 5 },
    maybe: { anyOf: [{ type: 'number' }, { type: 'null' }], 'x-order': 6 },
    extra: { type: 'object', 'x-order': 7 },
    mood: { type: ['string', 'null'], enum: ['calm', null], 'x-order': 7.5 },
    hd: { type: ['boolean', 'null'], 'x-order': 8 },
    pick: { type: 'array', items: { enum: ['a', 'b'] }, 'x-order': 9 },
    token: { type: 'string', writeOnly: true, 'x-order': 10 },
  },
};

describe('readFields', () => {
  const fields = readFields(SCHEMA, { image: 'https://x/cat.png', scale: 3 });

  it('keeps the order and picks a control for each shape', () => {
    expect(fields.map((field) => `${field.name}:${field.control}`)).toEqual([
      'image:file', 'scale:number', 'format:choice', 'prompt:long_text', 'masks:files', 'tags:list', 'maybe:number',
      'extra:json', 'mood:choice', 'hd:boolean', 'pick:choices', 'token:secret',
    ]);
  });

  it('knows what stands, what the model falls back to, limits, media and need', () => {
    expect(fields[0]).toMatchObject({ current: 'https://x/cat.png', required: true, media: 'image', label: 'Image' });
    expect(fields[1]).toMatchObject({ current: 3, fallback: undefined, minimum: 1, maximum: 4, step: 1 });
    expect(fields[2]).toMatchObject({ current: undefined, fallback: 'png', options: ['png', 'jpg'] });
  });

  it('lets the text of a result stand at its default', () => {
    const [response] = readFields({ properties: { response: { type: 'string', title: 'Response', default: 'Hello' } } }, {});
    expect(response).toMatchObject({ current: 'Hello', control: 'long_text' });
  });
});

describe('draft', () => {
  const fields = readFields(SCHEMA, { image: 'a', scale: 3, tags: ['x'] });
  const entry = (value: Draft[string]['value'], problem: string | null = null): Draft[string] => ({ value, problem });

  it('sends only what changed, and null for what was emptied', () => {
    const draft: Draft = { image: entry('a'), scale: entry(undefined), tags: entry(['x', 'y']), hd: entry(undefined) };
    expect(edits(changes(fields, draft))).toEqual({ scale: null, tags: ['x', 'y'] });
  });

  it('says what can not be sent', () => expect(problems({ extra: entry(undefined, 'not JSON') })).toEqual(['extra: not JSON']));

  it('sends each answer the fields it may change', () => {
    const result = readFields({ properties: { response: { type: 'string', default: 'Hi' }, scale: { type: 'integer', 'x-order': 0 } } }, { scale: 1 });
    const both = changes(result, { response: entry('Hello'), scale: entry(2) });
    const names = (action: 'edit' | 'retry' | 'approve'): string[] => changesFor(action, result, both).map(({ field }) => field.name);
    expect([names('edit'), names('retry'), names('approve')]).toEqual([['response'], ['scale'], []]);
    expect(edits(changes(result, { response: entry(undefined), scale: entry(undefined) }))).toEqual({ response: '', scale: null });
    const inputs = changes(fields, { scale: entry(1) });
    expect(changesFor('edit', fields, inputs)).toEqual(inputs);
  });

  it('compares by content', () => {
    expect([same({ a: [1] }, { a: [1] }), same([1], { 0: 1 }), same('', undefined), same(0, undefined), same({ a: 1 }, { b: 1 })]).toEqual([true, false, true, false, false]);
  });
});
