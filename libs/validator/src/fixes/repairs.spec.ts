import fc from 'fast-check';
import type { FormField, Json } from '@countersign/core';
import { coerceScalar } from './coerce-scalar';
import { matchOption } from './normalise-enum';
import { numberFromText } from './number-text';
import { settleFile } from './settle-file';
import { settleValue } from './settle-value';
import { unsendable } from './well-formed-value';

const field = (part: Partial<FormField>): FormField => ({
  name: 'f', label: 'F', description: '', type: 'string', role: { kind: 'option' }, required: false, effectivelyRequired: false,
  nullable: false, defaultIsSample: false, order: 0, secret: false, ...part,
});

describe('an option is found', () => {
  test.each<[Json, Json[], Json]>([
    ['16x9', ['1:1', '16:9'], '16:9'], ['16 × 9', ['1:1', '16:9'], '16:9'], ['4/5', ['4:5', '5:4'], '4:5'], ['JPEG', ['jpg', 'png'], 'jpg'], ['jpg', ['jpeg', 'png'], 'jpeg'],
    ['k euler', ['K_EULER', 'DDIM'], 'K_EULER'], ['k-Euler', ['K_EULER', 'DDIM'], 'K_EULER'], [1, ['1', '0.25'], '1'], ['5', [5, 10], 5], ['10s', [5, 10], 10], ['10 seconds', [5, 10], 10], [720, ['480p', '720p'], '720p'],
    ['720P', ['480p', '720p'], '720p'], ['4x', [2, 4], 4], ['man', ['a man', 'a woman'], 'a man'], ['a man', ['man', 'woman'], 'man'], ['1.0', ['1', '2'], '1'], [1, ['0.5', '1.0'], '1.0'], ['.png', ['png', 'jpg'], 'png'],
    ['AF_Bella', ['af_bella', 'af_sky'], 'af_bella'], ['1024*768', ['1024x768', '768x1024'], '1024x768'], [true, ['true', 'false'], 'true'],
  ])('%j of %j is %j', (given, options, meant) => { expect(matchOption(given, options)).toEqual({ kind: 'one', value: meant }); });

  test.each<[Json, Json[]]>([
    ['7:5', ['1:1', '16:9']], [8, [5, 10]], ['-5', [5, 10]], ['English', ['en', 'de']], ['', ['a', 'b']], ['15', ['1.5', '2']], ['pngs', ['png', 'jpg']], [null, ['null']], ['9:16', ['16:9']], ['50', ['5', '500']],
  ])('%j is none of %j', (given, options) => { expect(matchOption(given, options).kind).toBe('none'); });

  test('two that match are no answer', () => { expect(matchOption('A_B', ['a-b', 'a b'])).toEqual({ kind: 'several', values: ['a-b', 'a b'] }); });
  test('an exact option is never changed, whatever else matches', () => { expect(matchOption('a-b', ['a_b', 'a-b'])).toEqual({ kind: 'same' }); });
  test('every option is itself', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }), fc.nat(), (options, at) => matchOption(options[at % options.length] as Json, options).kind === 'same'));
  });
});

