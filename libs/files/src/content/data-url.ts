import { FileError } from '@countersign/core';
import type { InputFile } from '@countersign/core';
import { describeFile } from './describe-file';
import { HEAD_BYTES } from './sniff';

/** RFC 2397. The data itself is not matched here: it may be megabytes. */
const HEADER = /^data:([^,;]{0,200})((?:;[^,;]{0,200}){0,5}),/i;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

export function isDataUrl(url: string): boolean {
  return /^data:/i.test(url);
}

/**
 * @returns the file inside a `data:` URL; its type is told from the bytes, else taken from the URL.
 * @throws FileError `not_a_url` when it is not well formed, `file_too_large` before anything is decoded.
 */
export function readDataUrl(url: string, maxBytes: number): InputFile {
  const [header, mime = '', parameters = ''] = HEADER.exec(url) ?? [];
  if (header === undefined) throw new FileError('not_a_url', 'This data URL is not well formed.');
  const bytes = /;\s*base64\s*$/i.test(parameters)
    ? fromBase64(url.slice(header.length), maxBytes)
    : fromPercent(url.slice(header.length), maxBytes);
  return {
    mime: describeFile(bytes.subarray(0, HEAD_BYTES), bytes.byteLength, mime).mime,
    bytes: bytes.byteLength,
    name: null,
    read: async function* () { yield bytes; },
  };
}

function fromBase64(text: string, maxBytes: number): Uint8Array {
  const tooLong = Math.ceil(maxBytes / 3) * 4 * 3; // every character may be percent-encoded as three
  if (text.length > tooLong) throw tooLarge(maxBytes);
  const data = (text.includes('%') ? decodePercent(text).toString('latin1') : text).replace(/\s+/g, '').replaceAll('-', '+').replaceAll('_', '/');
  if (!BASE64.test(data) || data.replace(/=+$/, '').length % 4 === 1) throw new FileError('not_a_url', 'The data URL does not hold valid base64.');
  if (Buffer.byteLength(data, 'base64') > maxBytes) throw tooLarge(maxBytes);
  return Buffer.from(data, 'base64');
}

function fromPercent(text: string, maxBytes: number): Uint8Array {
  if (text.length > maxBytes * 3) throw tooLarge(maxBytes);
  const bytes = decodePercent(text);
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

/** Percent-decoding to bytes, as URLs mean it: decodeURIComponent() refuses bytes that are not UTF-8. */
function decodePercent(text: string): Buffer {
  const source = Buffer.from(text, 'utf8');
  const bytes = Buffer.alloc(source.byteLength);
  let length = 0;
  for (let at = 0; at < source.byteLength; at++) {
    const code = source[at] === PERCENT ? source.toString('latin1', at + 1, at + 3) : '';
    const isCode = /^[0-9a-f]{2}$/i.test(code);
    bytes[length++] = isCode ? Number.parseInt(code, 16) : (source[at] ?? 0);
    if (isCode) at += 2;
  }
  return bytes.subarray(0, length);
}

const PERCENT = 0x25;

function tooLarge(maxBytes: number): FileError {
  return new FileError('file_too_large', `The file is larger than ${maxBytes} bytes.`);
}
