import type { Json, JsonObject } from '@countersign/core';
import { canonicalJson } from '@countersign/core';
import { quickest } from '@countersign/core/testing';
import { FormError } from './form/form-error';
import { formFromOpenApi } from './form/form-from-open-api';
import { matchesPattern } from './fixes/safe-pattern';
import { requestOf } from './testing/request-of';
import { schemaOf } from './testing/schemas';
import { openApi } from './testing/open-api';
import { urlsIn } from './mapping/read-prompt';
import { validate } from './validate';

const source = (schema: JsonObject): Parameters<typeof formFromOpenApi>[0] => ({ provider: 'p', model: 'a/b', version: '1', digest: '1', schema });
const codeOf = (make: () => unknown): string => {
  try { make(); } catch (error) { return error instanceof FormError ? error.code : 'other'; }
  return 'none';
};
const A_SECOND = 1_000; // ms, the longest any hostile input may take
const timed = <T>(work: () => T): T => {
  let result: T | undefined;
  expect(quickest(() => { result = work(); }, A_SECOND)).toBeLessThan(A_SECOND);
  return result as T;
};
const issuesOf = (request: Parameters<typeof requestOf>[0], model = 'acme/dream-xl') => validate(formFromOpenApi(schemaOf(model)), requestOf(request)).summary.checkpoints.flatMap((checkpoint) => checkpoint.issues);

describe('hostile schemas', () => {
  const input = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ components: { schemas: { Input: { type: 'object', properties }, ...more } } });

  test.each<[string, JsonObject, string]>([
    ['a reference to itself', input({ a: { $ref: '#/components/schemas/A' } }, { A: { $ref: '#/components/schemas/A' } }), 'circular_ref'],
    ['references in a circle', input({ a: { allOf: [{ $ref: '#/components/schemas/A' }] } }, { A: { allOf: [{ $ref: '#/components/schemas/B' }] }, B: { $ref: '#/components/schemas/A' } }), 'circular_ref'],
    ['a tree that holds itself', input({ a: { $ref: '#/components/schemas/A' } }, { A: { type: 'object', properties: { child: { $ref: '#/components/schemas/A' } } } }), 'circular_ref'],
    ['a reference to nowhere', input({ a: { $ref: '#/components/schemas/Nobody' } }), 'bad_ref'],
    ['a reference to the network', input({ a: { $ref: 'https://example.org/schema.json' } }), 'bad_ref'],
    ['no input', { components: { schemas: {} } }, 'no_input_schema'],
    ['an impossible name', JSON.parse('{"components":{"schemas":{"Input":{"properties":{"__proto__":{"type":"string"}}}}}}') as JsonObject, 'hostile_name'],
    ['half a character for a name', input({ 'a\ud800': { type: 'string' } }), 'hostile_name'],
  ])('%s ends in a clear error', (_name, schema, code) => {
    expect(timed(() => codeOf(() => formFromOpenApi(source(schema))))).toBe(code);
  });

  test('ten thousand levels end in a clear error', () => {
    let deep: Json = { type: 'string' };
    for (let i = 0; i < 10_000; i += 1) deep = { type: 'array', items: deep };
    expect(timed(() => codeOf(() => formFromOpenApi(source(input({ a: deep })))))).toBe('too_deep');
  });

  test('a shared reference is no circle', () => {
    const schema = input({ a: { $ref: '#/components/schemas/A' }, b: { $ref: '#/components/schemas/A' } }, { A: { type: 'string', enum: ['x'] } });
    expect(formFromOpenApi(source(schema)).fields.map((field) => field.enum)).toEqual([['x'], ['x']]);
  });

  test('a slow pattern is not run, a plain one is', () => {
    expect(timed(() => matchesPattern(`${'a'.repeat(40)}!`, '^(a+)+$'))).toBe(true);
    expect(timed(() => matchesPattern(`${'a'.repeat(1_900)}!`, '^(a|a)*$'))).toBe(true);
    expect(matchesPattern('abc', '^[0-9]+$')).toBe(false);
    expect(matchesPattern('123', '^[0-9]+$')).toBe(true);
  });
});

