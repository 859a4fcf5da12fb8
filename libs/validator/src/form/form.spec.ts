import type { CrossFieldRule, FieldRole, Form, JsonObject } from '@countersign/core';
import { openApi, uri, type Property } from '../testing/open-api';
import { SCHEMAS, schemaOf } from '../testing/schemas';
import { diffFromDefaults } from './diff-from-defaults';
import { formFromOpenApi } from './form-from-open-api';
import { inferForm } from './infer-form';
import { jsonSchemaOf } from './json-schema-of';

function formOf(properties: Record<string, Property>, required: string[] = [], model = 'acme/thing', description = ''): Form {
  return formFromOpenApi({ provider: 'replicate', model, version: '1', digest: '1', description, schema: openApi(properties, required) });
}
const field = (form: Form, name: string) => form.fields.find((one) => one.name === name);
const needed = (form: Form): string[] => form.fields.filter((one) => one.effectivelyRequired).map((one) => one.name);
const withoutSource = (rules: CrossFieldRule[]): object[] => rules.map(({ source: _source, ...rule }) => rule);

describe('shape', () => {
  test('options by reference and in line, and the order of the form', () => {
    const form = formOf({
      late: { type: 'string', enum: ['a', 'b'], 'x-order': 5 }, early: { ref: 'Early', enum: [5, 10], type: 'integer', default: 5, description: 'How long', 'x-order': 1 }, never: { type: 'boolean', 'x-order': null },
    });
    expect(form.fields.map((one) => [one.name, one.type, one.enum])).toEqual([['early', 'integer', [5, 10]], ['late', 'string', ['a', 'b']], ['never', 'boolean', undefined]]);
    expect(field(form, 'early')).toMatchObject({ default: 5, description: 'How long', order: 0 });
  });

  test('nullable in each of its spellings, and limits of both drafts', () => {
    const form = formOf({
      a: { type: 'integer', nullable: true }, b: { anyOf: [{ type: 'integer' }, { type: 'null' }] }, c: { type: ['integer', 'null'] }, d: { type: 'integer' },
      e: { type: 'number', minimum: 0, exclusiveMinimum: true }, f: { type: 'number', exclusiveMaximum: 2 }, g: { oneOf: [{ const: 'x' }, { const: 'y' }] },
    });
    expect(form.fields.map((one) => one.nullable)).toEqual([true, true, true, false, false, false, false]);
    expect(form.fields.slice(0, 4).map((one) => one.type)).toEqual(['integer', 'integer', 'integer', 'integer']);
    expect(field(form, 'e')).toMatchObject({ exclusiveMinimum: 0 });
    expect(field(form, 'e')?.minimum).toBeUndefined();
    expect(field(form, 'f')).toMatchObject({ exclusiveMaximum: 2 });
    expect(field(form, 'g')).toMatchObject({ type: 'string', enum: ['x', 'y'] });
  });

  test('schemas given alone, without a document', () => {
    const form = formFromOpenApi({ provider: 'p', model: 'a/b', version: '1', digest: '1', inputSchema: { properties: { text: { type: 'string' } }, required: ['text'] }, outputSchema: { type: 'array', items: { type: 'string', format: 'uri' } } });
    expect(form.fields.map((one) => one.name)).toEqual(['text']);
    expect(form.output.kind).toBe('uri_list');
  });
});

