/*
 * What this is: a prediction's `output`, any JSON, taken apart into files, text and JSON.
 * Invariant: an answer that lacks what the schema promises (null, a missing file) is a doubt for a person, never a
 * silent success: older models report `succeeded` although uploading their output failed.
 */
import { isJsonObject, type Json, type OutputPart, type ProviderOutput } from '@countersign/core';
import { OutputSchema } from './output-schema';

const MAX_DEPTH = 32; // deeper JSON is not a model's answer but an attack on the stack
const MAX_PARTS = 1_000; // more files than anyone can look at

const MIME_BY_ENDING: Record<string, string> = {
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', avif: 'image/avif', svg: 'image/svg+xml',
  wav: 'audio/wav', mp3: 'audio/mpeg', ogg: 'audio/ogg', flac: 'audio/flac', m4a: 'audio/mp4', mp4: 'video/mp4', webm: 'video/webm',
  mov: 'video/quicktime', zip: 'application/zip', json: 'application/json', txt: 'text/plain', srt: 'text/plain', vtt: 'text/vtt',
  csv: 'text/csv', pdf: 'application/pdf', glb: 'model/gltf-binary', ply: 'application/octet-stream',
};

/** @param isOurHost whether openOutput() would open this URL. */
export function readOutput(output: Json, schema: OutputSchema, isOurHost: (url: string) => boolean): ProviderOutput {
  const reader = new OutputReader(isOurHost);
  if (output === null) return { raw: null, parts: [], doubts: ['The model reports success but gave no output.'] };
  const raw = reader.walk(output, schema, '', 0);
  const text = textOf(output, raw, schema, reader.parts.length > 0);
  if (text) reader.parts.push(...text);
  else if (reader.hasRest || reader.parts.length === 0) reader.parts.push({ kind: 'json', pointer: '', value: raw });
  if (isBlank(output, schema)) reader.doubts.push('The model reports success but its answer is empty.');
  return { raw, parts: reader.parts, doubts: reader.doubts };
}

function textOf(output: Json, raw: Json, schema: OutputSchema, hasFiles: boolean): OutputPart[] | null {
  if (hasFiles) return null;
  if (typeof output === 'string') return typeof raw === 'string' && !schema.wantsFile ? [{ kind: 'text', pointer: '', text: output }] : null;
  if (!isTextList(output) || output.length === 0 || schema.item().wantsFile) return null;
  if (schema.isConcatenated || !schema.isKnown) return [{ kind: 'text', pointer: '', text: output.join('') }];
  return output.map((text, index) => ({ kind: 'text', pointer: `/${index}`, text }));
}

function isBlank(output: Json, schema: OutputSchema): boolean {
  if (typeof output === 'string') return output.trim() === '' && !schema.wantsFile;
  if (isTextList(output)) return output.length === 0 || (!schema.item().wantsFile && output.join('').trim() === '');
  return Array.isArray(output) ? output.length === 0 : isJsonObject(output) && Object.keys(output).length === 0;
}

function isTextList(output: Json): output is string[] {
  return Array.isArray(output) && output.every((each) => typeof each === 'string');
}

class OutputReader {
  readonly parts: OutputPart[] = [];
  readonly doubts: string[] = [];
  /** Something besides files was seen. */
  hasRest = false;

  constructor(private readonly isOurHost: (url: string) => boolean) {}

  /** @returns the value with inline files replaced by null. */
  walk(value: Json, schema: OutputSchema, pointer: string, depth: number): Json {
    if (depth > MAX_DEPTH) return this.unread(value);
    if (schema.wantsFile && (value === null || value === '')) {
      if (!schema.isNullable || value === '') this.doubts.push(`The file ${place(pointer)} is missing.`);
      return value;
    }
    if (typeof value === 'string') return this.string(value, schema, pointer);
    if (Array.isArray(value)) return this.list(value, schema.item(), pointer, depth);
    if (isJsonObject(value)) {
      const missing = schema.propertyNames().filter((name) => !Object.hasOwn(value, name) && schema.requires(name) && schema.property(name).wantsFile);
      for (const name of missing) this.doubts.push(`The file ${place(`${pointer}/${escape(name)}`)} is missing.`);
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.walk(each, schema.property(key), `${pointer}/${escape(key)}`, depth + 1)]));
    }
    this.hasRest = true;
    return value;
  }

  private list(value: Json[], item: OutputSchema, pointer: string, depth: number): Json[] {
    const isFileList = value.some((each) => typeof each === 'string' && this.isOurHost(each));
    return value.map((each, index) => {
      const at = `${pointer}/${index}`;
      if (each === null && isFileList && !item.wantsFile) this.doubts.push(`The file ${place(at)} is missing.`);
      return this.walk(each, item, at, depth + 1);
    });
  }

  private string(value: string, schema: OutputSchema, pointer: string): Json {
    if (this.parts.length >= MAX_PARTS) return this.unread(value);
    const inline = readDataUrl(value, schema.wantsFile);
    if (inline) {
      this.parts.push({ kind: 'file', pointer, source: { bytes: inline.bytes }, mime: inline.mime, name: null });
      return null;
    }
    if (this.isOurHost(value)) {
      this.parts.push({ kind: 'file', pointer, source: { url: value }, ...nameAndMime(value) });
      return value;
    }
    if (schema.wantsFile) this.doubts.push(`The file ${place(pointer)} is not on one of the provider's hosts, so it was not fetched.`);
    this.hasRest = true;
    return value;
  }

  private unread(value: Json): Json {
    if (!this.doubts.includes(TOO_MUCH)) this.doubts.push(TOO_MUCH);
    this.hasRest = true;
    return value;
  }
}

const TOO_MUCH = 'The answer is too large to be taken apart whole.';

/** Words that merely begin with `data:` stay words. */
function readDataUrl(value: string, isFile: boolean): { bytes: Uint8Array; mime: string | null } | null {
  const match = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=[^;,]*)*)(;base64)?,/.exec(value.slice(0, 300));
  if (!match || !(match[3] || isFile)) return null;
  const data = value.slice(match[0].length);
  if (match[3]) return { bytes: new Uint8Array(Buffer.from(data, 'base64')), mime: match[1] ?? null };
  try {
    return { bytes: new TextEncoder().encode(decodeURIComponent(data)), mime: match[1] ?? 'text/plain' };
  } catch {
    return null;
  }
}

function nameAndMime(url: string): { name: string | null; mime: string | null } {
  const name = new URL(url).pathname.split('/').pop() ?? '';
  const ending = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return { name: name === '' ? null : name, mime: MIME_BY_ENDING[ending] ?? null };
}

function escape(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function place(pointer: string): string {
  return pointer === '' ? 'of the answer' : pointer;
}
