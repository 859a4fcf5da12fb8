import { createHash } from 'node:crypto';
import type { Form, Json, JsonObject } from '@countersign/core';
import { formFromOpenApi } from '../form/form-from-open-api';
import { schemaOf } from '../testing/schemas';
import { validate } from '../validate';
import { formFromExample } from './form-from-example';
import { requestOf } from './request-of';

const at = (name: string): string => `https://files.example.org/${name}`;
const own = (model: string): Form => formFromOpenApi(schemaOf(`acme/${model}`));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const sent = (form: Form | null, body: JsonObject): JsonObject | string[] => {
  const report = validate(form, requestOf(body, {}));
  return report.ready ? report.input : report.summary.checkpoints.flatMap(({ issues }) => issues).filter(({ severity }) => severity === 'error').map(({ field, code }) => `${field} ${code}`).sort();
};
const said = (content: Json): Json => ({ role: 'user', content });

describe('the ways a request hands over files', () => {
  test.each<[string, string, JsonObject, JsonObject | string[]]>([
    ['a document by its address', 'cutout-rembg', { prompt: 'remove the background', document_url: at('a.png') }, { img: at('a.png') }],
    ['attachments as plain addresses and with names', 'patch-inpaint', { prompt: 'a vase', attachments: [{ url: at('1'), name: 'table-mask.png', mime: 'image/png' }, at('table.png')] }, { image: at('table.png'), mask: at('1'), prompt: 'a vase' }],
    ['a type without an ending', 'listen-whisper', { attachments: [{ url: at('download?id=7'), mime: 'audio/mpeg; charset=binary' }] }, { file: at('download?id=7') }],
    ['an attachment before an address in the words', 'cutout-rembg', { prompt: `cut it out like ${at('b.png')}`, attachments: [at('a.png')] }, { img: at('a.png') }],
    ['an address in the words before one in the talk', 'cutout-rembg', { prompt: `remove the background of ${at('b.png')}`, conversation: [said(at('c.png'))] }, { img: at('b.png') }],
    ['the newest of the talk', 'cutout-rembg', { prompt: 'remove the background', conversation: [said(at('c.png')), said([{ type: 'image_url', image_url: { url: at('d.png?x=1&y=2') } }])] }, { img: at('d.png?x=1&y=2') }],
    ['a message under its other name', 'cutout-rembg', { prompt: 'remove the background', conversation: [{ role: 'user', message: at('c.png') }] }, { img: at('c.png') }],
    ['only ten messages back', 'cutout-rembg', { prompt: 'remove the background', conversation: [said(at('old.png')), ...Array.from({ length: 10 }, () => said('well'))] }, ['img missing_required']],
    ['a sound in the talk is no picture', 'cutout-rembg', { prompt: 'remove the background', conversation: [said(at('c.png')), said(at('d.mp3'))] }, { img: at('c.png') }],
    ['the same file twice is one', 'cutout-rembg', { attachments: [at('a.png'), at('a.png')], document_url: at('a.png') }, { img: at('a.png') }],
    ['optional files are not taken from the talk', 'sing-music', { prompt: 'a slow waltz for harp', conversation: [said(at('hum.mp3'))] }, { prompt: 'a slow waltz for harp' }],
    ['unreadable parts count as absent', 'dream-xl', { prompt: 'a lighthouse at night', attachments: [7, {}, null] as Json[], conversation: 'x', parameters: [] }, { prompt: 'a lighthouse at night' }],
  ])('%s', (_name, model, body, right) => {
    expect(sent(own(model), body)).toEqual(right);
  });
});

describe('a model of which only an example is known', () => {
  const form = formFromExample({
    provider: 'replicate', model: 'nobody/cutout', modelVersion: null,
    originalInput: { agent_tool_config: { tool: { data: { example_input: { image: 'https://replicate.delivery/demo.png', scale: 2, fast: true } } } } },
  }, sha256);

  test('is served with a form that says it is guessed', () => {
    expect(form?.origin).toBe('inferred');
    expect(sent(form, { attachments: [at('a.png')], parameters: { scale: '4', fast: 'false' } })).toEqual({ image: at('a.png'), scale: 4, fast: false });
  });

  test('never runs on the example', () => {
    expect(sent(form, { prompt: 'do it' })).toEqual(['image missing_required']);
  });

  test('nothing known at all asks for a model', () => {
    expect(sent(null, { prompt: 'do it' })).toEqual(['model model_unknown']);
  });
});