describe('roles', () => {
  test.each<[string, Property, Partial<FieldRole> | string]>([
    ['image', uri('Input image'), { kind: 'file', media: 'image', shape: 'url' }],
    ['mask', uri('Black and white'), { kind: 'file', media: 'image', use: 'mask', shape: 'url' }],
    ['input_images', { type: 'array', items: { type: 'string', format: 'uri' } }, { kind: 'file', media: 'image', shape: 'url_list' }],
    ['video_url', { type: 'string', description: 'URL of a video' }, { kind: 'file', media: 'video', shape: 'url' }],
    ['image_urls', { type: 'string', description: 'Comma-separated image URLs' }, { kind: 'file', media: 'image', shape: 'comma_list' }],
    ['image_urls', { type: 'string', description: 'Image URLs, one per line' }, { kind: 'file', media: 'image', shape: 'line_list' }],
    ['file', uri('Audio or video file to read'), { kind: 'file', media: 'audio', also: ['video'], shape: 'url' }],
    ['last_frame', uri('Where it ends'), { kind: 'file', media: 'image', use: 'end_frame', shape: 'url' }],
    ['control_image', uri('Edges'), { kind: 'file', media: 'image', use: 'control', shape: 'url' }],
    ['lora_weights', uri('LoRA'), { kind: 'file', media: 'archive', shape: 'url' }],
    ['document', uri('A PDF'), { kind: 'file', media: 'document', shape: 'url' }],
    ['prompt', { type: 'string' }, { kind: 'prompt' }],
    ['negative_prompt', { type: 'string' }, { kind: 'text' }],
    ['url', { type: 'string', description: 'YouTube URL to process' }, { kind: 'option' }],
    ['webhook_url', uri('Where to call back'), { kind: 'option' }],
    ['image_format', { type: 'string', description: 'Format behind the image URL' }, { kind: 'option' }],
    ['style_url', { type: 'string', enum: ['a', 'b'] }, { kind: 'option' }],
    ['weights', { type: 'string', description: 'URL or owner/name of trained weights' }, { kind: 'option' }],
  ])('%s %j', (name, property, role) => { expect(field(formOf({ [name]: property }), name)?.role).toEqual(role); });

  test.each<[string, Property, boolean]>([
    ['hf_token', { type: 'string' }, true], ['api_key', { type: 'string' }, true], ['access_token', { type: 'string' }, true], ['anything', { type: 'string', format: 'password' }, true],
    ['max_tokens', { type: 'integer' }, false], ['trigger_token', { type: 'string', description: 'A rare word' }, false], ['key', { type: 'string', enum: ['C', 'D'] }, false],
  ])('%s is secret: %j → %s', (name, property, secret) => { expect(field(formOf({ [name]: property }), name)?.secret).toBe(secret); });

  test('the words go to one field', () => {
    const promptOf = (form: Form) => form.fields.find((one) => one.role.kind === 'prompt')?.name;
    expect(promptOf(formOf({ text: { type: 'string' }, prompt: { type: 'string' } }))).toBe('prompt');
    expect(promptOf(formOf({ text: { type: 'string' }, prompt: { type: 'string' } }, ['text']))).toBe('text');
    expect(promptOf(formOf({ gen_text: { type: 'string' }, ref_text: { type: 'string' } }))).toBe('gen_text');
    expect(promptOf(formOf({ riddle: { type: 'string' } }, ['riddle']))).toBe('riddle');
    expect(promptOf(formOf({ prompt: { type: 'string' }, audio: uri('Sound') }, ['audio'], 'acme/whisper'))).toBeUndefined();
    expect(promptOf(formOf({ system_prompt: { type: 'string' }, prompt_template: { type: 'string' } }))).toBeUndefined();
  });
});

describe('what is needed in practice', () => {
  test.each<[string, string[]]>([
    ['acme/cutout-rembg', ['img']], ['acme/listen-whisper', ['file']], ['acme/parrot-tts', ['text']], ['acme/bigger-upscaler', ['image']], ['acme/brush-image-edit', ['prompt', 'input_images']], ['acme/dream-xl', ['prompt']],
    ['acme/patch-inpaint', ['image', 'mask', 'prompt']], ['acme/small-llm-chat', ['prompt']], ['acme/mirror-face-swap', ['source_image', 'target_image']], ['acme/what-caption', ['image']], ['acme/outline-segment', ['image']], ['acme/puppet-lip-sync', []],
  ])('%s needs %j', (model, names) => { expect(needed(formFromOpenApi(schemaOf(model)))).toEqual(names); });

  test('samples are known, settings are not samples', () => {
    const form = formOf({ audio: { ...uri('Recording'), default: 'https://example.org/mine.mp3' } }, [], 'acme/diarization');
    expect(field(form, 'audio')).toMatchObject({ effectivelyRequired: true, defaultIsSample: true });
    expect(field(formOf({ prompt: { type: 'string', default: 'A fox in the snow' } }), 'prompt')?.defaultIsSample).toBe(true);
    expect(field(formOf({ image: uri('Picture'), prompt: { type: 'string', default: 'Describe this image' } }, ['image']), 'prompt')).toMatchObject({ defaultIsSample: false, effectivelyRequired: false });
    expect(field(formOf({ image: uri('Picture'), prompt: { type: 'string', default: 'best quality, masterpiece, 8k' } }, ['image']), 'prompt')).toMatchObject({ defaultIsSample: false, effectivelyRequired: false });
  });

  test('an optional picture stays optional', () => {
    expect(needed(formOf({ prompt: { type: 'string' }, image: uri('Input image for img2img or inpaint mode') }))).toEqual(['prompt']);
    expect(needed(formOf({ prompt: { type: 'string' }, image: uri('Optional image') }, ['prompt'], 'acme/anything-edit'))).toEqual(['prompt']);
  });

  test('words or a file', () => {
    const form = formOf({ image: uri('Picture'), text: { type: 'string', description: 'Words' } });
    expect(needed(form)).toEqual([]);
    expect(withoutSource(form.rules)).toEqual([{ kind: 'at_least_one', fields: ['image', 'text'] }]);
  });
});

