import type { Form, ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { inferForm } from '../form/infer-form';
import { validate } from '../validate';
import { OperatorRules } from './operator-rules';
import { parseFamilies } from './parse-families';

const source = { provider: 'replicate', version: 'v', digest: 'd'.repeat(64), title: '', description: '' };
const form = (model: string, properties: object, required: string[] = []): Form =>
  formFromOpenApi({ ...source, model, schema: { components: { schemas: { Input: { type: 'object', properties, required } } } } as never });
const request = (parameters: ValidationRequest['parameters']): ValidationRequest => ({ prompt: '', parameters, edits: {}, attachments: [], conversation: [], observations: [] });
const missing = (of: Form, parameters: ValidationRequest['parameters'] = {}): (string | null)[] =>
  validate(of, request({ prompt: 'a red boat at noon', ...parameters })).summary.checkpoints.flatMap(({ issues }) => issues).filter(({ code }) => code === 'missing_required').map(({ field }) => field);
const rules = (...entries: object[]): OperatorRules => new OperatorRules(parseFamilies(entries));

const PICTURE = { prompt: { type: 'string' }, image: { type: 'string', format: 'uri' }, strength: { type: 'number', default: 0.5 } };

describe('an operator\'s own rules', () => {
  it('make a file needed that no built-in rule asks for, and leave other models alone', () => {
    const own = rules({ id: 'our_tool', in_name: ['house tool*'], needs_files: ['image'] });
    const [ours, other] = [form('acme/house-toolbox', PICTURE), form('acme/whatever', PICTURE)];
    expect([missing(ours), missing(own.apply(ours))]).toEqual([[], ['image']]);
    expect(missing(own.apply(ours), { image: 'https://example.com/a.png' })).toEqual([]);
    expect(own.apply(other)).toBe(other);
    expect(own.apply(ours)).toMatchObject({ version: ours.version, digest: ours.digest, rawSchema: ours.rawSchema });
  });

  it('come before a built-in rule that matches too', () => {
    const upscaler = form('acme/upscaler', PICTURE);
    expect(missing(upscaler)).toEqual(['image']);
    expect(missing(rules({ id: 'ours', in_name: ['upscal*'] }).apply(upscaler))).toEqual([]);
  });

  it('lift the need for files where the description says that words are enough', () => {
    const own = rules({ id: 'ours', in_name: ['house tool*'], needs_files: ['image'], also_from_words: ['draws from words*'], required_fields: ['strength'] });
    const made = form('acme/house-toolbox', PICTURE), words = { ...made, description: 'It draws from words alone' };
    expect([missing(own.apply(made)), missing(own.apply(words))]).toEqual([['image', 'strength'], ['strength']]);
  });

  it('need and free fields by name', () => {
    const own = rules({ id: 'ours', in_name: ['upscal*'], needs_files: ['image'], required_fields: ['strength_name'], optional_fields: ['image'] });
    const made = form('acme/upscaler', { ...PICTURE, strength_name: { type: 'string' } });
    expect(missing(own.apply(made))).toEqual(['strength_name']);
    const required = form('acme/upscaler', PICTURE, ['image']);
    expect(missing(rules({ id: 'ours', in_name: ['upscal*'], optional_fields: ['image'] }).apply(required))).toEqual(['image']);
  });

  it('judge a guessed form too', () => {
    const guessed = inferForm({ prompt: 'x', image: 'https://example.com/a.png', mask: 'https://example.com/b.png' }, { ...source, model: 'acme/house-tool' });
    const own = rules({ id: 'ours', in_name: ['house tool'], needs_files: ['image'], needs_mask: true });
    expect(missing(guessed)).toEqual([]);
    expect(own.apply(guessed).origin).toBe('inferred');
    expect(missing(own.apply(guessed)).sort()).toEqual(['image', 'mask']);
  });

  it('a rule without one changes nothing', () => {
    const made = form('acme/upscaler', PICTURE);
    expect(new OperatorRules([]).apply(made)).toBe(made);
  });
});

it.each<[unknown, string]>([
  [{}, 'must be a list'],
  [[1], 'rule 1 must be an object'],
  [[{ id: 'A b' }], 'rule 1: id must be a word'],
  [[{ id: 'a' }], 'rule 1 (a) matches no model'],
  [[{ id: 'a', in_name: ['*'] }], 'in_name must be a list'],
  [[{ id: 'a', in_name: 'x' }], 'in_name must be a list'],
  [[{ id: 'a', in_name: ['x'], needs_files: ['picture'] }], 'needs_files must be of image'],
  [[{ id: 'a', in_name: ['x'], needs_text: 'yes' }], 'needs_text must be true or false'],
  [[{ id: 'a', in_name: ['x'], long_text: 0 }], 'long_text must be'],
  [[{ id: 'a', in_name: ['x'], needs_file: ['image'] }], 'unknown member "needs_file"'],
  [[{ id: 'a', in_name: ['x'] }, { id: 'a', in_name: ['y'] }], 'two rules have the id "a"'],
])('says what is wrong with %j', (json, words) => {
  expect(() => parseFamilies(json)).toThrow(words);
});
