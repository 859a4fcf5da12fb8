import type { Attachment, ConversationMessage, FileObservation, Form, Json, JsonObject } from '@countersign/core';
import { requestOf } from '../testing/request-of';
import { validate } from '../validate';

const MIME: Record<string, string> = {
  png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', mp3: 'audio/mpeg', wav: 'audio/wav', m4a: 'audio/mp4', mp4: 'video/mp4', mov: 'video/quicktime',
  pdf: 'application/pdf', zip: 'application/zip', txt: 'text/plain', jsonl: 'application/jsonl', safetensors: 'application/octet-stream', gif: 'image/gif', mid: 'audio/midi', glb: 'model/gltf-binary',
};
const HOST = 'https://files.example.org/u/';

/** The address of a file of that name. */
export const at = (name: string): string => HOST + name;

/**
 * A request and its one right answer, decided from the specification before the code was run.
 * Ready: `input` is exact and stands for the mapping and the prompt field as well. Blocked: `errors` are all of them,
 * written "field code"; of a group that needs one of several, the first field stands for all.
 */
export interface RightAnswer {
  id: string;
  model: string;
  prompt?: string;
  /** Names of attached files; the address and the MIME type follow from the name. */
  files?: readonly (string | Attachment)[];
  params?: JsonObject;
  edits?: JsonObject;
  conversation?: readonly ConversationMessage[];
  observations?: readonly FileObservation[];
  input?: JsonObject;
  errors?: readonly string[];
  /** Fields of which a repair is listed. */
  fixed?: readonly string[];
  dropped?: readonly string[];
  warnings?: readonly string[];
  /** Where a blocked request's files went; of a ready one it follows from the input. */
  mapped?: JsonObject;
}

function attachmentOf(file: string | Attachment): Attachment {
  return typeof file === 'string' ? { url: at(file), name: file, mime: MIME[file.slice(file.lastIndexOf('.') + 1)] } : file;
}

function mappedBy(input: JsonObject, files: readonly Attachment[], given: ReadonlySet<string>): JsonObject {
  const nameOf = new Map(files.map((file) => [file.url, file.name ?? file.url]));
  const entries = Object.entries(input).filter(([field]) => !given.has(field)).flatMap(([field, value]): [string, Json][] => {
    const urls = Array.isArray(value) ? value : typeof value === 'string' && value.includes(`,${HOST}`) ? value.split(',') : [value];
    const names = urls.map((url) => nameOf.get(String(url)));
    return names.every((name) => name !== undefined) && names.length > 0 ? [[field, Array.isArray(value) || urls.length > 1 ? names : names[0] as string]] : [];
  });
  return Object.fromEntries(entries);
}

/** What stands against the answer, in words; empty when the report is the right one. */
export function differences(form: Form | null, right: RightAnswer): string[] {
  const files = (right.files ?? []).map(attachmentOf);
  const report = validate(form, requestOf({
    prompt: right.prompt ?? '', attachments: files, parameters: right.params ?? {}, edits: right.edits ?? {}, conversation: [...right.conversation ?? []], observations: [...right.observations ?? []],
  }));
  const issues = report.summary.checkpoints.flatMap((checkpoint) => checkpoint.issues);
  const named = (severity: string): string[] => issues.filter((issue) => issue.severity === severity).map((issue) => `${issue.field} ${issue.code}`).sort();
  const found: string[] = [];
  const compare = (what: string, is: unknown, should: unknown): void => {
    if (stable(is) !== stable(should)) found.push(`${what}: ${stable(is)} instead of ${stable(should)}`);
  };
  const wanted = [...right.errors ?? []].sort();
  const mayBeMissing = new Set(wanted.filter((one) => /(?:not_a_url|wrong_media_type|ambiguous_attachment)$/.test(one)).map((one) => `${one.split(' ')[0]} missing_required`));
  compare('errors', named('error').filter((one) => wanted.includes(one) || !mayBeMissing.has(one)), wanted);
  compare('ready', report.ready, right.errors === undefined);
  for (const warning of right.warnings ?? []) if (!named('warning').includes(warning)) found.push(`no warning ${warning}`);
  if (right.input) {
    compare('input', report.input, right.input);
    compare('fixes', report.fixes.map((fix) => fix.field).sort(), [...right.fixed ?? []].sort());
    compare('dropped', [...report.dropped].sort(), [...right.dropped ?? []].sort());
    const given = new Set([...Object.keys(right.params ?? {}), ...Object.keys(right.edits ?? {}), ...right.fixed ?? []]);
    const seen = Object.fromEntries(Object.entries(report.mapping).filter(([field]) => !given.has(field)));
    const byUrl = Object.values(right.input).some((value) => typeof value === 'string' && files.every((file) => file.url !== value) && value.startsWith('http'));
    if (!byUrl) compare('mapping', seen, mappedBy(right.input, files, given));
    const place = Object.entries(right.input).find(([, value]) => value === right.prompt && right.prompt !== '')?.[0];
    if (right.prompt !== undefined && !right.prompt.includes('http')) compare('prompt field', report.promptField, place ?? null);
  }
  if (right.mapped) compare('mapping', report.mapping, right.mapped);
  return found;
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, node: unknown) => (node !== null && typeof node === 'object' && !Array.isArray(node) ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1))) : node)) ?? 'nothing';
}
