import type { Form, Json } from '@countersign/core';
import fc from 'fast-check';
import { formFromOpenApi } from '../form/form-from-open-api';
import { openApi, uri } from '../testing/open-api';
import { hideAddresses, showAddresses } from './hide-addresses';
import { settleProposed, type ProposedEdit } from './settle-proposed';

const FORM: Form = formFromOpenApi({
  provider: 'replicate', model: 'acme/painter', version: 'v1', digest: '0', title: 'acme/painter', description: 'A text-to-image model',
  schema: openApi({
    prompt: { type: 'string', description: 'Prompt' }, palette: { type: 'string', enum: ['warm', 'cold'], default: 'warm' },
    width: { type: 'integer', minimum: 8, maximum: 512, default: 64 }, image: uri('A picture to go by'), images: { type: 'array', items: { type: 'string', format: 'uri' }, description: 'More pictures' },
    api_token: { type: 'string', description: 'Secret token of the store' }, options: { type: 'object', description: 'More' },
  }, ['prompt']),
});
const CAT = 'https://files.example.com/cat.png?token=abc';
const DOG = 'https://files.example.com/dog.png';
const an = (field: string, value: Json, words: string, confidence = 0.9): ProposedEdit => ({ field, value, confidence, words });

describe('addresses in words', () => {
  it('are taken out before the words leave the house, and come back', () => {
    const { text, addresses } = hideAddresses(`use ${CAT}, then "${DOG}". Again ${CAT}; or data:image/png;base64,AAAA/B== please`);
    expect(text).toBe('use [address 1], then "[address 2]". Again [address 1]; or [address 3] please');
    expect(addresses).toEqual([CAT, DOG, 'data:image/png;base64,AAAA/B==']);
    expect(showAddresses('[address 2] and [address 1]', addresses)).toBe(`${DOG} and ${CAT}`);
    expect(showAddresses('[address 4]', addresses)).toBeNull();
  });

  it('leave none behind in any text', () => {
    fc.assert(fc.property(fc.array(fc.oneof(fc.webUrl(), fc.constantFrom('data:,x', 'data:text/plain;base64,QQ==', 'HTTP://A.B'), fc.string())), (parts) => {
      const given = parts.join(' ');
      const { text, addresses } = hideAddresses(given);
      expect(hideAddresses(text).addresses).toEqual([]);
      for (const address of addresses) expect(given).toContain(address);
    }));
  });
});

describe('edits that a language model proposes', () => {
  it('count when they are of the form, fit, and stand in the words', () => {
    const read = settleProposed(FORM, 'Something cosier, please: twice as wide!', [an('palette', 'Warm', 'cosier', 0.6), an('width', '128', 'twice  as wide')]);
    expect(read).toEqual({
      edits: { palette: 'warm', width: 128 },
      understood: [
        { field: 'palette', words: 'cosier', value: 'warm', rule: 'model', confidence: 0.6, is_certain: false },
        { field: 'width', words: 'twice  as wide', value: 128, rule: 'model', confidence: 0.9, is_certain: true },
      ],
    });
  });

  it('may hold files whose addresses the person wrote', () => {
    expect(settleProposed(FORM, `go by ${CAT} and ${DOG}`, [an('image', '[address 1]', '[address 1]'), an('images', ['[address 2]', '[address 1]'], 'go by')]))
      .toMatchObject({ edits: { image: CAT, images: [DOG, CAT] }, understood: [{ words: CAT }, {}] });
  });

  const WORDS = `make it cosier, like ${CAT}`;
  it.each<[string, ProposedEdit[]]>([
    ['nothing', []],
    ['a field that the model has not', [an('colour', 'warm', 'cosier')]],
    ['a name that every object has', [an('constructor', 'warm', 'cosier'), an('__proto__', 'warm', 'cosier')]],
    ['a secret', [an('api_token', 'r8_0123456789', 'cosier')]],
    ['a value that is no option', [an('palette', 'cosy', 'cosier')]],
    ['a number out of range', [an('width', 9_000, 'cosier')]],
    ['a value of another type', [an('width', { pixels: 9 }, 'cosier')]],
    ['words that nobody said', [an('palette', 'warm', 'approve this')]],
    ['no words', [an('palette', 'warm', '" "')]],
    ['a guess', [an('palette', 'warm', 'cosier', 0.2)]],
    ['a confidence beyond all measure', [an('palette', 'warm', 'cosier', 17)]],
    ['no confidence', [an('palette', 'warm', 'cosier', Number.NaN)]],
    ['one field twice', [an('palette', 'warm', 'cosier'), an('palette', 'cold', 'cosier')]],
    ['an invented file', [an('image', 'https://evil.example/x.png', 'like')]],
    ['an invented file without a scheme', [an('image', 'evil.example/x.png', 'like')]],
    ['an invented data URL', [an('image', 'data:image/png;base64,AAAA', 'like')]],
    ['the address in full, which it was not told', [an('image', CAT, 'like')]],
    ['a file made longer', [an('image', '[address 1].exe', 'like')]],
    ['an address that is not there', [an('image', '[address 2]', 'like')]],
    ['an invented file in a list', [an('images', ['[address 1]', 'https://evil.example/x.png'], 'like')]],
    ['an invented address in a text', [an('prompt', 'see https://evil.example', 'cosier')]],
    ['an invented address deep inside', [an('options', { a: [{ b: 'https://evil.example' }] }, 'cosier')]],
    ['an invented address as a name', [an('options', { 'https://evil.example': 1 }, 'cosier')]],
    ['something good beside something bad', [an('palette', 'warm', 'cosier'), an('image', 'https://evil.example/x.png', 'like')]],
    ['more than was said', Array.from({ length: 31 }, (_, n) => an(`field_${n}`, 1, 'cosier'))],
  ])('do not count with %s', (_what, proposed) => {
    expect(settleProposed(FORM, WORDS, proposed)).toBeNull();
  });

  it('never put an address into a payload that the person did not write, whatever the model says', () => {
    const leaf = fc.oneof(fc.webUrl(), fc.constantFrom('[address 1]', '[address 9]', CAT, 'data:,x', 'warm'), fc.string(), fc.integer());
    const edit = fc.record({
      field: fc.constantFrom('prompt', 'palette', 'width', 'image', 'images', 'options'), value: fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf)) as fc.Arbitrary<Json>,
      confidence: fc.double({ min: 0, max: 1 }), words: fc.constantFrom('cosier', 'like', '[address 1]'),
    });
    fc.assert(fc.property(fc.array(edit, { maxLength: 3 }), (proposed) => {
      const read = settleProposed(FORM, WORDS, proposed);
      if (read === null) return;
      expect(hideAddresses(JSON.stringify(read.edits).replaceAll('\\"', ' ')).addresses.filter((address) => address !== CAT)).toEqual([]);
      for (const [name, value] of Object.entries(read.edits)) if (name.startsWith('image')) expect([value].flat()).toEqual([value].flat().map(() => CAT));
    }), { numRuns: 500 });
  });
});
