import fc from 'fast-check';
import type { Form, Json, JsonObject } from '@countersign/core';
import { quickest } from '@countersign/core/testing';
import { formFromOpenApi } from '../form/form-from-open-api';
import { openApi, uri } from '../testing/open-api';
import { schemaOf } from '../testing/schemas';
import { CONFIDENCE_THRESHOLD, readAnswer } from './read-answer';

const formOf = (model: string): Form => formFromOpenApi(schemaOf(model));
const DREAM = formOf('acme/dream-xl');
const EDIT = formOf('acme/brush-image-edit');
const WHISPER = formOf('acme/listen-whisper');
const CHAT = formOf('acme/small-llm-chat');
const INPAINT = formOf('acme/patch-inpaint');
const UPSCALE = formOf('acme/bigger-upscaler');
const PAINT = formFromOpenApi({
  provider: 'replicate', model: 'acme/painter', version: 'v1', digest: '0', title: 'acme/painter', description: 'A text-to-image model',
  schema: openApi({
    prompt: { type: 'string', description: 'Prompt' }, palette: { type: 'string', enum: ['warm', 'cold', 'grey', 'black and white'], default: 'warm' }, mood: { type: 'string', enum: ['calm', 'cold'], default: 'calm' },
    width: { type: 'integer', minimum: 8, maximum: 512, default: 64 }, height: { type: 'integer', minimum: 8, maximum: 512, default: 64 },
    apply_watermark: { type: 'boolean', default: true }, disable_safety_checker: { type: 'boolean', default: false }, uppercase: { type: 'boolean', default: false },
    duration: { type: 'integer', minimum: 1, maximum: 60, default: 5 }, repeat: { type: 'integer', minimum: 1, maximum: 9, default: 1 }, reference: uri('A picture to go by'),
    background: { type: 'string', default: '', description: 'Colour behind the subject' }, quality: { type: 'string', enum: ['auto', 'draft', 'high'], default: 'auto' }, api_token: { type: 'string', description: 'Secret token of the store' },
  }, ['prompt']),
});
const GIVEN = { prompt: 'a red fox' };
const CAT = 'https://files.example.com/cat.png';

/** Whether the answer would be taken: what the gateway asks. */
function taken(form: Form, text: string, shown: JsonObject = GIVEN): JsonObject | 'asks' {
  const { confidence, ambiguities, edits } = readAnswer(form, shown, text);
  return confidence >= CONFIDENCE_THRESHOLD && ambiguities.length === 0 ? edits : 'asks';
}