describe('rules that stand in descriptions', () => {
  const mode: Property = { type: 'string', enum: ['standard', 'pro'], default: 'standard' };
  test.each<[string, Record<string, Property>, object[]]>([
    ['pro mode is required', { mode, tail: { type: 'integer', description: 'Length (pro mode is required when this parameter is set)' } }, [{ kind: 'requires', field: 'tail', needs: 'mode', needsValues: ['pro'] }]],
    ['only when', { mode, tail: { type: 'integer', description: 'Length. Only used when mode is pro.' } }, [{ kind: 'only_with', field: 'tail', other: 'mode', otherValues: ['pro'] }]],
    ['only with the sign', { mode, tail: { type: 'integer', description: 'Length. Only used when `mode`="pro".' } }, [{ kind: 'only_with', field: 'tail', other: 'mode', otherValues: ['pro'] }]],
    ['one value only with another', { resolution: { type: 'string', enum: ['768p', '1080p'] }, duration: { type: 'integer', enum: [6, 10], description: '10 seconds is only available for 768p resolution.' } }, [{ kind: 'requires', field: 'duration', value: 10, needs: 'resolution', needsValues: ['768p'] }]],
    ['a switch that needs a token', { hf_token: { type: 'string' }, split: { type: 'boolean', description: 'Split by speaker. You will need to provide hf_token below too.' } }, [{ kind: 'requires', field: 'split', value: true, needs: 'hf_token' }]],
    ['needed if a switch is on', { upscale: { type: 'boolean' }, factor: { type: 'number', description: 'Required if upscale is true' } }, [{ kind: 'requires', field: 'upscale', value: true, needs: 'factor' }]],
    ['not together', { color: { type: 'string', description: 'Cannot be used with palette.' }, palette: { type: 'string', description: 'Cannot be used with color.' } }, [{ kind: 'at_most_one', fields: ['color', 'palette'] }]],
    ['either', { route_a: { type: 'integer', description: 'Either route_a or route_b must be provided, but not both' }, route_b: { type: 'integer' } }, [{ kind: 'exactly_one', fields: ['route_a', 'route_b'] }]],
    ['advice is no rule', { mode, tail: { type: 'integer', description: 'Works best in pro mode. Recommended only for pro mode.' } }, []],
    ['being ignored is no rule', { mode, tail: { type: 'integer', description: 'Ignored if mode is pro.' } }, []],
    ['a word that is no option is no rule', { mode, tail: { type: 'integer', description: 'Only used when mode is turbo.' } }, []],
    ['no other field, no rule', { tail: { type: 'integer', description: 'Only used in pro mode.' } }, []],
    ['not required is no rule', { mode, tail: { type: 'integer', description: 'Does not require pro mode.' } }, []],
  ])('%s', (_name, properties, rules) => { expect(withoutSource(formOf(properties, [], 'acme/plain').rules)).toEqual(rules); });
});

test('an inferred form describes and never answers', () => {
  const form = inferForm(JSON.parse('{"image":"https://example.org/demo.png","prompt":"demo words","scale":2,"flags":["a"],"__proto__":{"a":1}}') as JsonObject, { provider: 'p', model: 'a/b', version: '?', digest: '0' });
  expect(form.origin).toBe('inferred');
  expect(form.fields.map((one) => [one.name, one.type, one.role.kind])).toEqual([['image', 'string', 'file'], ['prompt', 'string', 'prompt'], ['scale', 'number', 'option'], ['flags', 'array', 'option']]);
  expect(form.fields.some((one) => one.default !== undefined)).toBe(false);
  expect(JSON.stringify(form)).not.toContain('demo');
});

test('a card shows what is, else what the model would take, never a sample or a secret', () => {
  const form = formFromOpenApi(schemaOf('acme/parrot-tts'));
  const card = jsonSchemaOf(form, { speed: 1.5 }, ['text', 'speed', 'voice', 'speaker_wav']);
  const properties = card['properties'] as Record<string, JsonObject>;
  expect(Object.keys(properties)).toEqual(['text', 'speaker_wav', 'speed', 'voice']);
  expect(properties['text']).toMatchObject({ type: 'string', 'x-role': 'prompt', 'x-required': true });
  expect(properties['text']).not.toHaveProperty('default');
  expect(properties['speed']).toMatchObject({ type: 'number', minimum: 0.5, maximum: 2, default: 1.5 });
  expect(properties['voice']).toMatchObject({ enum: ['Ada', 'Ben'], default: 'Ada' });
  expect(properties['speaker_wav']).toMatchObject({ format: 'uri', 'x-media': 'audio', 'x-role': 'file' });
  expect(card['required']).toEqual(['text']);
  const secret = jsonSchemaOf(formFromOpenApi(schemaOf('acme/listen-whisper')), { hf_token: 'hf_abc' });
  expect(JSON.stringify(secret)).not.toContain('hf_abc');
  expect((secret['properties'] as Record<string, JsonObject>)['hf_token']).toMatchObject({ writeOnly: true });
});

test('the difference from the defaults', () => {
  const form = formFromOpenApi(schemaOf('acme/dream-xl'));
  expect(diffFromDefaults(form, { prompt: 'x', num_outputs: 1, guidance_scale: 5 })).toEqual([{ field: 'prompt', default: 'A fox made of autumn leaves', value: 'x' }, { field: 'guidance_scale', default: 3.5, value: 5 }]);
  expect(diffFromDefaults(formFromOpenApi(schemaOf('acme/listen-whisper')), { hf_token: 'hf_abc' })).toEqual([{ field: 'hf_token', default: null, value: 'hidden' }]);
});

test('every schema of ours makes a form', () => { expect(SCHEMAS.map((one) => formFromOpenApi(one).fields.length).every((count) => count > 0)).toBe(true); });
