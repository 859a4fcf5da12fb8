import sharp from 'sharp';
import type { Sharp } from 'sharp';
import type { InputFile, OpenInput } from '@countersign/core';
import { InputRefusedError } from './local-model';

const MAX_PICTURE_BYTES = 30_000_000; // of the file: a large photograph
/** Formats that are pictures and nothing else: no SVG or PDF, which can hold scripts and references. */
const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'tiff', 'heif'];

/** Why a picture cannot be used; `code` is an issue code of the validation report where one fits. */
class PictureError extends Error {
  constructor(readonly code: string, message: string) {
    super(message);
  }
}

export interface Picture {
  /** Upright, in sRGB, not yet decoded. */
  image: Sharp;
  width: number;
  height: number;
  hasAlpha: boolean;
}

/** @throws PictureError when the file cannot be opened, is no picture, or has more than `maxPixels`. */
export async function openPicture(url: string, openInput: OpenInput, maxPixels: number): Promise<Picture> {
  const bytes = await readAll(await openOrSay(url, openInput));
  try {
    const { format, width, height, hasAlpha, autoOrient } = await sharp(bytes).metadata();
    if (!FORMATS.includes(format)) throw new PictureError('wrong_media_type', `is of type ${format}; it must be one of ${FORMATS.join(', ')}`);
    if (width * height > maxPixels) {
      throw new PictureError('file_too_large', `has ${width} × ${height} pixels; at most ${maxPixels.toLocaleString('en')} pixels can be worked on`);
    }
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels }).autoOrient().toColourspace('srgb');
    return { image, width: autoOrient.width, height: autoOrient.height, hasAlpha };
  } catch (error) {
    throw error instanceof PictureError ? error : notAPicture(error);
  }
}

/** Opens and decodes what a field names; whatever goes wrong is that field's fault. */
export async function refusing<Value>(field: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error instanceof PictureError ? error : notAPicture(error);
    throw new InputRefusedError(field, code, message);
  }
}

function notAPicture(error: unknown): PictureError {
  const [firstLine = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return new PictureError('wrong_media_type', `cannot be read as a picture (${firstLine})`);
}

async function openOrSay(url: string, openInput: OpenInput): Promise<InputFile> {
  try {
    return await openInput(url);
  } catch (error) {
    throw unreadable(error);
  }
}

async function readAll(file: InputFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of file.read()) {
      bytes += chunk.byteLength;
      if (bytes > MAX_PICTURE_BYTES) throw new PictureError('file_too_large', `is larger than ${MAX_PICTURE_BYTES.toLocaleString('en')} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof PictureError ? error : unreadable(error);
  }
  return Buffer.concat(chunks);
}

function unreadable(error: unknown): PictureError {
  const code = (error as { code?: unknown } | null)?.code;
  const known = typeof code === 'string' && /^[a-z]+(?:_[a-z]+)+$/.test(code) ? code : 'file_unreachable';
  return new PictureError(known, `cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
}
