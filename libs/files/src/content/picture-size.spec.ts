import sharp from 'sharp';
import fc from 'fast-check';
import { sizeOfPicture } from './picture-size';

describe('sizeOfPicture', () => {
  it.each(['png', 'gif', 'jpeg', 'webp'] as const)('reads what sharp wrote as %s', async (format) => {
    const picture = await sharp({ create: { width: 321, height: 45, channels: 4, background: '#3366ccaa' } }).toFormat(format).toBuffer();
    expect(sizeOfPicture(picture)).toEqual({ width: 321, height: 45 });
  });

  it('reads lossless WebP and JPEG with much before the picture', async () => {
    const picture = sharp({ create: { width: 70, height: 9, channels: 3, background: 'red' } });
    expect(sizeOfPicture(await picture.clone().webp({ lossless: true }).toBuffer())).toEqual({ width: 70, height: 9 });
    expect(sizeOfPicture(await picture.clone().withExif({ IFD0: { Copyright: 'x'.repeat(500) } }).jpeg({ progressive: true }).toBuffer())).toEqual({ width: 70, height: 9 });
  });

  it('has an answer for any bytes', () => {
    const starts = [Buffer.of(0xff, 0xd8, 0xff, 0xc0), Buffer.from('GIF89a'), Buffer.from('RIFF1234WEBPVP8 '), Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), Buffer.alloc(0)];
    fc.assert(fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 64 }), (start, rest) => {
      expect(typeof sizeOfPicture(Buffer.concat([start, rest]))).toBe('object');
    }));
  });
});
