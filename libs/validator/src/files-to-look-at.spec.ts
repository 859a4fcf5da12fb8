import fc from 'fast-check';
import type { FileObservation, ValidationRequest } from '@countersign/core';
import { formFromOpenApi } from './form/form-from-open-api';
import { openApi, uri, type Property } from './testing/open-api';
import { requestOf } from './testing/request-of';
import { filesToLookAt, validate } from './validate';

const TEXT: Property = { type: 'string' };
const form = (properties: Record<string, Property>, required: string[] = []) => formFromOpenApi({ provider: 'p', model: 'a/plain', version: '1', digest: '1', schema: openApi(properties, required) });
const EDITOR = form({ prompt: TEXT, image: uri('Picture to work on'), mask: uri('Mask'), webhook: TEXT }, ['image']);
const OWN = '/uploads/019aabbe-7f01-7e5c-9a44-2f6f1c0f7a11';
const at = (name: string): string => `https://a.example/${name}`;

describe('files to look at', () => {
  test.each<[string, Partial<ValidationRequest>, string[]]>([
    ['attachments', { attachments: [{ url: at('1.png') }] }, [at('1.png')]],
    ['values of file fields, by any name', { parameters: { img: at('1.png'), webhook: at('hook') } }, [at('1.png')]],
    ['edits', { edits: { image: at('1.png') } }, [at('1.png')]],
    ['files in markers', { prompt: `x :-> attached document: ${at('1.png')}` }, [at('1.png')]],
    ['addresses in the prompt', { prompt: `like ${at('1.png')}` }, [at('1.png')]],
    ['addresses in the conversation, while a field needs a file', { conversation: [{ role: 'user', content: at('1.png') }] }, [at('1.png')]],
    ['nothing in the conversation that no field waits for', { attachments: [{ url: at('image.png') }], conversation: [{ role: 'user', content: at('1.png') }] }, [at('image.png')]],
    ['nothing twice', { attachments: [{ url: at('1.png') }], prompt: at('1.png') }, [at('1.png')]],
    ['a file of our own, and one inside data', { parameters: { image: OWN, mask: 'DATA:image/gif;base64,R0lGODlhAQABAAAAACw=' } }, [OWN, 'DATA:image/gif;base64,R0lGODlhAQABAAAAACw=']],
    ['nothing that is no address', { parameters: { image: 'C:\\cat.png' } }, []],
    ['nothing that was looked at', { attachments: [{ url: at('1.png') }], observations: [{ url: at('1.png'), outcome: 'ok', mime: 'image/png', bytes: 1 }] }, []],
  ])('%s', (_name, part, urls) => { expect(filesToLookAt(EDITOR, requestOf(part))).toEqual(urls); });

  test('a model without file fields, and no model, need no look', () => {
    const request = requestOf({ attachments: [{ url: at('1.png') }], prompt: at('2.png') });
    expect([filesToLookAt(form({ prompt: TEXT }), request), filesToLookAt(null, request)]).toEqual([[], []]);
  });

  test('an address that is sent was looked at, whatever the files turn out to be', () => {
    const url = fc.constantFrom('1.png', 'mask.png', 'a', 'song.mp3', 'b.png').map(at);
    const observed = fc.record({ outcome: fc.constantFrom('ok' as const, 'unreachable' as const), mime: fc.constantFrom('image/png', 'audio/mpeg') });
    const request = fc.record({ attachments: fc.array(url.map((one) => ({ url: one })), { maxLength: 3 }), image: fc.option(url), words: fc.array(url, { maxLength: 2 }), said: fc.array(url, { maxLength: 2 }), truth: observed });
    fc.assert(fc.property(request, ({ attachments, image, words, said, truth }) => {
      const asked = requestOf({ attachments, parameters: image === null ? {} : { image }, prompt: words.join(' '), conversation: said.map((content) => ({ role: 'user', content })) });
      const seen: FileObservation[] = [];
      for (let round = 0; round < 6; round += 1) {
        for (const one of filesToLookAt(EDITOR, { ...asked, observations: seen })) {
          seen.push(truth.outcome === 'ok' ? { url: one, outcome: 'ok', mime: truth.mime, bytes: 1 } : { url: one, outcome: 'unreachable', detail: 'x' });
        }
      }
      const { input } = validate(EDITOR, { ...asked, observations: seen });
      for (const name of ['image', 'mask']) if (typeof input[name] === 'string') expect(seen.map((one) => one.url)).toContain(input[name]);
    }));
  });

  test('an upload goes by the name it had', () => {
    const ours = (id: number): string => at(`artifacts/019aabbe-7f01-7e5c-9a44-2f6f1c0f7a1${id}`);
    const seen = (url: string, name: string): FileObservation => ({ url, outcome: 'ok', mime: 'image/png', bytes: 1, name });
    const { input } = validate(EDITOR, requestOf({
      prompt: 'make it blue', attachments: [{ url: ours(1) }, { url: ours(2) }], observations: [seen(ours(1), 'mask.png'), seen(ours(2), 'cat.png')],
    }));
    expect(input).toMatchObject({ image: ours(2), mask: ours(1) });
  });
});
