import { declareForm } from '../declared/declared-form';
import { valueOf } from '../declared/check-input';
import { LOCAL } from './local-model';
import type { LocalModel } from './local-model';
import { openPicture, refusing } from './picture-input';

const MAX_PIXELS = 16_000_000; // a page scanned at 400 dpi

/** Page segmentation modes of Tesseract by the words on the form. */
const LAYOUTS: Record<string, string> = { page: '3', block: '6', line: '7', scattered: '11' };

const form = declareForm({
  provider: LOCAL, model: 'local/read', version: '1', title: 'Read',
  description: 'Reads English text from a picture with Tesseract, on this machine.',
  fields: [
    {
      name: 'image', type: 'string', role: { kind: 'file', media: 'image', shape: 'url' }, required: true,
      description: `The picture to read: PNG, JPEG, WebP, GIF, TIFF or AVIF, at most ${MAX_PIXELS / 1_000_000} million pixels.`,
    },
    { name: 'layout', type: 'string', enum: Object.keys(LAYOUTS), default: 'page', description: 'How the text stands: a whole page, one block, one line, or words here and there.' },
  ],
  output: { kind: 'object' },
});

export const read: LocalModel = {
  form,
  async start({ input, openInput, run }) {
    const png = await refusing('image', async () => {
      const { image } = await openPicture(String(input['image']), openInput, MAX_PIXELS);
      return image.flatten({ background: 'white' }).greyscale().png({ compressionLevel: 1 }).toBuffer();
    });
    const { text, confidence } = await run({ task: 'read', input: { png, layout: LAYOUTS[String(valueOf(form, input, 'layout'))] ?? '3' } });
    return {
      raw: { text, confidence },
      parts: [{ kind: 'text', pointer: '/text', text }],
      doubts: text === '' ? ['No text was found in the picture.'] : [],
    };
  },
};
