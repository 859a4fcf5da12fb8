import { FileError } from '@countersign/core';
import type { FileErrorCode, FileObservation, InputFile } from '@countersign/core';
import { sizeOfPicture } from './picture-size';
import { HEAD_BYTES, UNKNOWN_TYPE, sniff } from './sniff';

const OUTCOMES: Record<FileErrorCode, Exclude<FileObservation['outcome'], 'ok'>> = {
  not_a_url: 'not_a_url', address_not_allowed: 'not_allowed', file_unreachable: 'unreachable', file_too_large: 'too_large',
};
/** What text can never be, whatever a server says of its error page. SVG is text; so are some play lists of sound and film. */
const NEVER_TEXT = /^image\/(?!svg\+xml$)/;
const MEDIA_TYPE = /^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*/;

/** What the head of a file tells; a claimed type counts only where the bytes say nothing better. */
export function describeFile(head: Uint8Array, bytes: number | null, claimed?: string): { mime: string; bytes: number | null; width?: number; height?: number } {
  const seen = sniff(head);
  const isVague = seen === UNKNOWN_TYPE || seen === 'text/plain' || seen === 'application/zip';
  const said = MEDIA_TYPE.exec(claimed?.toLowerCase() ?? '')?.[0];
  const isWrong = seen === 'text/plain' && said !== undefined && NEVER_TEXT.test(said);
  return { mime: isVague && !isWrong ? (said ?? seen) : seen, bytes, ...sizeOfPicture(head) };
}

/** An observation of a file that could not be had. Unknown errors count as unreachable, and keep their words to themselves. */
export function notHad(url: string, error: unknown): FileObservation {
  if (error instanceof FileError) return { url, outcome: OUTCOMES[error.code], detail: error.message };
  return { url, outcome: 'unreachable', detail: 'The file cannot be read.' };
}

/** @returns the first HEAD_BYTES of a stream, which is then closed. */
export async function takeHead(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const head = Buffer.alloc(HEAD_BYTES);
  let bytes = 0;
  for await (const chunk of stream) {
    head.set(chunk.subarray(0, HEAD_BYTES - bytes), bytes);
    bytes = Math.min(HEAD_BYTES, bytes + chunk.byteLength);
    if (bytes === HEAD_BYTES) break;
  }
  return head.subarray(0, bytes);
}

export async function observeFile(url: string, file: InputFile): Promise<FileObservation> {
  return { url, outcome: 'ok', ...describeFile(await takeHead(file.read()), file.bytes, file.mime), ...(file.name === null ? {} : { name: file.name }) };
}

/** @returns the last part of the path, null when it has none that could be a name. */
export function nameOf(url: string): string | null {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    const name = decodeURIComponent(last).replace(/[\p{Cc}/\\]/gu, '').slice(0, MAX_NAME_LENGTH);
    return name === '' ? null : name;
  } catch {
    return null;
  }
}

const MAX_NAME_LENGTH = 200; // characters; what file systems take with room for an ending
