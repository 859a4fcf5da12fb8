/*
 * What this is: files that only this installation can read, turned into something Replicate can read: a data URL up to
 * 256 kB, else a copy on its files API (kept 24 hours there).
 * Invariant: nothing but such files changes between the approved input and the one that is sent.
 */
import { createHash } from 'node:crypto';
import { isJsonObject, type InputFile, type Json, type JsonObject, type OpenInput } from '@countersign/core';

const INLINE_BYTES = 256_000; // the API reference's line between data URL and files API
const MAX_FILE_BYTES = 100_000_000; // what the files API takes
const MAX_FILES = 100; // per launch: no model takes more pictures
const MAX_NAME_BYTES = 255; // files API
const LIST_SEPARATORS = ['\n', ','] as const; // some models take many URLs in one string

export interface OwnFiles {
  openInput: OpenInput;
  isOwnFile(url: string): boolean;
}

export type Upload = (file: File) => Promise<string>;

/** Carries the form field the trouble is about; `message` may be shown to the requester. */
export class FileTrouble extends Error {
  constructor(readonly field: string, message: string) {
    super(message);
  }
}

/** @throws FileTrouble when a file cannot be opened or is too large; whatever `upload` throws. */
export async function handOver(input: JsonObject, files: OwnFiles, upload: Upload): Promise<JsonObject> {
  let count = 0;
  const leaf = async (text: string, field: string): Promise<string> => {
    const list = ownUrls(text, files);
    if (!list) return text;
    count += list.urls.length;
    if (count > MAX_FILES) throw new FileTrouble(field, `More than ${MAX_FILES} files in one run.`);
    const handed: string[] = [];
    for (const url of list.urls) {
      // A data URL holds a comma: inside a list only an uploaded copy will do.
      handed.push(files.isOwnFile(url) ? await handOverOne(url, field, { files, upload, mayInline: list.separator === null }) : url);
    }
    return handed.join(list.separator ?? '');
  };
  const walk = async (value: Json, field: string): Promise<Json> => {
    if (typeof value === 'string') return leaf(value, field);
    if (Array.isArray(value)) return inOrder(value, (each) => walk(each, field));
    if (!isJsonObject(value)) return value;
    const members = await inOrder(Object.entries(value), async ([key, each]) => [key, await walk(each, field === '' ? key : field)] as const);
    return Object.fromEntries(members);
  };
  return (await walk(input, '')) as JsonObject;
}

/** The URLs in a string that holds one of ours alone or in a list of URLs; null when it holds none. */
export function ownUrls(text: string, files: OwnFiles): { urls: string[]; separator: string | null } | null {
  if (files.isOwnFile(text)) return { urls: [text], separator: null };
  if (text.startsWith('data:')) return null;
  for (const separator of LIST_SEPARATORS) {
    const urls = text.split(separator).map((each) => each.trim());
    const isList = urls.length > 1 && urls.some((each) => files.isOwnFile(each)) && urls.every((each) => files.isOwnFile(each) || /^https?:\/\/\S+$/.test(each));
    if (isList) return { urls, separator };
  }
  return null;
}

export async function readWhole(file: InputFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of file.read()) {
    bytes += chunk.byteLength;
    if (bytes > MAX_FILE_BYTES) throw new Error(`The file is larger than ${MAX_FILE_BYTES / 1_000_000} MB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function handOverOne(url: string, field: string, how: { files: OwnFiles; upload: Upload; mayInline: boolean }): Promise<string> {
  let file: InputFile;
  let bytes: Buffer;
  try {
    file = await how.files.openInput(url);
    if ((file.bytes ?? 0) > MAX_FILE_BYTES) throw new Error(`The file is larger than ${MAX_FILE_BYTES / 1_000_000} MB.`);
    bytes = await readWhole(file);
  } catch (error) {
    throw new FileTrouble(field, error instanceof Error ? error.message : String(error));
  }
  if (how.mayInline && bytes.byteLength <= INLINE_BYTES) return `data:${file.mime};base64,${bytes.toString('base64')}`;
  return how.upload(new File([new Uint8Array(bytes)], fileName(file.name), { type: file.mime }));
}

function fileName(name: string | null): string {
  const clean = (name ?? 'file').replace(/[^\w.-]+/g, '_');
  return clean.slice(-MAX_NAME_BYTES) || 'file';
}

/** One after the other: at most one file is held in memory twice. */
async function inOrder<T, R>(list: T[], each: (value: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const value of list) done.push(await each(value));
  return done;
}
