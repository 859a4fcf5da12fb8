import sharp from 'sharp';
import { declareForm } from '../declared/declared-form';
import { valueOf } from '../declared/check-input';
import { LOCAL } from './local-model';
import type { LocalModel } from './local-model';
import type { RawPicture } from './local-tasks';
import { openPicture, refusing } from './picture-input';

const MAX_PIXELS = 2_000_000; // about 40 s of work on one core; 8 million pixels come out
const SCALE = 2;

const FORMATS = ['png', 'jpeg', 'webp'] as const;
type Format = (typeof FORMATS)[number];
const JPEG_AND_WEBP_QUALITY = 92; // of 100: no loss to be seen, a fifth of the size

const form = declareForm({
  provider: LOCAL, model: 'local/upscale', version: '1', title: 'Upscale',
  description: 'Makes a picture exactly twice as wide and high with ESRGAN, on this machine.',
  fields: [
    {
      name: 'image', type: 'string', role: { kind: 'file', media: 'image', shape: 'url' }, required: true,
      description: `The picture to enlarge: PNG, JPEG, WebP, GIF, TIFF or AVIF, at most ${MAX_PIXELS / 1_000_000} million pixels.`,
    },
    { name: 'format', type: 'string', enum: [...FORMATS], default: 'png', description: 'The file format that comes out. PNG loses nothing; JPEG has no transparency.' },
  ],
  output: { kind: 'uri', media: 'image' },
});

export const upscale: LocalModel = {
  form,
  async start({ input, openInput, run }) {
    const { rgb, alpha } = await refusing('image', async () => {
      const { image, hasAlpha } = await openPicture(String(input['image']), openInput, MAX_PIXELS);
      const { data, info } = await image.clone().removeAlpha().raw().toBuffer({ resolveWithObject: true });
      const picture: RawPicture = { pixels: data, width: info.width, height: info.height };
      return { rgb: picture, alpha: hasAlpha ? await enlargedAlpha(await image.clone().extractChannel('alpha').raw().toBuffer(), picture) : null };
    });
    const enlarged = await run({ task: 'upscale', input: rgb });
    const format = FORMATS.find((one) => one === valueOf(form, input, 'format')) ?? 'png';
    const bytes = await encode(enlarged, alpha, format);
    return {
      raw: null,
      parts: [{ kind: 'file', pointer: '', source: { bytes }, mime: `image/${format}`, name: `upscaled.${format}` }],
      doubts: [],
    };
  },
};

/** The network knows colours only; transparency is enlarged by interpolation. */
async function enlargedAlpha(alpha: Buffer, { width, height }: RawPicture): Promise<Buffer> {
  return sharp(alpha, { raw: { width, height, channels: 1 } })
    .resize(width * SCALE, height * SCALE, { fit: 'fill', kernel: 'cubic' }).extractChannel(0).raw().toBuffer();
}

async function encode({ pixels, width, height }: RawPicture, alpha: Buffer | null, format: Format): Promise<Uint8Array> {
  const colours = sharp(pixels, { raw: { width, height, channels: 3 } });
  const image = alpha === null || format === 'jpeg' ? colours : colours.joinChannel(alpha, { raw: { width, height, channels: 1 } });
  const encoded = format === 'png' ? image.png() : image.toFormat(format, { quality: JPEG_AND_WEBP_QUALITY });
  return new Uint8Array(await encoded.toBuffer());
}
