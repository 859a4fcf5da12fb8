import fc from 'fast-check';
import type { Json, JsonObject } from '@countersign/core';
import { atPointer } from '@countersign/core/testing';
import { readOutput } from './output-parts';
import { outputHostRule } from './output-download';
import { OutputSchema } from './output-schema';

const isOurs = outputHostRule('https://api.replicate.com/v1');
const A = 'https://replicate.delivery/x/a.png';
const B = 'https://pbxt.replicate.delivery/y/b%20c.mp4';
const URI: JsonObject = { type: 'string', format: 'uri' };
const NO_SCHEMA = OutputSchema.of(null);

function schemaOf(Output: JsonObject, more: JsonObject = {}): OutputSchema {
  return OutputSchema.of({ components: { schemas: { Output, ...more } } });
}
const file = (pointer: string, url: string, mime: string | null = null) => expect.objectContaining({ kind: 'file', pointer, source: { url }, ...(mime ? { mime } : {}) });

describe('readOutput', () => {
  it.each<[string, Json, OutputSchema, unknown[]]>([
    ['one file', A, schemaOf(URI), [file('', A, 'image/png')]],
    ['one file, no schema', A, NO_SCHEMA, [file('', A, 'image/png')]],
    ['list of files', [A, B], schemaOf({ type: 'array', items: URI }), [file('/0', A), file('/1', B, 'video/mp4')]],
    ['list of files under a reference', [A], schemaOf({ type: 'array', items: { $ref: '#/components/schemas/Picture' } }, { Picture: URI }), [file('/0', A)]],
    ['text', 'hello', schemaOf({ type: 'string' }), [{ kind: 'text', pointer: '', text: 'hello' }]],
    ['text chunks', ['Hel', 'lo ', 'you'], schemaOf({ type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator', 'x-cog-array-display': 'concatenate' }), [{ kind: 'text', pointer: '', text: 'Hello you' }]],
    ['text chunks, no schema', ['Hel', 'lo'], NO_SCHEMA, [{ kind: 'text', pointer: '', text: 'Hello' }]],
    ['list of texts', ['one', 'two'], schemaOf({ type: 'array', items: { type: 'string' } }), [{ kind: 'text', pointer: '/0', text: 'one' }, { kind: 'text', pointer: '/1', text: 'two' }]],
    ['object with files deep inside', { a: { 'b/c': [A] }, n: 1 }, NO_SCHEMA, [file('/a/b~1c/0', A), { kind: 'json', pointer: '', value: { a: { 'b/c': [A] }, n: 1 } }]],
    ['object of files alone', { a: A, b: B }, NO_SCHEMA, [file('/a', A), file('/b', B)]],
    ['numbers', [0.1, 0.2], schemaOf({ type: 'array', items: { type: 'number' } }), [{ kind: 'json', pointer: '', value: [0.1, 0.2] }]],
    ['a boolean', false, schemaOf({ type: 'boolean' }), [{ kind: 'json', pointer: '', value: false }]],
    ['any (title only)', { x: 'y' }, schemaOf({ title: 'Output' }), [{ kind: 'json', pointer: '', value: { x: 'y' } }]],
    ['words that begin like a data URL', 'data:, they said', schemaOf({ type: 'string' }), [{ kind: 'text', pointer: '', text: 'data:, they said' }]],
  ])('%s', (_, output, schema, parts) => {
    expect(readOutput(output, schema, isOurs)).toEqual({ raw: output, parts, doubts: [] });
  });

  it('takes inline files out of the raw answer', () => {
    const output = readOutput(['data:image/png;base64,iVBORw==', A], schemaOf({ type: 'array', items: URI }), isOurs);
    expect(output).toMatchObject({ raw: [null, A], doubts: [], parts: [{ kind: 'file', pointer: '/0', mime: 'image/png', source: { bytes: new Uint8Array([0x89, 0x50, 0x4e, 0x47]) } }, { pointer: '/1' }] });
  });

  it.each<[string, Json, OutputSchema]>([
    ['null', null, schemaOf(URI)],
    ['a list with a hole', [A, null], schemaOf({ type: 'array', items: URI })],
    ['a list with a hole, no schema', [A, null], NO_SCHEMA],
    ['an empty file name', [''], schemaOf({ type: 'array', items: URI })],
    ['an empty list', [], schemaOf({ type: 'array', items: URI })],
    ['blank text', '  \n', schemaOf({ type: 'string' })],
    ['blank chunks', ['', ' '], schemaOf({ type: 'array', items: { type: 'string' }, 'x-cog-array-display': 'concatenate' })],
    ['an empty object', {}, NO_SCHEMA],
    ['a file on a foreign host', 'https://elsewhere.example/a.png', schemaOf(URI)],
    ['a required file that is not there', { text: 'x' }, schemaOf({ type: 'object', required: ['srt'], properties: { text: { type: 'string' }, srt: URI } })],
  ])('doubts success with %s', (_, output, schema) => {
    expect(readOutput(output, schema, isOurs).doubts).not.toEqual([]);
  });

  it('does not miss a file that may be null', () => {
    const schema = schemaOf({ type: 'object', properties: { text: { type: 'string' }, srt: { ...URI, nullable: true } } });
    expect(readOutput({ text: 'x', srt: null }, schema, isOurs).doubts).toEqual([]);
  });

  it('survives any JSON under any schema, and each pointer points at something', () => {
    const schemas = [NO_SCHEMA, schemaOf(URI), schemaOf({ type: 'array', items: URI }), schemaOf({ $ref: '#/components/schemas/Output' }), schemaOf({ type: 'object', properties: { a: URI } })];
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(...schemas), (value, schema) => {
      const output = readOutput(value as Json, schema, isOurs);
      for (const part of output.parts) expect(atPointer(output.raw, part.pointer)).toBeDefined();
      if (output.parts.length === 0) expect(output.doubts).not.toEqual([]);
    }));
  });

  it('gives up on JSON nested beyond reason, and says so', () => {
    let deep: Json = 1;
    for (let level = 0; level < 200; level += 1) deep = [deep];
    expect(readOutput(deep, NO_SCHEMA, isOurs).doubts).toEqual(['The answer is too large to be taken apart whole.']);
  });
});
