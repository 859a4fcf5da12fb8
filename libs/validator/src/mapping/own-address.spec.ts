import { formFromOpenApi } from '../form/form-from-open-api';
import { requestOf } from '../testing/request-of';
import { schemaOf } from '../testing/schemas';
import { filesToLookAt, validate } from '../validate';
import { isFileUrl, isOwnAddress } from './file-url';

const OWN = '/artifacts/019e0000-0000-7000-8000-000000000001';
const FORM = formFromOpenApi(schemaOf('acme/outline-segment'));
const GALLERY = formFromOpenApi(schemaOf('acme/ref-gallery'));

describe('addresses of our own without a host', () => {
  test.each([OWN, '/uploads/019e0000-0000-7000-8000-000000000001', `${OWN}?sig=abc`])('%s is a file', (url) => {
    expect(isOwnAddress(url)).toBe(true);
    expect(isFileUrl(url)).toBe(true);
    expect(validate(FORM, requestOf({ parameters: { image: url } }))).toMatchObject({ ready: true, input: { image: url } });
    expect(filesToLookAt(FORM, requestOf({ parameters: { image: url } }))).toEqual([url]);
  });

  test.each(['/artifacts/1', '/artifacts/../etc/passwd', '/runs/019e0000-0000-7000-8000-000000000001', '//evil.example/artifacts/019e0000-0000-7000-8000-000000000001', `${OWN}/..`, `${OWN} x`, `x${OWN}`])('%s is none', (url) => {
    expect(isOwnAddress(url)).toBe(false);
    expect(validate(FORM, requestOf({ parameters: { image: url } })).ready).toBe(false);
  });

  test('one stands among others in a list', () => {
    const list = `https://files.example.org/a.png, ${OWN}`;
    expect(validate(GALLERY, requestOf({ prompt: 'a harbour', parameters: { reference_image_urls: list } })).ready).toBe(true);
  });

  test('one that is not there after all blocks', () => {
    const report = validate(FORM, requestOf({ parameters: { image: OWN }, observations: [{ url: OWN, outcome: 'not_a_url', detail: 'not a web address' }] }));
    expect(report.summary.checkpoints.flatMap(({ issues }) => issues).map(({ code }) => code)).toEqual(['not_a_url']);
  });
});

test('an edit of null empties a field: nothing of lower rank comes back', () => {
  const form = formFromOpenApi(schemaOf('acme/dream-xl'));
  const report = validate(form, requestOf({ prompt: 'a lighthouse', parameters: { negative_prompt: 'fog', num_outputs: 2 }, edits: { negative_prompt: null, num_outputs: null } }));
  expect(report).toMatchObject({ ready: true, input: { prompt: 'a lighthouse' } });
  const needed = validate(form, requestOf({ prompt: 'a lighthouse', edits: { prompt: null } }));
  expect(needed.ready).toBe(false);
});