describe('hostile requests', () => {
  test('a parameter called __proto__ is reported and pollutes nothing', () => {
    const parameters = JSON.parse('{"__proto__": {"ready": true}, "constructor": 1}') as JsonObject;
    expect(issuesOf({ prompt: 'a calm sea at dawn', parameters }).map((issue) => issue.field)).toEqual(['__proto__', 'constructor']);
    expect(({} as JsonObject)['ready']).toBeUndefined();
  });

  test('half a surrogate pair is reported, and what is reported can be hashed', () => {
    const report = validate(formFromOpenApi(schemaOf('acme/dream-xl')), requestOf({ prompt: 'bad \ud83d half', parameters: { 'x\udc00': 1, negative_prompt: 'ok' } }));
    expect(report.ready).toBe(false);
    expect(report.summary.checkpoints.flatMap((checkpoint) => checkpoint.issues.map((issue) => issue.code)).sort()).toEqual(['unknown_field', 'wrong_type']);
    expect(() => canonicalJson(report as unknown as Json)).not.toThrow();
  });

  test('ten thousand levels in a value are refused', () => {
    let deep: Json = 1;
    for (let i = 0; i < 10_000; i += 1) deep = [deep];
    expect(timed(() => issuesOf({ prompt: 'a calm sea at dawn', parameters: { seed: deep, num_outputs: deep } })).filter((issue) => issue.severity === 'error').map((issue) => issue.code)).toEqual(['wrong_type']);
  });

  test('megabytes of words are read within a second', () => {
    const words = 'http ://, '.repeat(1_000_000);
    timed(() => issuesOf({ prompt: words, parameters: { aspect_ratio: words, num_outputs: words, [words]: 1 } }));
    timed(() => issuesOf({ prompt: ' '.repeat(5_000_000), parameters: { images: `${' '.repeat(2_000_000)},` } }, 'acme/brush-image-edit'));
    timed(() => urlsIn('https://'.repeat(500_000)));
  });

  test('a thousand unknown names are told at once', () => {
    const parameters = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`guidance_scalf${i}`, i]));
    expect(timed(() => issuesOf({ prompt: 'a calm sea at dawn', parameters })).length).toBe(1_001);
  });

  test('a bot token is not repeated', () => {
    const issues = issuesOf({ parameters: { image: 'ftp://api.telegram.org/file/bot123456:AAbb-cc/photos/a.png' } }, 'acme/outline-segment');
    expect(JSON.stringify(issues)).not.toContain('AAbb-cc');
  });

  test('a secret is not repeated', () => {
    const issues = issuesOf({ parameters: { file: 'https://files.example.org/a.mp3', hf_token: { a: 'a secret' } } }, 'acme/listen-whisper');
    expect(issues.map((issue) => issue.details?.['given'])).toEqual(['hidden']);
  });
});

describe('speed', () => {
  const MEDIAN_MS = 2; // the target for the largest schema
  const ROUNDS = 5; // measured again where the machine was busy with other things
  /** The best median of a hundred calls. */
  function medianOf(work: () => unknown, withinMs: number): number {
    let best = Infinity;
    for (let round = 0; round < ROUNDS && best >= withinMs; round += 1) {
      const times = Array.from({ length: 100 }, () => { const from = performance.now(); work(); return performance.now() - from; }).sort((a, b) => a - b);
      best = Math.min(best, times[50] ?? Infinity);
    }
    return best;
  }
  test('a report for the largest form takes less than two milliseconds at the median', () => {
    const options = Array.from({ length: 1_000 }, (_, i) => `${i}) class number ${i}`);
    const properties = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`option_${i}`, i % 3 === 0 ? { type: 'string', enum: options, default: options[0] as string } : { type: 'number', minimum: 0, maximum: 1, description: 'How much. Only used when option_3 is nothing.' }]));
    const form = formFromOpenApi(source(openApi({ prompt: { type: 'string' }, image: { type: 'string', format: 'uri' }, ...properties }, ['prompt'])));
    const request = requestOf({ prompt: 'a calm sea at dawn', parameters: Object.fromEntries(Object.keys(properties).map((name, i) => [name, i % 3 === 0 ? '17) CLASS number 17' : '0.5'])) });
    const plain = requestOf({ prompt: 'a calm sea at dawn', parameters: Object.fromEntries(Object.keys(properties).map((name, i) => [name, i % 3 === 0 ? '17) class number 17' : '0.5'])) });
    for (const [what, one] of [['62 fields, 20 with 1000 options misspelled', request], ['62 fields', plain]] as const) {
      const median = medianOf(() => validate(form, one), MEDIAN_MS);
      process.stdout.write(`report for ${what}: median ${median.toFixed(2)} ms\n`);
      expect(median).toBeLessThan(MEDIAN_MS);
    }
  });
});
