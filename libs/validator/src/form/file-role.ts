import type { FieldRole, FormField, JsonObject, MediaKind } from '@countersign/core';
import { resolveSchema } from './resolve-schema';
import { wordsOf, wordsOfText } from './name-words';
import { mediaOfWord, SUBJECT_MEDIA_WORDS } from '../rules/media.rules';
import { GENERIC_FILE_WORDS, USE_WORDS, type FileUse } from '../rules/file-use.rules';
import type { ModelFamily } from '../rules/families.rules';

type FileRole = Extract<FieldRole, { kind: 'file' }>;
const TEXT_READ = 600; // characters of a description that are read
const URL_WORDS = ['url', 'urls', 'uri', 'uris'];
const LINK_WORDS = ['link', 'links'];
/** A URL of a page or a service, which no attached file can stand for. */
const PAGE_WORDS = ['youtube', 'webpage', 'website', 'webhook', 'callback', 'page', 'github', 'repo', 'repository', 'channel', 'profile', 'route', 'endpoint', 'huggingface', 'civitai', 'spotify', 'tiktok'];
/** Words that make a plain string with "url" in its text something looser than a URL. */
const LOOSE_WORDS = ['owner', 'id', 'ids', 'username', 'slug', 'name'];
const FILE_FORMATS = ['uri', 'url', 'data-url', 'uri-reference', 'binary'];

function has(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((word) => words.includes(word));
}

/** How the field holds its file, or null when it is no file field. */
function fileShape(field: Pick<FormField, 'name' | 'type' | 'enum' | 'description'>, schema: JsonObject, root: JsonObject): FileRole['shape'] | null {
  const name = wordsOf(field.name);
  if (field.enum || schema['x-cog-secret'] === true) return null;
  if (field.type === 'array') {
    const items = resolveSchema(schema['items'], root);
    if (FILE_FORMATS.includes(String(items['format']))) return 'url_list';
    const plain = items['type'] === 'string' && !items['enum'];
    return plain && has(name, URL_WORDS) && !has(name, PAGE_WORDS) ? 'url_list' : null;
  }
  if (field.type !== 'string') return null;
  if (FILE_FORMATS.includes(String(schema['format']))) return has(name, ['webhook', 'callback']) ? null : 'url';
  const text = wordsOfText(field.description, TEXT_READ);
  const named = has(name, URL_WORDS) || has(name, LINK_WORDS);
  const media = name.some((word) => mediaOfWord(word) !== undefined) && !has(name, ['prompt', 'text', 'size', 'format', 'style', 'id', 'name', 'type', 'language', 'description']);
  const described = has(text, URL_WORDS) && media;
  if (!(named || described) || has(name, PAGE_WORDS) || has(text, PAGE_WORDS) || (!named && has(text, LOOSE_WORDS))) return null;
  if (named && has(text, ['owner', 'username'])) return null;
  const joined = ` ${text.join(' ')} `;
  if (joined.includes(' comma separated ') || joined.includes(' separated by comma')) return 'comma_list';
  if (joined.includes(' one per line ') || joined.includes(' newline separated ') || joined.includes(' separated by newline') || joined.includes(' separated by new line') || joined.includes(' each on a new line ') || joined.includes(' one url per line ')) return 'line_list';
  return 'url';
}

/** The kinds that stand on both sides of an "or": "audio or video file", "can be video.mp4 or picture.png". */
function joinedByOr(words: readonly string[]): MediaKind[] {
  const kindsOf = (part: readonly string[]): MediaKind[] => part.map(mediaOfWord).filter((kind) => kind !== undefined);
  return words.flatMap((word, at) => {
    if (word !== 'or') return [];
    const left = kindsOf(words.slice(Math.max(0, at - 3), at)), right = kindsOf(words.slice(at + 1, at + 4));
    return left.length > 0 && right.some((kind) => !left.includes(kind)) ? [...new Set([...left, ...right])] : [];
  });
}

const PACKED = ['zip', 'zipped', 'tar', 'tgz'];
const OPENING = 10; // words that say what a file is

/** "A zip file containing the images": however the field is called, one archive is wanted. */
function saysArchive(words: readonly string[]): boolean {
  const opening = words.slice(0, OPENING);
  return opening.some((word, at) => PACKED.includes(word) && (at <= 3 || ['file', 'archive', 'of', 'containing', 'with'].includes(opening[at + 1] ?? '')));
}

