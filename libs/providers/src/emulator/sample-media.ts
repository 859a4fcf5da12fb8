import { createHash } from 'node:crypto';
import type { Sharp } from 'sharp';

const SAMPLE_RATE = 22_050; // hertz: plenty for a tone
const MS_PER_CHARACTER = 40; // longer text, longer sound
const MAX_SOUND_MS = 5_000; // a sample, not a concert
const MAX_SIDE = 1_024; // pixels: a stand-in's pictures stay small

/** Loaded when the first picture is drawn: who only imports this library must not pay for it. */
const loadSharp = async () => (await import('sharp')).default;

export type PictureFormat = 'png' | 'jpg' | 'webp';

/** A colour field drawn from the words: the same words give the same picture. */
export async function picture(words: string, width: number, height: number, format: PictureFormat): Promise<Uint8Array> {
  const digest = createHash('sha256').update(words).digest();
  const [w, h] = [Math.min(width, MAX_SIDE), Math.min(height, MAX_SIDE)];
  const pixels = Buffer.alloc(w * h * 3);
  for (let y = 0; y < h; y += 1) {
    for (let x = 0; x < w; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        const from = digest[channel] ?? 0;
        const to = digest[channel + 3] ?? 0;
        pixels[(y * w + x) * 3 + channel] = Math.round(from + ((to - from) * (x + y)) / (w + h));
      }
    }
  }
  return encode((await loadSharp())(pixels, { raw: { width: w, height: h, channels: 3 } }), format);
}

/** The picture `scale` times as large; null when the bytes are no picture. */
export async function enlarge(bytes: Uint8Array, scale: number): Promise<Uint8Array | null> {
  const sharp = await loadSharp();
  try {
    const { width, height } = await sharp(bytes).metadata();
    const factor = Math.min(scale, (MAX_SIDE * 2) / Math.max(width, height));
    return await encode(sharp(bytes).resize(Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))), 'png');
  } catch {
    return null;
  }
}

/** The picture with everything outside an oval transparent; null when the bytes are no picture. */
export async function cutOut(bytes: Uint8Array): Promise<Uint8Array | null> {
  const sharp = await loadSharp();
  try {
    const { width, height } = await sharp(bytes).metadata();
    const oval = Buffer.from(`<svg width="${width}" height="${height}"><ellipse cx="${width / 2}" cy="${height / 2}" rx="${width / 2}" ry="${height / 2}"/></svg>`);
    return await encode(sharp(bytes).ensureAlpha().composite([{ input: oval, blend: 'dest-in' }]), 'png');
  } catch {
    return null;
  }
}

async function encode(image: Sharp, format: PictureFormat): Promise<Uint8Array> {
  return new Uint8Array(await image.toFormat(format === 'jpg' ? 'jpeg' : format).toBuffer());
}

/** A mono 16-bit WAV: one tone per word, as long as the words. */
export function sound(words: string, speed: number): Uint8Array {
  const ms = Math.min(MAX_SOUND_MS, Math.max(200, (words.length * MS_PER_CHARACTER) / speed));
  const samples = Math.round((SAMPLE_RATE * ms) / 1000);
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(SAMPLE_RATE, 24);
  wav.writeUInt32LE(SAMPLE_RATE * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(samples * 2, 40);
  const parts = words.split(/\s+/);
  for (let index = 0; index < samples; index += 1) {
    const word = parts[Math.floor((index / samples) * parts.length)] ?? '';
    const pitch = 220 + (word.length % 12) * 40;
    wav.writeInt16LE(Math.round(Math.sin((2 * Math.PI * pitch * index) / SAMPLE_RATE) * 8_000), 44 + index * 2);
  }
  return new Uint8Array(wav);
}
