import type { CrossFieldRule, FormField, MediaKind } from '@countersign/core';
import { GENERIC_FILE_WORDS } from '../rules/file-use.rules';
import { mediaFits, mediaOfWord } from '../rules/media.rules';
import { wordsOf, wordsOfText } from './name-words';

const READ = 600; // characters of a description that are read

/** What a text field beside a file is called when it holds the same thing in words: `qr_code_image`, `qr_code_content`. */
const CONTENT_WORDS: ReadonlySet<string> = new Set(['content', 'contents', 'text', 'data', 'value', 'string', 'payload']);

function sharedWords(field: FormField, spare: ReadonlySet<string>): string {
  return wordsOf(field.name).filter((word) => !spare.has(word)).join(' ');
}

/**
 * A file and a text of one name that is also the model's own: two ways to hand over what the model works on, none of
 * them required, one of them needed. Other pairs (a workspace, a style) may well be left out both.
 * @param about title, name and description of the model
 */
export function twoWays(fields: readonly FormField[], about: string): CrossFieldRule[] {
  const model = ` ${wordsOfText(about, READ).join(' ')} `;
  const open = fields.filter((field) => !field.required && (field.default === undefined || field.default === null || field.default === ''));
  return open.filter((field) => field.role.kind === 'file').flatMap((file): CrossFieldRule[] => {
    const thing = sharedWords(file, GENERIC_FILE_WORDS);
    if (thing === '' || !model.includes(` ${thing} `)) return [];
    const texts = open.filter((field) => field.role.kind !== 'file' && field.role.kind !== 'prompt' && field.type === 'string' && !field.enum && !field.secret
      && wordsOf(field.name).some((word) => CONTENT_WORDS.has(word)) && sharedWords(field, CONTENT_WORDS) === thing);
    return texts.length === 1 && texts[0] ? [{ kind: 'at_least_one', fields: [file.name, texts[0].name], source: `${file.name} or ${texts[0].name}: the ${thing} itself` }] : [];
  });
}

const ASKED_ABOUT = ['about', 'regarding', 'concerning'];
const ARTICLES = ['the', 'an', 'a', 'this', 'your', 'input'];

/** The kind of file that a required question is about: "Question about the image". */
export function askedAbout(prompt: FormField): MediaKind | undefined {
  if (!prompt.required) return undefined;
  const words = wordsOfText(prompt.description, READ);
  const at = words.findIndex((word) => ASKED_ABOUT.includes(word));
  if (at < 0) return undefined;
  const next = words.slice(at + 1).find((word) => !ARTICLES.includes(word));
  return next === undefined ? undefined : mediaOfWord(next);
}

/** The only field that can hold the file a question is about. */
export function fileAskedAbout(prompt: FormField | null, files: readonly FormField[]): FormField | undefined {
  const kind = prompt ? askedAbout(prompt) : undefined;
  const found = kind === undefined ? [] : files.filter((field) => field.role.kind === 'file' && mediaFits(kind, field.role.media, field.role.also));
  return found.length === 1 ? found[0] : undefined;
}
