/** Why a file cannot be had. The codes are the issue codes of the validation report. */
export type FileErrorCode = 'not_a_url' | 'address_not_allowed' | 'file_unreachable' | 'file_too_large';

/** `message` is a sentence for the requester and holds no secret. */
export class FileError extends Error {
  constructor(readonly code: FileErrorCode, message: string) {
    super(message);
    this.name = 'FileError';
  }
}

export interface StoredFile {
  /** Of the content, lower-case hex: the file's name for ever. */
  sha256: string;
  bytes: number;
  /** Told from the bytes alone, never from a name or a header. Never `text/html`. */
  mime: string;
  /** False: serve it as a download only, because a browser would run what is inside (SVG) or nobody knows what it is. */
  inlineSafe: boolean;
}

/** As in an HTTP Range header: `end` is inclusive, absent = to the end; `last` = that many bytes at the end. */
export type FileRange = { start: number; end?: number } | { last: number };

export type OpenedFile =
  /** `start` and `end` are the first and last byte that `stream` gives; for an empty file `end` is -1. */
  | { outcome: 'ok'; bytes: number; start: number; end: number; stream: AsyncIterable<Uint8Array> }
  | { outcome: 'missing' }
  /** The range starts behind the end of the file (HTTP 416). */
  | { outcome: 'bad_range'; bytes: number };

/** Files by content: uploads and kept outputs. The same bytes are stored once, whoever brought them. */
export abstract class ArtifactFiles {
  /**
   * Keeps the bytes durably before it resolves.
   * @throws FileError `file_too_large` as soon as the stream passes `maxBytes`; nothing is kept then, nor when the stream throws.
   */
  abstract put(stream: AsyncIterable<Uint8Array>, limits: { maxBytes: number }): Promise<StoredFile>;
  abstract open(sha256: string, range?: FileRange): Promise<OpenedFile>;
  abstract has(sha256: string): Promise<boolean>;
  /** Nothing happens when there is no such file. */
  abstract remove(sha256: string): Promise<void>;
}

/** @returns first and last byte that the range asks for, null when it starts behind the end. */
export function resolveRange(range: FileRange | undefined, bytes: number): { start: number; end: number } | null {
  if (range === undefined) return { start: 0, end: bytes - 1 };
  if ('last' in range) return range.last <= 0 || bytes === 0 ? null : { start: Math.max(0, bytes - range.last), end: bytes - 1 };
  const end = Math.min(range.end ?? bytes - 1, bytes - 1);
  return range.start < 0 || range.start >= bytes || end < range.start ? null : { start: range.start, end };
}