/** "A single image or zip folder": many may come in one archive. */
function orPacked(words: readonly string[]): boolean {
  return words.some((word, at) => word === 'or' && words.slice(Math.max(0, at - 3), at + 4).some((near) => PACKED.includes(near)));
}

/** Name first, then description, then what the model's family works on. */
function mediaOf(nameWords: readonly string[], textWords: readonly string[], family: ModelFamily | null): { media: MediaKind; also: MediaKind[] } {
  const stated = [...new Set(textWords.map(mediaOfWord).filter((kind) => kind !== undefined))];
  const telling = nameWords.filter((word) => mediaOfWord(word) !== undefined);
  const plainly = textWords.slice(0, OPENING).filter((word) => !SUBJECT_MEDIA_WORDS.has(word)).map(mediaOfWord).find((kind) => kind === 'image' || kind === 'audio' || kind === 'video');
  const shows = telling.length > 0 && telling.every((word) => SUBJECT_MEDIA_WORDS.has(word));
  const named = (shows ? plainly : undefined) ?? mediaOfWord(telling.at(-1) ?? '');
  if (saysArchive(textWords)) return { media: 'archive', also: joinedByOr(textWords.slice(0, 24)).filter((kind) => kind !== 'archive') };
  const also = joinedByOr(textWords.slice(0, 24)).filter((kind) => kind !== named && (kind !== 'archive' || orPacked(textWords.slice(0, 24))) && kind !== 'document');
  if (named) return { media: named, also };
  const needed = family?.needsFiles.find((kind) => kind !== 'any');
  const first = stated[0];
  if (first) return { media: first, also: also.filter((kind) => kind !== first) };
  return { media: needed ?? 'any', also: [] };
}

function useOf(nameWords: readonly string[], textWords: readonly string[]): FileUse | undefined {
  const telling = nameWords.filter((word) => word !== 'input');
  for (const [use, words] of USE_WORDS) if (has(telling, words)) return use;
  if (textWords[0] === 'control' && textWords[1] === 'image') return nameWords.every((word) => GENERIC_FILE_WORDS.has(word)) ? undefined : 'control';
  const bare = nameWords.every((word) => GENERIC_FILE_WORDS.has(word));
  if (!bare) return undefined;
  const opening = textWords.slice(0, 8); // a generic name is explained by the first words, or not at all
  for (const [use, words] of USE_WORDS) {
    if ((use === 'mask' || use === 'target' || use === 'source') && has(opening, words)) return use;
    if (use === 'end_frame' && has(opening, words) && has(opening, ['frame'])) return use;
    if (use === 'start_frame' && has(opening, words) && has(opening, ['frame'])) return use;
  }
  return undefined;
}

const COUNTED = ['images', 'image', 'pictures', 'photos', 'files', 'references', 'videos', 'reference', 'input'];

/** How many files a list takes by its description: "up to 3 reference images", "1-10 images", "at most 4 files". */
export function mostFiles(description: string): number | undefined {
  const words = wordsOfText(description, TEXT_READ);
  const found = words.map((word, at) => {
    const before = words.slice(Math.max(0, at - 2), at).join(' ');
    const bounded = ['up to', 'at most', 'maximum of', 'limit of'].some((phrase) => before === phrase || before.endsWith(` ${phrase}`)) || /\bmax(?:imum)?$/.test(before) || /^[0-9]{1,2}$/.test(words[at - 1] ?? '');
    return /^[1-9][0-9]?$/.test(word) && bounded && COUNTED.includes(words[at + 1] ?? '') ? Number(word) : undefined;
  }).filter((count) => count !== undefined);
  return found.length === 1 ? found[0] : undefined;
}

const SLASH = /([a-z]{3,12}) ?\/ ?(?=[a-z]{3,12})/gi; // "video/image that contains faces": two kinds, one or the other

/** The role of a file field, or null when the field holds no file. */
export function fileRole(field: Pick<FormField, 'name' | 'type' | 'enum' | 'description'>, schema: JsonObject, root: JsonObject, family: ModelFamily | null): FileRole | null {
  const shape = fileShape(field, schema, root);
  if (!shape) return null;
  const nameWords = wordsOf(field.name);
  const textWords = wordsOfText(field.description.slice(0, TEXT_READ).replace(SLASH, '$1 or '), TEXT_READ);
  const { media, also } = mediaOf(nameWords, textWords, family);
  const use = media === 'archive' ? undefined : useOf(nameWords, textWords);
  return { kind: 'file', media, shape, ...(use ? { use } : {}), ...(also.length > 0 ? { also } : {}) };
}
