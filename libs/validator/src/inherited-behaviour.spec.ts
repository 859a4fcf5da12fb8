/*
 * What people who come from the earlier product rely on, point by point; where ours differs on purpose the name says so and
 * ADR "What of the earlier checks is kept" says why.
 */
import type { Form, Issue, ValidationReport, ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { readPrompt } from './mapping/read-prompt';
import { shaped, uris } from './right-answers/other-picture-models';
import { requestOf } from './testing/request-of';
import { openApi, uri, type Property } from './testing/open-api';
import { schemaOf } from './testing/schemas';
import { validate } from './validate';

const at = (name: string): string => `https://files.example.org/${name}`;
const own = (model: string): Form => formFromOpenApi(schemaOf(`acme/${model}`));
const made = (name: string, properties: Record<string, Property>, required: string[] = []): Form => formFromOpenApi({ provider: 'replicate', model: `acme/${name}`, version: 'v1', digest: '0', schema: openApi(properties, required) });
const check = (form: Form | null, request: Partial<ValidationRequest> = {}): ValidationReport => validate(form, requestOf(request));
const issuesOf = (report: ValidationReport): Issue[] => report.summary.checkpoints.flatMap(({ issues }) => issues);
const named = (report: ValidationReport): string[] => issuesOf(report).map(({ field, code, severity }) => `${severity} ${field} ${code}`).sort();

const DREAM = own('dream-xl'), EDIT = own('brush-image-edit'), CUTOUT = own('cutout-rembg'), LISTEN = own('listen-whisper'), SPEAK = own('parrot-tts');

describe('the five checkpoints', () => {
  test('stand in one order, with what a client shows of each', () => {
    const { checkpoints } = check(DREAM, { prompt: 'a lighthouse at night' }).summary;
    expect(checkpoints.map(({ type }) => type)).toEqual(['parameter_review', 'input_validation', 'file_validation', 'model_selection', 'execution_approval']);
    for (const one of checkpoints) expect(Object.keys(one).sort()).toEqual(['blocking', 'description', 'issues', 'passed', 'required', 'title', 'type', 'user_input_required']);
  });

  test('file validation is required only where files are at stake', () => {
    const required = (report: ValidationReport): boolean => report.summary.checkpoints[2]?.required === true;
    expect(required(check(own('small-llm-chat'), { prompt: 'Name three rivers' }))).toBe(false);
    expect(required(check(CUTOUT, { parameters: { img: at('a.png') } }))).toBe(true);
  });

  test('an empty prompt blocks where words are needed, and is not repaired', () => {
    expect(issuesOf(check(DREAM)).map(({ field, code, severity, auto_fixable: fixable }) => [field, code, severity, fixable])).toEqual([['prompt', 'missing_required', 'error', false]]);
  });

  test('a prompt under ten characters, an edit without a verb and a speech over 500 characters are remarks', () => {
    expect(named(check(DREAM, { prompt: 'a fox' }))).toEqual(['warning prompt prompt_too_short']);
    expect(named(check(EDIT, { prompt: 'a beautiful sunny day', parameters: { image: at('a.png') } }))).toEqual(['warning prompt prompt_lacks_instruction']);
    expect(named(check(SPEAK, { prompt: 'word '.repeat(120) }))).toEqual(['warning text text_too_long']);
    expect(check(DREAM, { prompt: 'a fox' }).ready).toBe(true);
  });

  test('differs: competing fields for one file ask instead of a remark', () => {
    expect(named(check(own('mirror-face-swap'), { attachments: [{ url: at('x.png') }] })).every((one) => one.startsWith('error'))).toBe(true);
  });

  test('an address that is none blocks, a good file raises nothing', () => {
    expect(named(check(CUTOUT, { parameters: { img: 'file:///etc/passwd' } }))).toEqual(['error img not_a_url']);
    expect(named(check(CUTOUT, { attachments: [{ url: at('a.png') }] }))).toEqual([]);
  });

  test('a file that cannot be had, is too large or lies at a private address blocks', () => {
    for (const [outcome, code] of [['unreachable', 'file_unreachable'], ['too_large', 'file_too_large'], ['not_allowed', 'address_not_allowed']] as const) {
      expect(named(check(CUTOUT, { attachments: [{ url: at('a.png') }], observations: [{ url: at('a.png'), outcome, detail: '' }] }))).toEqual([`error img ${code}`]);
    }
  });

  test('no model blocks at model selection; a sound for a picture model is told there too', () => {
    expect(check(null).summary.checkpoints[3]).toMatchObject({ blocking: true, issues: [expect.objectContaining({ code: 'model_unknown' })] });
    expect(named(check(CUTOUT, { attachments: [{ url: at('a.mp3') }] }))).toContain('warning model model_mismatch');
  });

  test('differs: the last one has no problem of its own and never asks because all is well', () => {
    expect(check(CUTOUT, { parameters: { img: at('a.png') } }).summary.checkpoints[4]).toMatchObject({ passed: true, blocking: false, user_input_required: false, issues: [] });
    const blocked = check(CUTOUT).summary;
    expect(blocked.checkpoints[4]).toMatchObject({ blocking: true, issues: [] });
    expect([blocked.blocking_issues, blocked.total_issues]).toEqual([1, 1]);
  });

  test('a person is asked for input exactly where something blocks', () => {
    for (const report of [check(DREAM), check(DREAM, { prompt: 'a fox' }), check(CUTOUT, { attachments: [{ url: at('a.mp3') }] })]) {
      for (const { user_input_required: asks, blocking } of report.summary.checkpoints) expect(asks).toBe(blocking);
    }
  });
});

describe('what a model needs', () => {
  const PICTURE: Property = uri('Picture');
  test.each<[string, Form, string[]]>([
    ['background removal needs a picture', CUTOUT, ['img']], ['transcription needs a recording', LISTEN, ['file']], ['differs: speech needs words and no recording', SPEAK, ['text']],
    ['upscaling needs a picture', made('photo-upscaler', { image: PICTURE, scale: { type: 'integer', default: 2 } }), ['image']], ['enhancing needs a picture', made('face-enhance', { image: PICTURE }), ['image']],
    ['editing needs a picture and words', made('nano-banana-edit', { prompt: { type: 'string' }, image_input: uris('Pictures', { default: [] }) }), ['prompt', 'image_input']],
    ['plain text to image needs words', DREAM, ['prompt']], ['a chat needs words', own('small-llm-chat'), ['prompt']],
    ['differs: generation and editing in one needs words alone', formFromOpenApi(shaped('acme/nano-banana-two', 'Image generation and editing', { prompt: { type: 'string' }, image_input: uris('Pictures', { default: [] }) })), ['prompt']],
  ])('%s', (_name, form, needed) => {
    expect(form.fields.filter(({ effectivelyRequired }) => effectivelyRequired).map(({ name }) => name)).toEqual(needed);
  });

  test('differs: one of several fields for the same thing is enough', () => {
    const form = made('two-ways-rembg', { image: PICTURE, image_url: { type: 'string', description: 'URL of the image' } });
    expect(check(form, { parameters: { image: at('a.png') } }).ready).toBe(true);
    expect(check(form, { parameters: { image_url: at('a.png') } }).ready).toBe(true);
    expect(named(check(form))).toEqual(['error image missing_required']);
  });

  test('what is optional never blocks by being absent', () => {
    expect(named(check(DREAM, { prompt: 'a lighthouse at night' }))).toEqual([]);
  });

  test('differs: demo values never count, the user\'s own do, whatever host they lie on', () => {
    const form = made('sample-cutout-rembg', { image: { ...PICTURE, default: 'https://replicate.delivery/pbxt/sample.png' } });
    expect(named(check(form))).toEqual(['error image missing_required']);
    expect(check(form, { parameters: { image: 'https://replicate.delivery/xezq/mine.png' } })).toMatchObject({ ready: true, input: { image: 'https://replicate.delivery/xezq/mine.png' } });
    expect(check(form, { attachments: [{ url: 'https://example.com/mine.png' }] }).ready).toBe(true);
  });

  test('what is missing is sorted by kind, and each item says what and how', () => {
    const report = check(own('puppet-lip-sync'));
    expect(report.summary.missing_inputs).toMatchObject({ image: [], video: ['video_url'] });
    expect(check(LISTEN).summary.missing_inputs.audio).toEqual(['file']);
    expect(check(DREAM).summary.missing_inputs.text).toEqual(['prompt']);
    for (const issue of issuesOf(report)) { expect(issue.message).not.toBe(''); expect(issue.suggested_fix).not.toBe(''); }
  });

  test('the gate asks for all that is missing at once, and its list is the issues\'', () => {
    const report = check(own('patch-inpaint'));
    const missing = issuesOf(report).filter(({ code }) => code === 'missing_required').map(({ field }) => field).sort();
    expect(Object.values(report.summary.missing_inputs).flat().sort()).toEqual(missing);
    expect(missing).toEqual(['image', 'mask', 'prompt']);
  });
});

describe('repairs and advice', () => {
  test('every issue leads to a step, errors first', () => {
    const { suggested_actions: actions } = check(DREAM, { prompt: 'a fox', parameters: { num_outputs: 9, clip_skip: 1 } }).summary;
    expect(actions.map(({ field, priority }) => [field, priority])).toEqual([['num_outputs', 'high'], ['clip_skip', 'medium'], ['prompt', 'medium']]);
    for (const { action } of actions) expect(action).not.toBe('');
  });

  test('a repair changes the payload, shows before and after, and is checked again', () => {
    const report = check(DREAM, { prompt: 'a lighthouse at night', parameters: { steps: '30', num_images: '9' } });
    expect(report.fixes).toEqual([{ field: 'num_inference_steps', from_field: 'steps', before: '30', after: 30, rule: 'rename_alias, to_integer' }]);
    expect(named(report)).toEqual(['error num_outputs out_of_range']);
    expect(report.input).not.toHaveProperty('num_outputs');
  });

  test('differs: a wrong type blocks, as the provider would refuse it or guess', () => {
    expect(named(check(DREAM, { prompt: 'a lighthouse at night', parameters: { go_fast: 'maybe' } }))).toEqual(['error go_fast wrong_type']);
  });

  test('the one line for people says that all is well, or what to do first', () => {
    expect(check(DREAM, { prompt: 'a lighthouse at night' }).summary.user_friendly_message).toBe('Ready to proceed.');
    expect(check(CUTOUT).summary.user_friendly_message).toContain('Upload an image');
  });

  test('the same words and files read the same each time, with no model of language', () => {
    const ask = (): string => JSON.stringify(check(EDIT, { prompt: 'put the hat on the dog', attachments: [{ url: at('hat.png') }, { url: at('dog.png') }] }));
    expect(new Set(Array.from({ length: 5 }, ask)).size).toBe(1);
  });
});

describe('files handed over in the words', () => {
  const ONE = at('1.png'), TWO = at('2.png?x=1');
  test.each([
    ['a block with one address to a line', `cut it out\n---BEGIN_ATTACHMENTS---\n${ONE}\n${TWO}\n---END_ATTACHMENTS---`, [ONE, TWO]],
    ['the paper clip of the bot', `cut it out\n📎 Attachments: ${ONE}`, [ONE]], ['differs: the arrow of the web client gives its address', `cut it out :-> attached document: ${ONE}`, [ONE]],
  ])('%s is taken out, words and addresses kept whole', (_name, prompt, attached) => {
    expect(readPrompt(prompt)).toMatchObject({ text: 'cut it out', attached });
  });

  test('an address of the bot leaves no token behind', () => {
    const report = check(CUTOUT, { parameters: { img: 'ftp://api.telegram.org/file/bot123456:AAbbcc/p.png' } });
    expect(JSON.stringify(report.summary)).not.toContain('AAbbcc');
  });

  test.each([['a.webp', 'image'], ['a.tiff', 'image'], ['a.flac', 'audio'], ['a.m4a', 'audio'], ['a.mkv', 'video'], ['a.flv', 'video'], ['a.odt', 'document'], ['a.csv', 'document']])('%s is known as %s', (name, kind) => {
    const issue = issuesOf(check(kind === 'image' ? LISTEN : CUTOUT, { attachments: [{ url: at(name) }] })).find(({ code }) => code === 'wrong_media_type');
    expect(issue?.details).toMatchObject({ given: kind });
  });

  test('differs: a second file never overwrites the first, and none is dropped in silence', () => {
    expect(named(check(CUTOUT, { attachments: [{ url: at('a.png') }, { url: at('b.png') }] }))).toEqual(['error img too_many_files']);
    expect(check(EDIT, { prompt: 'put the hat on the dog', attachments: [{ url: at('hat.png') }, { url: at('dog.png') }] }).input).toMatchObject({ input_images: [at('hat.png'), at('dog.png')] });
  });

  test('only fields of the form are sent', () => {
    expect(check(CUTOUT, { parameters: { img: at('a.png'), webhook: 'https://evil.example/x', strength: 1 } }).input).toEqual({ img: at('a.png') });
  });
});
