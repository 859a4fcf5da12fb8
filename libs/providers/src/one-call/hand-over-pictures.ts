/*
 * What this is: files only this installation can read, turned into data URLs; every other address goes as it was approved.
 */
import type { Form, Json, JsonObject, OpenInput } from '@countersign/core';
import { FieldTrouble } from './one-call-model';

const MAX_FILE_BYTES = 20_000_000; // of one picture: above what these APIs take
const MAX_TOTAL_BYTES = 30_000_000; // of all: Anthropic takes requests of 32 MB, OpenAI of 50

export interface OurFiles {
  openInput: OpenInput;
  isOwnFile(url: string): boolean;
}

/** @throws FieldTrouble when a file cannot be opened or is too large. */
export async function handOverPictures(input: JsonObject, form: Form, files: OurFiles): Promise<JsonObject> {
  const handed: JsonObject = { ...input };
  const room = { bytes: MAX_TOTAL_BYTES };
  for (const { name, role } of form.fields) {
    const value = input[name];
    if (role.kind !== 'file' || value === undefined) continue;
    const one = async (each: Json): Promise<Json> => (typeof each === 'string' && files.isOwnFile(each) ? asDataUrl(each, name, files, room) : each);
    if (!Array.isArray(value)) handed[name] = await one(value);
    else {
      const list: Json[] = [];
      for (const each of value) list.push(await one(each));
      handed[name] = list;
    }
  }
  return handed;
}

async function asDataUrl(url: string, field: string, files: OurFiles, room: { bytes: number }): Promise<string> {
  try {
    const file = await files.openInput(url);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of file.read()) {
      bytes += chunk.byteLength;
      if (bytes > MAX_FILE_BYTES || bytes > room.bytes) throw new FieldTrouble(field, 'file_too_large', `The files of “${field}” are too large to be sent: at most ${MAX_FILE_BYTES / 1e6} MB each, ${MAX_TOTAL_BYTES / 1e6} MB in all.`);
      chunks.push(chunk);
    }
    room.bytes -= bytes;
    return `data:${file.mime};base64,${Buffer.concat(chunks).toString('base64')}`;
  } catch (error) {
    if (error instanceof FieldTrouble) throw error;
    throw new FieldTrouble(field, 'file_unreachable', error instanceof Error ? error.message : String(error));
  }
}
