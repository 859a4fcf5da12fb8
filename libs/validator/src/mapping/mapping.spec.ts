import fc from 'fast-check';
import type { Json } from '@countersign/core';
import { quickest } from '@countersign/core/testing';
import { formFromOpenApi } from '../form/form-from-open-api';
import { indexOf } from '../form/form-index';
import { openApi, uri, type Property } from '../testing/open-api';
import { schemaOf } from '../testing/schemas';
import { fileNameOf, isFileUrl } from './file-url';
import { nearestName } from './nearest-name';
import { isOnlyInstruction } from './place-prompt';
import { readPrompt, textOf, urlsIn, urlsInConversation } from './read-prompt';
import { resolveName } from './resolve-name';

describe('what a prompt holds', () => {
  test.each<[string, string, string[]]>([
    ['a block', 'cut it out\n---BEGIN_ATTACHMENTS---\nhttps://a.example/1.png\nhttps://a.example/2.png?x=1\n---END_ATTACHMENTS---', ['https://a.example/1.png', 'https://a.example/2.png?x=1']],
    ['an old Telegram section', 'cut it out\n\n📎 Attachments: https://a.example/1.png', ['https://a.example/1.png']],
    ['an old web marker', 'cut it out :-> attached document: https://a.example/1.png', ['https://a.example/1.png']],
    ['a block that never ends', 'cut it out ---BEGIN_ATTACHMENTS---\nhttps://a.example/1.png', ['https://a.example/1.png']],
  ])('%s', (_name, prompt, attached) => { expect(readPrompt(prompt)).toEqual({ text: 'cut it out', attached, mentioned: [] }); });

  const ONE = 'https://a.example/1.png', TWO = 'https://a.example/2.png?x=1';
  test.each<[string, string, string, string[]]>([
    ['words after a list stay', `Make it blue\n📎 Attachments:\n${ONE}\nand its frame green`, 'Make it blue\nand its frame green', [ONE]],
    ['words after an address stay', `📎 Attachments: ${ONE} make it blue`, 'make it blue', [ONE]],
    ['numbers and bullets go with the list', `📎 Attachments (2):\n1. ${ONE}\n- cat.png: ${TWO}\n\nMake it blue`, 'Make it blue', [ONE, TWO]],
    ['several to a line', `Make it blue 📎 Attachments: ${ONE}, ${TWO}`, 'Make it blue', [ONE, TWO]],
    ['an empty list', 'Make it blue\n📎 Attachments:\n', 'Make it blue', []],
    ['an unended block leaves the words', `---BEGIN_ATTACHMENTS---\n${ONE}\nMake it blue`, 'Make it blue', [ONE]],
    ['line ends of Windows', `Make it blue\r\n---BEGIN_ATTACHMENTS---\r\n${ONE}\r\n${TWO}\r\n---END_ATTACHMENTS---\r\n`, 'Make it blue', [ONE, TWO]],
    ['a block before the words', `---BEGIN_ATTACHMENTS---\n${ONE}\n---END_ATTACHMENTS---\nMake it blue`, 'Make it blue', [ONE]],
    ['two blocks', `---BEGIN_ATTACHMENTS---\n${ONE}\n---END_ATTACHMENTS---\nMake it\n---BEGIN_ATTACHMENTS---\n${TWO}\n---END_ATTACHMENTS---\nblue`, 'Make it\nblue', [ONE, TWO]],
    ['an inline file in a block', 'Make it blue ---BEGIN_ATTACHMENTS---\ndata:image/png;base64,aGk=\n---END_ATTACHMENTS---', 'Make it blue', ['data:image/png;base64,aGk=']],
    ['the end of a block alone', 'Make it blue ---END_ATTACHMENTS---', 'Make it blue', []],
    ['two web markers', `Make it blue :-> attached document: ${ONE}, and this :->attached document:${TWO} green`, 'Make it blue and this green', [ONE, TWO]],
    ['a web marker without an address', 'Make it :-> attached document: blue', 'Make it blue', []],
    ['all kinds at once', `Make it :-> attached document: ${ONE} blue\n📎 Attachments: ${TWO}\n---BEGIN_ATTACHMENTS---\nhttps://a.example/3.png\n---END_ATTACHMENTS---`, 'Make it blue', ['https://a.example/3.png', TWO, ONE]],
    ['the same file twice in one list', `Make it blue 📎 Attachments: ${ONE}, ${TWO}, ${ONE}`, 'Make it blue', [ONE, TWO]],
    ['the same file twice', `Make it blue :-> attached document: ${ONE} :-> attached document: ${ONE}`, 'Make it blue', [ONE]],
  ])('%s', (_name, prompt, text, attached) => { expect(readPrompt(prompt)).toEqual({ text, attached, mentioned: [] }); });

  test('no marker is left in the words, and no file is lost, wherever they stand', () => {
    const words = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8}){0,3}$/);
    const url = fc.nat(99).map((n) => `https://a.example/${n}.png`);
    const marked = fc.oneof(
      fc.array(url, { minLength: 1, maxLength: 3 }).map((urls) => ({ text: `---BEGIN_ATTACHMENTS---\n${urls.join('\n')}\n---END_ATTACHMENTS---`, urls })),
      fc.array(url, { minLength: 1, maxLength: 3 }).map((urls) => ({ text: `📎 Attachments: ${urls.join(', ')}`, urls })),
      url.map((one) => ({ text: `:-> attached document: ${one}`, urls: [one] })),
    );
    fc.assert(fc.property(fc.array(fc.tuple(words, marked), { minLength: 1, maxLength: 4 }), words, (parts, last) => {
      const read = readPrompt([...parts.map(([said, { text }]) => `${said} ${text}\n`), last].join(''));
      expect(read.text.split(/\s+/)).toEqual([...parts.map(([said]) => said), last].join(' ').split(' '));
      expect(new Set(read.attached)).toEqual(new Set(parts.flatMap(([, { urls }]) => urls)));
      expect(read.mentioned).toEqual([]);
    }));
  });

  test('a long text full of markers is read in no time', () => {
    const readAll = (): void => { for (const piece of [':->', ':-> attached document: ', '📎 Attachments:\n', '---BEGIN_ATTACHMENTS---', 'https://api.telegram.org/', '- '.repeat(9), '---']) readPrompt(piece.repeat(Math.ceil(100_000 / piece.length))); };
    expect(quickest(readAll, 1_000)).toBeLessThan(1_000);
  });

  test('words on both sides of a marker are not glued', () => {
    expect(readPrompt('before :-> attached document: https://a.example/1.png after').text).toBe('before after');
  });
  test('an address with a bot token leaves the words', () => {
    const read = readPrompt('look at https://api.telegram.org/file/bot1:AA/photos/a.png please');
    expect(read.text).toBe('look at please');
    expect(read.attached).toEqual(['https://api.telegram.org/file/bot1:AA/photos/a.png']);
  });
  test('without markers nothing is touched', () => {
    fc.assert(fc.property(fc.string(), (text) => [':->', '📎', '---BEGIN', 'telegram'].some((marker) => text.includes(marker)) || readPrompt(text).text === text));
  });
  test('addresses end where punctuation begins', () => {
    expect(urlsIn('see (https://a.example/1.png), "http://b.example/2?x=1&y=2". And https://a.example/1.png; httpx://no http://')).toEqual(['https://a.example/1.png', 'http://b.example/2?x=1&y=2']);
  });
  test('a conversation is read newest first, ten messages, whatever its nesting', () => {
    const messages = Array.from({ length: 12 }, (_, i) => ({ role: 'user', content: { parts: [{ text: `https://a.example/${i}.png` }] } as Json }));
    expect(urlsInConversation(messages).flat()).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((i) => `https://a.example/${i}.png`));
    expect(textOf([{ type: 'text', text: 'a' }, 'b', 3, null])).toContain('a');
  });
});

