import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

/** Base colour per palette as red, green, blue. */
const PALETTES: Record<string, readonly [number, number, number]> = {
  warm: [226, 122, 63],
  cold: [69, 136, 201],
  grey: [128, 128, 128],
};
const CELLS = 8; // the pattern is 8 × 8 squares, one bit of the prompt's hash each

/** @returns a real PNG (8-bit RGB) whose pattern depends on the words alone. */
export function drawPicture(words: string, palette: string, width: number, height: number): Uint8Array {
  const bits = createHash('sha256').update(words).digest();
  const [red, green, blue] = PALETTES[palette] ?? [128, 128, 128];
  const rows = Buffer.alloc(height * (1 + width * 3)); // each row starts with filter byte 0
  for (let y = 0; y < height; y++) {
    const row = bits[Math.floor((y * CELLS) / height)] ?? 0;
    for (let x = 0; x < width; x++) {
      const isLit = ((row >> Math.floor((x * CELLS) / width)) & 1) === 1;
      const shade = isLit ? 1 : 0.35;
      rows.set([red * shade, green * shade, blue * shade], y * (1 + width * 3) + 1 + x * 3);
    }
  }
  return png(width, height, rows);
}

function png(width: number, height: number, rows: Buffer): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8); // 8 bit, RGB, deflate, adaptive filter, no interlace
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return new Uint8Array(Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]));
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const frame = Buffer.alloc(body.length + 8);
  frame.writeUInt32BE(data.length, 0);
  frame.set(body, 4);
  frame.writeUInt32BE(crc32(body), body.length + 4);
  return frame;
}
