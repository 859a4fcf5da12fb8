import { filetypeinfo } from 'magic-bytes.js';
import { typeBySignature } from './signatures';

/** As much of a file as sniff() needs: a tar says what it is at byte 257, the rest is for telling text from data. */
export const HEAD_BYTES = 4_100;

export const UNKNOWN_TYPE = 'application/octet-stream';

/** Types that a browser shows without running anything inside them. */
const INLINE_SAFE = /^(?:image\/(?:png|jpeg|gif|webp|avif)|audio\/[\w.+-]+|video\/[\w.+-]+|text\/plain|application\/json)$/;

/** What a general table may say about a file that is neither known media nor text. */
const BELIEVED = /^(?:image|audio|video|font)\/|^application\/(?:vnd|x)[.-]/;

/** @returns false when it must be served as a download: unknown, or something that a browser would run (SVG, HTML, XML). */
export function isInlineSafe(mime: string): boolean {
  return INLINE_SAFE.test(mime);
}

/**
 * @param head the first HEAD_BYTES of a file, or all of it when it is shorter.
 * @returns its media type, told from the bytes alone. HTML and XML come out as `text/plain`; SVG as `image/svg+xml`.
 */
export function sniff(head: Uint8Array): string {
  if (head.byteLength === 0) return UNKNOWN_TYPE;
  return typeBySignature(head) ?? typeOfText(head) ?? typeByTable(head);
}

function typeByTable(head: Uint8Array): string {
  const guess = filetypeinfo(head).find(({ mime }) => mime !== undefined && BELIEVED.test(mime));
  return guess?.mime ?? UNKNOWN_TYPE;
}

function typeOfText(head: Uint8Array): string | null {
  const text = textOf(head);
  if (text === null) return null;
  const start = text.replace(/^\uFEFF/, '').trimStart();
  if (isSvg(start)) return 'image/svg+xml';
  return isJson(start, head.byteLength < HEAD_BYTES) ? 'application/json' : 'text/plain';
}

/** @returns null for anything that is not readable UTF-8 text; a character cut in two at the end is forgiven. */
function textOf(head: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: head.byteLength >= HEAD_BYTES });
    return /[\0-\x08\x0b\x0e-\x1a\x1c-\x1f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function isSvg(start: string): boolean {
  if (!start.startsWith('<')) return false;
  const root = /<(?![?!])([\w:-]+)/.exec(start.replace(/<!--[\s\S]*?-->/g, ''))?.[1];
  return root !== undefined && /^(?:\w+:)?svg$/i.test(root);
}

function isJson(start: string, isWhole: boolean): boolean {
  if (!/^[[{]/.test(start)) return false;
  if (!isWhole) return /^(?:\{\s*"(?:[^"\\]|\\.)*"\s*:|\[\s*(?:[[{"\d-]|true|false|null))/.test(start);
  try {
    JSON.parse(start);
    return true;
  } catch {
    return false;
  }
}