test.each<[string, string | undefined]>([
  ['guidence_scale', 'guidance_scale'], ['num_ouputs', 'num_outputs'], ['promt', 'prompt'], ['aspect_raito', 'aspect_ratio'], ['top_k', undefined], ['image_2', undefined], ['moon', undefined], ['x', undefined], ['stops', 'stop'],
])('%s is probably %s', (given, meant) => { expect(nearestName(given, ['guidance_scale', 'num_outputs', 'prompt', 'aspect_ratio', 'top_p', 'image_1', 'stop'])).toBe(meant); });

describe('which field a name means', () => {
  const form = (properties: Record<string, Property>, required: string[] = []) => indexOf(formFromOpenApi({ provider: 'p', model: 'a/plain', version: '1', digest: '1', schema: openApi(properties, required) }));
  const url = 'https://a.example/1.png';
  const meant = (name: string, value: Json, index: ReturnType<typeof form>): string => {
    const match = resolveName(name, value, index, new Set());
    return match.kind === 'field' ? match.field.name : match.kind;
  };
  const text: Property = { type: 'string' }, number: Property = { type: 'number' };

  test.each<[string, Json, Record<string, Property>, string]>([
    ['steps', 30, { num_inference_steps: number }, 'num_inference_steps'], ['numInferenceSteps', 30, { num_inference_steps: number }, 'num_inference_steps'], ['NUM-OUTPUTS', 2, { num_outputs: number }, 'num_outputs'],
    ['max_tokens', 5, { max_new_tokens: number }, 'max_new_tokens'], ['cfg', 5, { guidance_scale: number }, 'guidance_scale'], ['img', url, { image: uri('Picture') }, 'image'], ['image_url', url, { start_image: uri('Picture') }, 'start_image'],
    ['image', url, { input_image: uri('Picture'), mask: uri('Mask') }, 'input_image'], ['mask_url', url, { image: uri('Picture'), mask: uri('Mask') }, 'mask'], ['input', url, { prompt: text, image: uri('Picture') }, 'image'], ['input', 'a fox', { prompt: text, image: uri('Picture') }, 'prompt'],
    ['size', '16:9', { aspect_ratio: { type: 'string', enum: ['1:1', '16:9'] } }, 'aspect_ratio'], ['images', [url], { image_input: { type: 'array', items: { type: 'string', format: 'uri' } } }, 'image_input'], ['start_frame', url, { first_frame_image: uri('First frame'), last_frame_image: uri('Last frame') }, 'first_frame_image'],
    ['sampler', 'a', { sampler_name: text, scheduler: text }, 'sampler_name'],
  ])('%s = %j', (name, value, properties, wanted) => { expect(meant(name, value, form(properties))).toBe(wanted); });

  test.each<[string, Json, Record<string, Property>, string]>([
    ['mask', url, { image: uri('Picture') }, 'none'], ['end_image', url, { image: uri('Picture') }, 'none'], ['audio', url, { image: uri('Picture') }, 'none'], ['image_size', 512, { image: uri('Picture') }, 'none'], ['size', 'huge', { aspect_ratio: { type: 'string', enum: ['1:1'] } }, 'none'],
    ['image', url, { face_image: uri('Face'), body_image: uri('Body') }, 'several'], ['image_3', url, { image_1: uri('One'), image_2: uri('Two') }, 'none'], ['', 1, { image: uri('Picture') }, 'none'], ['images', 2, { image: uri('Picture') }, 'none'], ['safety_checker', true, { disable_safety_checker: { type: 'boolean' } }, 'none'],
  ])('%s = %j is not guessed', (name, value, properties, wanted) => { expect(meant(name, value, form(properties))).toBe(wanted); });
});

