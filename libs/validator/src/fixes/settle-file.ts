import type { FileObservation, FormField, Issue, Json } from '@countersign/core';
import { fileNameOf, isFileUrl, isOwnAddress, mediaOfUrl } from '../mapping/file-url';
import { issueOf, shown } from '../issue';
import { mediaFits } from '../rules/media.rules';
import { typeIssue } from './limit-issues';
import { ABSENT, countIssue, isBlank, problem, type Settled } from './settle-value';
import { unsendable } from './well-formed-value';

/** What is known about a file beside its address. */
export interface KnownFile { observation?: FileObservation; mime?: string; name?: string }
export type FileFacts = (url: string) => KnownFile;

const KIND_WORDS: Record<string, string> = { image: 'an image', audio: 'an audio file', video: 'a video', archive: 'an archive', document: 'a document or data file', any: 'a file' };
export function kindInWords(kind: string): string {
  return KIND_WORDS[kind] ?? 'a file';
}

export function wrongMediaIssue(field: FormField, name: string, given: string): Issue {
  const wanted = field.role.kind === 'file' ? field.role.media : 'any';
  return issueOf('wrong_media_type', field.name, {
    issue: 'wrong kind of file', message: `“${field.label}” (${field.name}) needs ${kindInWords(wanted)}; ${name} is ${kindInWords(given)}.`,
    fix: `Give ${kindInWords(wanted)} for ${field.name}.`, details: { attachment: shown(name), given, expected: wanted },
  });
}

const OUTCOMES = {
  unreachable: ['file_unreachable', 'not reachable', 'could not be fetched', 'Check that the address is right and open to the public, or upload the file.'],
  not_allowed: ['address_not_allowed', 'address not allowed', 'points to an address that is not allowed', 'Use a public http(s) address, or upload the file.'],
  too_large: ['file_too_large', 'too large', 'is larger than allowed', 'Use a smaller file.'],
  not_a_url: ['not_a_url', 'not an address', 'is not an address a provider can fetch', 'Give an http(s) address, or upload the file.'],
} as const;

/** What is wrong with one file in one field; null when nothing is. */
function fileIssue(field: FormField, url: string, known: KnownFile): Issue | null {
  const name = known.name ?? fileNameOf(url);
  if (!isFileUrl(url)) {
    return issueOf('not_a_url', field.name, {
      issue: 'not an address', message: `“${field.label}” (${field.name}) must be an http(s) address or a data URL; a provider cannot read ${JSON.stringify(shown(url))}.`,
      fix: `Upload the file, or give its http(s) address, for ${field.name}.`, details: { given: shown(url) },
    });
  }
  if (known.observation && known.observation.outcome !== 'ok') {
    const [code, issue, words, fix] = OUTCOMES[known.observation.outcome];
    return issueOf(code, field.name, { issue, message: `The file for “${field.label}” (${field.name}), ${shown(name)}, ${words}.`, fix, details: { attachment: shown(name), reason: shown(known.observation.detail) } });
  }
  const media = mediaOfUrl(url, known);
  if (field.role.kind !== 'file' || mediaFits(media, field.role.media, field.role.also)) return null;
  return wrongMediaIssue(field, String(shown(name)), media ?? 'any');
}

const MAX_LIST_TEXT = 100_000; // characters of a text that is read as a list of addresses
const STARTS = ['http://', 'https://', 'data:'];

function startsUrl(text: string): boolean {
  const start = text.slice(0, 8).toLowerCase();
  return STARTS.some((scheme) => start.startsWith(scheme)) || isOwnAddress(text);
}

/** A text that holds several addresses, split where each part surely starts a new one; a comma inside an address stays. */
function splitUrls(text: string): string[] | null {
  if (text.length > MAX_LIST_TEXT) return null;
  const urls: string[] = [];
  for (const part of text.replaceAll('\n', ',').split(',')) {
    const bare = part.trim();
    if (bare === '') continue;
    const last = urls.at(-1);
    if (startsUrl(bare)) urls.push(bare);
    else if (last !== undefined) urls[urls.length - 1] = `${last},${part}`;
    else return null;
  }
  return urls.length > 1 ? urls : null;
}

/** The value of a file field: each address checked, the shape the field wants given to it. */
export function settleFile(field: FormField, raw: Json, facts: FileFacts): Settled {
  if (field.role.kind !== 'file') return problem(typeIssue(field, raw));
  const broken = unsendable(raw);
  if (broken) return problem(typeIssue(field, null, broken));
  if (isBlank(field, raw)) return ABSENT;
  if (raw === null) return { kind: 'value', value: null, rules: [] };
  const { shape } = field.role;
  const isList = Array.isArray(raw);
  const many = isList ? raw : typeof raw === 'string' && shape !== 'url' && !raw.startsWith('data:') ? splitUrls(raw) ?? [raw] : [raw];
  if (!many.every((url) => typeof url === 'string')) return problem(typeIssue(field, raw));
  const urls = (many as string[]).map((url) => url.trim()).filter((url) => url !== '');
  const issues = urls.map((url) => fileIssue(field, url, facts(url))).filter((issue) => issue !== null);
  if (shape === 'url' && urls.length > 1) issues.push(tooManyFiles(field, urls.length, 1));
  const count = shape === 'url_list' ? countIssue(field, urls.length) : null;
  if (count) issues.push(count);
  if (issues.length > 0) return { kind: 'issues', issues };
  const trimmed = isList && JSON.stringify(urls) !== JSON.stringify(many) || (typeof raw === 'string' && shape === 'url' && urls[0] !== raw) ? ['blanks'] : [];
  if (shape === 'url_list') return { kind: 'value', value: urls, rules: isList ? trimmed : ['value_to_list'] };
  if (shape === 'url') return { kind: 'value', value: urls[0] ?? '', rules: [...(isList ? ['list_of_one_to_value'] : []), ...trimmed] };
  return { kind: 'value', value: isList ? joinUrls(field, urls) : String(raw), rules: isList ? ['list_to_text'] : [] };
}

/** Several addresses as the one text the field wants. */
export function joinUrls(field: FormField, urls: readonly string[]): string {
  return urls.join(field.role.kind === 'file' && field.role.shape === 'line_list' ? '\n' : ',');
}

export function tooManyFiles(field: Pick<FormField, 'name' | 'label'>, given: number, max: number): Issue {
  return issueOf('too_many_files', field.name, {
    issue: 'too many files', message: max === 0 ? `The model takes no files; ${given} ${given === 1 ? 'was' : 'were'} attached.` : `“${field.label}” (${field.name}) takes ${max === 1 ? 'one file' : `at most ${max} files`}; ${given} were given.`,
    fix: max === 0 ? 'Take the file away, or choose a model that takes it.' : `Keep ${max === 1 ? 'one file' : `at most ${max} files`}.`, details: { given, max },
  });
}