const UNDERSTOOD: readonly [Form, string, Record<string, Json>][] = [
  [DREAM, 'num_inference_steps = 30', { num_inference_steps: 30 }],
  [DREAM, 'steps: 30', { num_inference_steps: 30 }],
  [DREAM, 'set steps to 30', { num_inference_steps: 30 }],
  [DREAM, 'Please set the number of steps to 30.', { num_inference_steps: 30 }],
  [DREAM, 'change steps from 28 to 30', { num_inference_steps: 30 }],
  [DREAM, 'use 30 steps', { num_inference_steps: 30 }],
  [DREAM, 'steps should be 30', { num_inference_steps: 30 }],
  [DREAM, 'increase the steps to 40', { num_inference_steps: 40 }],
  [DREAM, 'thirty steps please', { num_inference_steps: 30 }],
  [DREAM, 'guidance 7.5', { guidance_scale: 7.5 }],
  [DREAM, '30 steps, guidance 7', { num_inference_steps: 30, guidance_scale: 7 }],
  [DREAM, 'guidance 7 and 30 steps', { num_inference_steps: 30, guidance_scale: 7 }],
  [DREAM, 'make it square', { aspect_ratio: '1:1' }],
  [DREAM, 'make it portrait', { aspect_ratio: '9:16' }],
  [DREAM, 'Landscape, please', { aspect_ratio: '16:9' }],
  [DREAM, 'widescreen', { aspect_ratio: '16:9' }],
  [DREAM, 'make it 16:9', { aspect_ratio: '16:9' }],
  [DREAM, '16 by 9', { aspect_ratio: '16:9' }],
  [DREAM, '9x16 please', { aspect_ratio: '9:16' }],
  [DREAM, 'aspect ratio 16:9', { aspect_ratio: '16:9' }],
  [DREAM, 'use a 16:9 aspect ratio', { aspect_ratio: '16:9' }],
  [DREAM, 'four images', { num_outputs: 4 }],
  [DREAM, '3 variations', { num_outputs: 3 }],
  [DREAM, 'I want a single picture', { num_outputs: 1 }],
  [DREAM, 'make it 1024x768', { width: 1024, height: 768 }],
  [DREAM, '1024 by 768', { width: 1024, height: 768 }],
  [DREAM, 'width 1024, height 768', { width: 1024, height: 768 }],
  [DREAM, 'png', { output_format: 'png' }],
  [DREAM, 'as PNG please', { output_format: 'png' }],
  [DREAM, 'output format: jpeg', { output_format: 'jpg' }],
  [DREAM, 'use png for the output format', { output_format: 'png' }],
  [DREAM, 'png format, 4 images, make it square', { output_format: 'png', num_outputs: 4, aspect_ratio: '1:1' }],
  [DREAM, 'turn off go fast', { go_fast: false }],
  [DREAM, 'turn go fast off', { go_fast: false }],
  [DREAM, 'go_fast = false', { go_fast: false }],
  [DREAM, 'without go fast', { go_fast: false }],
  [DREAM, 'change the prompt to "a blue fox, 30 steps from home"', { prompt: 'a blue fox, 30 steps from home' }],
  [DREAM, 'change the prompt to “a blue fox”, 30 steps', { prompt: 'a blue fox', num_inference_steps: 30 }],
  [DREAM, 'Change the prompt to a blue fox in the snow', { prompt: 'a blue fox in the snow' }],
  [DREAM, 'prompt: a fox, a hen and a dog', { prompt: 'a fox, a hen and a dog' }],
  [DREAM, 'prompt: a fox\nsteps: 30', { prompt: 'a fox', num_inference_steps: 30 }],
  [DREAM, 'negative prompt: \'blurry, dark\'', { negative_prompt: 'blurry, dark' }],
  [PAINT, 'make it warm and 96 wide', { palette: 'warm', width: 96 }],
  [PAINT, '96 pixels wide and 64 high', { width: 96, height: 64 }],
  [PAINT, '96 px wide', { width: 96 }],
  [PAINT, 'black and white', { palette: 'black and white' }],
  [PAINT, 'set the palette to black and white', { palette: 'black and white' }],
  [PAINT, 'a cold palette', { palette: 'cold' }],
  [PAINT, 'mood cold', { mood: 'cold' }],
  [PAINT, 'quality high', { quality: 'high' }],
  [PAINT, 'high', { quality: 'high' }],
  [PAINT, 'don\'t disable safety checker', { disable_safety_checker: false }],
  [PAINT, 'without watermark', { apply_watermark: false }],
  [PAINT, 'no watermark please', { apply_watermark: false }],
  [PAINT, 'turn the watermark off', { apply_watermark: false }],
  [PAINT, 'don\'t add a watermark', { apply_watermark: false }],
  [PAINT, 'with watermark', { apply_watermark: true }],
  [PAINT, 'turn off the safety checker', { disable_safety_checker: true }],
  [PAINT, 'turn on the safety checker', { disable_safety_checker: false }],
  [PAINT, 'disable safety checker', { disable_safety_checker: true }],
  [PAINT, 'make it uppercase', { uppercase: true }],
  [PAINT, '10 seconds long', { duration: 10 }],
  [PAINT, '10s', { duration: 10 }],
  [PAINT, 'repeat it 3 times', { repeat: 3 }],
  [PAINT, 'repeat 3 times', { repeat: 3 }],
  [PAINT, `use ${CAT}`, { reference: CAT }],
  [PAINT, `use ${CAT}.`, { reference: CAT }],
  [PAINT, `reference: ${CAT}`, { reference: CAT }],
  [PAINT, 'background: light blue', { background: 'light blue' }],
  [EDIT, `take ${CAT}?version=2 instead`, { input_images: [`${CAT}?version=2`] }],
  [WHISPER, 'the language is de', { language: 'de' }],
  [CHAT, 'temperature 0.2, top p 0.5', { temperature: 0.2, top_p: 0.5 }],
  [CHAT, 'max tokens 200', { max_new_tokens: 200 }],
  [CHAT, 'use 200 tokens', { max_new_tokens: 200 }],
  [UPSCALE, '4x', { scale_factor: 4 }],
  [UPSCALE, 'scale factor 4', { scale_factor: 4 }],
  [INPAINT, `use ${CAT} as the mask`, { mask: CAT }],
];