describe('a value becomes what the field wants, or is reported', () => {
  test.each<[Json, FormField['type'], Json]>([
    ['4', 'integer', 4], ['4.0', 'integer', 4], [' 4 ', 'integer', 4], ['1e3', 'integer', 1000], ['0.7', 'number', 0.7], ['7', 'number', 7], ['-0.5', 'number', -0.5], ['.5', 'number', 0.5],
    ['true', 'boolean', true], ['False', 'boolean', false], ['yes', 'boolean', true], ['no', 'boolean', false], ['0', 'boolean', false], [1, 'boolean', true], [0, 'boolean', false], [5, 'string', '5'],
  ])('%j as %s is %j', (given, type, wanted) => { expect(coerceScalar(given, type)).toMatchObject({ ok: true, value: wanted }); });

  test.each<[Json, FormField['type']]>([
    ['4.5', 'integer'], [4.5, 'integer'], ['lots', 'integer'], ['', 'number'], ['NaN', 'number'], ['Infinity', 'number'], ['0x10', 'integer'], ['1,000', 'integer'], ['12345678901234567890', 'integer'], ['10s', 'integer'], [true, 'integer'],
    ['maybe', 'boolean'], [2, 'boolean'], ['', 'boolean'], [true, 'string'], [[1], 'string'], [{}, 'number'], [null, 'integer'],
  ])('%j is no %s', (given, type) => { expect(coerceScalar(given, type)).toEqual({ ok: false }); });

  test('no number is ever changed by writing it down', () => {
    fc.assert(fc.property(fc.integer(), (value) => numberFromText(String(value)) === value));
    fc.assert(fc.property(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((value) => Number(value.toFixed(6))), (value) => numberFromText(String(value)) === value));
  });

  test.each<[string, Partial<FormField>, Json, unknown]>([
    ['one for a list', { type: 'array', itemType: 'string' }, 'a', { kind: 'value', value: ['a'], rules: ['value_to_list'] }],
    ['items too', { type: 'array', itemType: 'integer' }, ['1', 2], { kind: 'value', value: [1, 2], rules: ['to_integer'] }],
    ['a list written down', { type: 'array', itemType: 'string' }, '["a","b"]', { kind: 'value', value: ['a', 'b'], rules: ['parse_json'] }],
    ['a list of one for a text', {}, ['a'], { kind: 'value', value: 'a', rules: ['list_of_one_to_value'] }],
    ['a list for a comma text', { description: 'Comma-separated words' }, ['a', 'b'], { kind: 'value', value: 'a,b', rules: ['list_to_text'] }],
    ['an object written down', { type: 'object' }, '{"a":1}', { kind: 'value', value: { a: 1 }, rules: ['parse_json'] }],
    ['null where it is allowed', { type: 'integer', nullable: true }, null, { kind: 'value', value: null, rules: [] }],
    ['null where it is not', { type: 'integer' }, null, { kind: 'absent' }],
    ['blank for a number', { type: 'integer' }, '  ', { kind: 'absent' }],
    ['blank for an optional text', {}, '', { kind: 'value', value: '', rules: [] }],
  ])('%s', (_name, part, given, wanted) => { expect(settleValue(field(part), given)).toEqual(wanted); });

  test.each<[string, Partial<FormField>, Json, string, object]>([
    ['a list with a comma inside', { description: 'Comma-separated words' }, ['a,b', 'c'], 'wrong_type', {}],
    ['two for a text', {}, ['a', 'b'], 'wrong_type', {}],
    ['below', { type: 'integer', minimum: 1 }, 0, 'out_of_range', { given: 0, min: 1, clamped: 1 }],
    ['above', { type: 'number', maximum: 1 }, '1.5', 'out_of_range', { given: 1.5, max: 1, clamped: 1 }],
    ['on an excluded limit', { type: 'number', exclusiveMinimum: 0 }, 0, 'out_of_range', { min: 0 }],
    ['no multiple', { type: 'integer', multipleOf: 8 }, 12, 'out_of_range', { multiple_of: 8 }],
    ['too long', { maxLength: 3 }, 'abcd', 'out_of_range', { max_length: 3 }],
    ['too many items', { type: 'array', itemType: 'string', maxItems: 1 }, ['a', 'b'], 'out_of_range', { max: 1 }],
    ['a foreign item', { type: 'array', itemType: 'string', itemEnum: ['a'] }, ['z'], 'not_in_enum', { given: 'z' }],
    ['a pattern', { pattern: '^[a-z]+$' }, 'A1', 'wrong_type', { pattern: '^[a-z]+$' }],
  ])('%s is reported', (...row) => {
    const [, part, given, code, details] = row;
    expect(settleValue(field(part), given)).toMatchObject({ kind: 'issues', issues: [{ code, field: 'f', severity: 'error', details }] });
  });
});

describe('files', () => {
  const image = field({ role: { kind: 'file', media: 'image', shape: 'url' } });
  const facts = (): object => ({});
  test.each<[Json, string]>([
    ['C:\\cat.png', 'not_a_url'], ['file:///etc/passwd', 'not_a_url'], ['cat.png', 'not_a_url'], ['https://', 'not_a_url'], ['https://a b/c.png', 'not_a_url'], ['ftp://a/b.png', 'not_a_url'], ['data:image/png;base64,', 'not_a_url'],
    ['https://a.example/b.mp3', 'wrong_media_type'], ['data:audio/mpeg;base64,AAAA', 'wrong_media_type'], [7, 'wrong_type'],
  ])('%j is %s', (given, code) => { expect(settleFile(image, given, facts)).toMatchObject({ kind: 'issues', issues: [{ code }] }); });
  test.each<[Json]>([['https://a.example/b.png?x=1#y'], ['HTTP://a.example/b'], ['data:image/png;base64,AAAA'], ['https://a.example/view.php?f=b.mp3']])('%j is taken', (given) => {
    expect(settleFile(image, given, facts)).toMatchObject({ kind: 'value', value: given });
  });
});

test('what cannot be sent is named', () => {
  expect(unsendable('ok 😀')).toBeNull();
  expect(unsendable('\ud83d')).toContain('surrogate');
  expect(unsendable({ a: [{ b: '\udc00' }] })).toContain('surrogate');
  expect(unsendable(JSON.parse('{"a":{"__proto__":1}}') as Json)).toContain('name');
  expect(unsendable(Array.from({ length: 30_000 }, () => 1))).toContain('more than');
});