test.each<[string, string, boolean]>([
  ['acme/cutout-rembg', 'Please remove the background of this photo', true], ['acme/cutout-rembg', 'a castle on a hill', false], ['acme/listen-whisper', 'transcribe', true], ['acme/listen-whisper', 'Kowalski, Nguyen, OAuth', false],
  ['acme/bigger-upscaler', 'make it 4x bigger', true], ['acme/bigger-upscaler', 'upscale the knight in armour', false], ['acme/dream-xl', 'remove the background', false],
])('%s: “%s” only says do your job: %s', (model, text, only) => { expect(isOnlyInstruction(text, indexOf(formFromOpenApi(schemaOf(model))))).toBe(only); });

test('addresses', () => {
  for (const good of ['https://a.example', 'http://a.example:8080/x?y#z', 'https://user@a.example/b', 'data:text/plain,hi', 'https://[2001:db8::1]/x']) expect([good, isFileUrl(good)]).toEqual([good, true]);
  for (const bad of ['', 'a.example/x', '//a.example/x', 'https:/a.example', 'http://', 'http:///x', 'https://a.example/a b', 'data:,', 'file:///x', 'gs://a/b', 's3://a/b', '\\\\host\\x']) expect([bad, isFileUrl(bad)]).toEqual([bad, false]);
  expect(fileNameOf('https://a.example/x/my%20cat.png?sig=1')).toBe('my cat.png');
  expect(fileNameOf('https://a.example')).toBe('https://a.example');
  expect(fileNameOf('https://a.example/%E0%A4%A')).toBe('%E0%A4%A');
});