const ASKED: readonly [Form, string][] = [
  [DREAM, 'ok'], [DREAM, 'looks good to me'], [DREAM, 'hmm'], [DREAM, '30'], [DREAM, '...'], [DREAM, 'make it nicer'],
  [DREAM, 'more steps'], [DREAM, '10 more steps'], [DREAM, 'increase the steps by 10'], [DREAM, 'about 30 steps'], [DREAM, 'at least 30 steps'],
  [DREAM, '20-30 steps'], [DREAM, '30 or 40 steps'], [DREAM, 'between 20 and 30 steps'], [DREAM, 'not 30 steps'], [DREAM, 'fewer than 30 steps'], [DREAM, 'if you can, 30 steps'],
  [DREAM, 'steps: 30, steps: 40'], [DREAM, '99 steps'], [DREAM, 'steps = many'], [DREAM, 'is 30 steps enough?'], [DREAM, 'what about 30 steps?'], [DREAM, 'width 1,024'],
  [DREAM, 'png or jpg'], [DREAM, 'not png'], [DREAM, 'anything but png'], [DREAM, 'steps 30 images'], [DREAM, 'go fast'], [DREAM, '3:2'], [DREAM, '64x64'],
  [DREAM, '"a blue fox"'], [DREAM, 'change the prompt to a blue fox and set steps to 30'], [DREAM, 'change the prompt to be more colourful'], [DREAM, 'the prompt is too long'],
  [DREAM, 'prompt: a fox, 30 steps'], [DREAM, `use ${CAT}`], [DREAM, 'set colour depth to 30'],
  [PAINT, 'make it cold'], [PAINT, 'make it square'], [PAINT, 'make it 4 to 9'], [PAINT, 'watermark'], [PAINT, 'make the fox blue and the sky dark and 96 wide'],
  [PAINT, 'background: light blue, and softer edges'], [PAINT, 'api_token = abcdef'], [PAINT, 'use https://files.example.com/song.mp3'], [PAINT, 'warm unless it is winter'],
  [INPAINT, `use ${CAT}`], [EDIT, 'portrait 16:9'], [WHISPER, '4 images'], [PAINT, 'turn it off'], [WHISPER, 'it'], [DREAM, 'why is the seed 42?'],
];

const MISSING: readonly [Form, JsonObject, string, Record<string, Json> | 'asks'][] = [
  [PAINT, {}, 'a red fox in the snow', { prompt: 'a red fox in the snow' }],
  [PAINT, {}, '"A fox? In a cold palette!"', { prompt: 'A fox? In a cold palette!' }],
  [PAINT, {}, 'prompt: a fox, warm colours', { prompt: 'a fox, warm colours' }],
  [PAINT, {}, 'a fox in warm light', 'asks'], [PAINT, {}, 'ok', 'asks'], [PAINT, {}, 'what do you need?', 'asks'], [PAINT, {}, 'I do not know', 'asks'], [PAINT, {}, 'cancel it', 'asks'],
  [PAINT, {}, 'set width to 96', { width: 96 }],
  [UPSCALE, {}, CAT, { image: CAT }], [UPSCALE, {}, `here it is: ${CAT}`, { image: CAT }], [UPSCALE, {}, 'my holiday picture', 'asks'],
  [INPAINT, { image: CAT, prompt: 'a hat' }, `use ${CAT}`, { mask: CAT }],
  [INPAINT, { image: CAT, mask: CAT }, 'a hat made of straw', { prompt: 'a hat made of straw' }],
  [INPAINT, {}, 'a hat made of straw', 'asks'],
];

