import { formFromOpenApi } from '../form/form-from-open-api';
import { openApi, uri, type Property } from '../testing/open-api';
import { namedFiles } from './named-files';

const form = formFromOpenApi({
  provider: 'p', model: 'a/plain', version: '1', digest: '1',
  schema: openApi({ prompt: { type: 'string' }, image: uri('Picture'), pictures: { type: 'array', items: uri('Picture') } as Property }, []),
});

describe('the files that an input names', () => {
  it('are the addresses in its file fields, each with its field', () => {
    const input = { prompt: 'https://a.example/not-a-file', image: 'https://a.example/1.png?a=1,2', pictures: ['https://a.example/2.png', 'data:image/png;base64,AA==', 'no address'] };
    expect(namedFiles(form, input)).toEqual([
      { field: 'image', url: 'https://a.example/1.png?a=1,2' },
      { field: 'pictures', url: 'https://a.example/2.png' }, { field: 'pictures', url: 'data:image/png;base64,AA==' },
    ]);
  });

  it('are none where nothing is given, or something else', () => {
    expect([namedFiles(form, {}), namedFiles(form, { image: 7, pictures: null })]).toEqual([[], []]);
  });

  it('are told apart in a text that holds many', () => {
    const field = (name: string, shape: 'comma_list' | 'line_list') => ({ ...form.fields[1], name, role: { kind: 'file' as const, media: 'image' as const, shape } });
    const lists = { ...form, fields: [field('commas', 'comma_list'), field('lines', 'line_list')] } as typeof form;
    expect(namedFiles(lists, { commas: 'https://a.example/1,b.png, https://a.example/2.png', lines: 'https://a.example/3.png\nhttps://a.example/4.png' }).map(({ url }) => url)).toEqual([
      'https://a.example/1,b.png', 'https://a.example/2.png', 'https://a.example/3.png', 'https://a.example/4.png',
    ]);
  });
});