/** What is shown before, and what the words leave of it. */
const CLEARED: readonly [Form, JsonObject, string, Record<string, Json> | 'asks'][] = [
  [DREAM, { ...GIVEN, negative_prompt: 'blurry' }, 'no negative prompt', { negative_prompt: null }], [DREAM, { ...GIVEN, negative_prompt: 'blurry' }, 'Remove the negative prompt, please.', { negative_prompt: null }],
  [DREAM, { ...GIVEN, negative_prompt: 'blurry' }, 'negative prompt: none', { negative_prompt: null }], [DREAM, { ...GIVEN, negative_prompt: 'blurry' }, 'set the negative prompt to nothing', { negative_prompt: null }],
  [EDIT, { ...GIVEN, seed: 7 }, 'without a seed', { seed: null }], [EDIT, { ...GIVEN, seed: 7 }, 'seed = none', { seed: null }], [EDIT, { ...GIVEN, seed: 7 }, 'leave out the seed, make it square', { seed: null, aspect_ratio: '1:1' }],
  [PAINT, { ...GIVEN, reference: CAT }, 'take away the reference', { reference: null }], [PAINT, { ...GIVEN, reference: CAT }, 'get rid of the reference picture', { reference: null }],
  [CHAT, { ...GIVEN, system_prompt: 'Be brief' }, 'no system prompt', { system_prompt: '' }],
  [DREAM, GIVEN, 'remove the prompt', 'asks'], [DREAM, { ...GIVEN, negative_prompt: 'blurry' }, 'do not remove the negative prompt', 'asks'], [DREAM, GIVEN, 'reset steps to 30', { num_inference_steps: 30 }],
  [DREAM, GIVEN, 'no people', 'asks'], [DREAM, GIVEN, 'remove the hat', 'asks'], [PAINT, GIVEN, 'no watermark', { apply_watermark: false }], [INPAINT, { image: CAT, mask: CAT, prompt: 'a hat' }, 'remove the mask', 'asks'],
];

describe('an answer in words', () => {
  it.each(CLEARED.map(([form, shown, text, edits]) => ({ form, shown, text, edits, model: form.model })))('$model: “$text” empties a field, or asks', ({ form, shown, text, edits }) => {
    expect(taken(form, text, shown)).toEqual(edits);
  });


  it.each(UNDERSTOOD.map(([form, text, edits]) => [form.model, text, form, edits] as const))('%s: “%s” is understood', (_model, text, form, edits) => {
    expect(taken(form, text)).toEqual(edits);
  });

  it.each(ASKED.map(([form, text]) => [form.model, text, form] as const))('%s: “%s” is asked about', (_model, text, form) => {
    expect(taken(form, text)).toBe('asks');
  });

  it.each(MISSING.map(([form, shown, text, edits]) => ({ form, shown, text, edits, model: form.model })))('$model with something missing: “$text”', ({ form, shown, text, edits }) => {
    expect(taken(form, text, shown)).toEqual(edits);
  });

  it('says which words it read, by which rule, and what is not clear', () => {
    expect(readAnswer(PAINT, GIVEN, 'make it warm, 96 wide, or so')).toMatchObject({
      understood: [{ field: 'width', words: '96 wide', value: 96, rule: 'beside_name' }, { field: 'palette', words: 'warm', value: 'warm', rule: 'option_word' }],
      ambiguities: [expect.stringContaining('“or” leaves open')],
    });
    expect(readAnswer(PAINT, GIVEN, 'make it cold').ambiguities).toEqual(['“cold” could mean “palette” or “mood”: say which.']);
  });

  it('never repeats a secret', () => {
    expect(JSON.stringify(readAnswer(PAINT, GIVEN, 'api_token = s3cr3t-value'))).not.toContain('s3cr3t');
  });

  it('proposes only fields of the form with values that settle, the same each time, whatever is said', () => {
    const piece = fc.oneof(fc.constantFrom('set', 'to', 'steps', '30', '=', ':', 'and', 'without', 'watermark', '16:9', '"', '\'', 'prompt', 'cold', 'wide', CAT, ',', '\n', 'x', 'as'), fc.string({ maxLength: 8 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 30 }), fc.boolean(), (pieces, isGiven) => {
      const text = pieces.join(' '), shown = isGiven ? GIVEN : {};
      const read = readAnswer(PAINT, shown, text);
      expect(readAnswer(PAINT, shown, text)).toEqual(read);
      for (const name of Object.keys(read.edits)) expect(PAINT.fields.some((field) => field.name === name)).toBe(true);
      expect(read.confidence).toBeGreaterThanOrEqual(0);
      expect(read.confidence).toBeLessThanOrEqual(1);
      if (read.ambiguities.length > 0) expect(read.confidence).toBeLessThan(CONFIDENCE_THRESHOLD);
    }), { numRuns: 300 });
  });

  it.each(['1 ', '"', '\' ', 'a=', 'x ', '1x1 ', 'set steps to ', 'http://', '30 steps ', 'the the ', '-', 'a-', '1.', ': '])('stays quick on %j over and over, and refuses what is too long', (piece) => {
    expect(quickest(() => readAnswer(DREAM, GIVEN, piece.repeat(4_000).slice(0, 4_000)), 1_000)).toBeLessThan(1_000);
    expect(readAnswer(DREAM, GIVEN, 'x'.repeat(4_001))).toMatchObject({ edits: {}, confidence: 0 });
  });
});
