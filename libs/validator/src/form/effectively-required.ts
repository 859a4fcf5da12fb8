/*
 * What this is: which fields the model cannot do its job without, whatever its `required` list says.
 * Invariant: a field is only added when that is certain; where one of several fields will do, a group rule says so.
 * To extend: describe a model family in rules/families.rules.ts; come here only for a new kind of need.
 */
import type { CrossFieldRule, FormField, MediaKind } from '@countersign/core';
import { SPECIAL_USES } from '../rules/file-use.rules';
import { mediaFits } from '../rules/media.rules';
import type { ModelFamily } from '../rules/families.rules';
import { defaultKind } from './default-kind';
import { wordsOf, wordsOfText } from './name-words';
import { fileAskedAbout } from './two-ways';

const TEXT_READ = 600; // characters of a description that are read
const OPTIONAL_WORDS = ['optional', 'optionally', 'blank', 'empty'];
/** Words of modes that a model also has: a file for such a mode is not needed, unless the mode is the model's whole work. */
const MODE_WORDS = ['img2img', 'inpaint', 'inpainting', 'controlnet', 'influence', 'guide', 'variation', 'variations', 'variate'];
const OPTIONAL_PHRASES = [' if provided ', ' if given ', ' if set ', ' if specified ', ' if you ', ' if not provided ', ' when provided ', ' if supplied ', ' if any ', ' not needed ', ' not required ', ' not necessary ', ' can be omitted ', ' may be omitted '];
const INSTEAD_PHRASES = [' if not using ', ' instead of ', ' if no ', ' alternative to ', ' alternatively ', ' or provide '];

export interface Needs { required: Set<string>; groups: CrossFieldRule[] }

function textOf(field: FormField): string {
  return ` ${wordsOfText(field.description, TEXT_READ).join(' ')} `;
}

/** Said to be optional in so many words, or described as serving a mode only (which says nothing of a family's only picture). */
function saysOptional(field: FormField, family: ModelFamily | null = null, readModes = !family?.needsMask): boolean {
  const text = textOf(field);
  const words = readModes ? [...OPTIONAL_WORDS, ...MODE_WORDS] : OPTIONAL_WORDS;
  return words.some((word) => text.includes(` ${word} `)) || OPTIONAL_PHRASES.some((phrase) => text.includes(phrase));
}

function isMainFile(field: FormField): boolean {
  return field.role.kind === 'file' && field.role.media !== 'archive' && !(field.role.use && SPECIAL_USES.includes(field.role.use));
}

function takes(field: FormField, kind: MediaKind): boolean {
  if (field.role.kind !== 'file') return false;
  if (kind === 'any') return field.role.media === 'image' || field.role.media === 'video' || field.role.media === 'any';
  return mediaFits(kind, field.role.media, field.role.also);
}

/** @param stated rules that stand in descriptions: a field of a group that says "one of these" is not needed by itself */
export function needsOf(fields: readonly FormField[], family: ModelFamily | null, stated: readonly CrossFieldRule[]): Needs {
  const exclusive = stated.filter((rule) => rule.kind === 'at_most_one');
  const either = stated.filter((rule) => rule.kind === 'at_least_one' || rule.kind === 'exactly_one');
  const required = new Set(fields.filter((field) => field.required).map((field) => field.name));
  const groups: CrossFieldRule[] = [];
  const prompt = fields.find((field) => field.role.kind === 'prompt') ?? null;
  const main = fields.filter((field) => isMainFile(field) && !saysOptional(field, family));
  const group = (members: readonly FormField[], source: string, instead = false): void => {
    const names = fields.filter((field) => members.includes(field)).map((field) => field.name); // in the form's order
    if (groups.some((rule) => 'fields' in rule && rule.fields.some((name) => names.includes(name)))) return;
    const xor = instead || exclusive.some((rule) => 'fields' in rule && names.every((name) => rule.fields.includes(name)));
    groups.push({ kind: xor ? 'exactly_one' : 'at_least_one', fields: names, source });
  };
  const need = (field: FormField, source: string): void => {
    if (either.some((rule) => 'fields' in rule && rule.fields.includes(field.name))) return;
    const rivals = exclusive.flatMap((rule) => ('fields' in rule && rule.fields.includes(field.name) ? rule.fields : []));
    const stand = fields.filter((other) => other !== field && other.role.kind !== 'file' && isInsteadOf(other, field));
    const idle = fields.filter((other) => other.role.kind === 'file' && !other.required && isIdleBeside(other, field));
    const members = fields.filter((other) => other === field || rivals.includes(other.name) || stand.includes(other) || idle.includes(other));
    if (members.length > 1) group(members, source, stand.length > 0);
    else required.add(field.name);
  };

  const used = new Set<FormField>();
  for (const kind of family?.needsFiles ?? []) {
    const given = fields.find((field) => !used.has(field) && required.has(field.name) && isMainFile(field) && takes(field, kind));
    if (given) { used.add(given); continue; }
    const mains = main.filter((field) => !used.has(field) && !required.has(field.name) && takes(field, kind));
    const any = fields.filter((field) => takes(field, kind) && !used.has(field));
    // where the only picture is a control picture, that is the one the model works on
    const candidates = mains.length > 0 ? mains : any.length === 1 && any[0] && !required.has(any[0].name) && !saysOptional(any[0], family, false) && family?.needsFiles.length === 1 ? any : [];
    const uses = new Set(candidates.map((field) => field.role.kind === 'file' ? field.role.use : undefined));
    const first = candidates[0];
    if (!first) continue;
    if (candidates.length === 1 || (uses.size === candidates.length && family && family.needsFiles.length > 1)) { used.add(first); need(first, `${family?.id} needs ${kind}`); }
    else { candidates.forEach((field) => used.add(field)); group([...candidates, ...fields.filter((other) => other.role.kind !== 'file' && isInsteadOf(other, first))], `${family?.id} needs ${kind}`); }
  }
  if (family?.needsMask) {
    const [mask, ...others] = fields.filter((field) => field.role.kind === 'file' && field.role.use === 'mask' && !saysOptional(field, family));
    if (mask && others.length > 0 && !mask.required) group([mask, ...others], `${family.id} needs a mask`);
    else if (mask) required.add(mask.name);
  }
  if (!family || used.size === 0) fallbackFiles({ main, prompt, family, required, need, group, fields });
  const subject = required.has(prompt?.name ?? '') && groups.length === 0 ? fileAskedAbout(prompt, main) : undefined;
  if (subject && !required.has(subject.name)) need(subject, 'a question about it');
  if (prompt && promptIsNeeded(prompt, { family, fields, required, groups })) {
    if (prompt.required) required.add(prompt.name);
    else need(prompt, 'words are needed');
  }
  if (!prompt && required.size === 0 && groups.length === 0 && !fields.some((field) => field.role.kind === 'file')) {
    const sole = soleText(fields);
    if (sole) required.add(sole.name);
  }
  return { required, groups };
}

const FIRST_FIELDS = 2; // what a model works on stands first or second in its form
const SETTING_WORDS = ['color', 'colour', 'format', 'language', 'voice', 'notes', 'name', 'style', 'model', 'mode', 'version', 'negative', 'system', 'settings'];

const LIST_NAMES = ['texts', 'prompts', 'sentences', 'inputs', 'queries', 'documents', 'passages', 'messages'];

/** A list of texts to work on. */
function isTextList(field: FormField): boolean {
  return field.type === 'array' && field.role.kind !== 'file' && LIST_NAMES.includes(field.name.toLowerCase());
}

/** The only text a form without prompt and files can work on: whatever its default, it is the author's own. */
function soleText(fields: readonly FormField[]): FormField | undefined {
  const [first] = fields.filter((field) => (field.type === 'string' && !field.enum && !field.secret) || isTextList(field));
  return first && first.order < FIRST_FIELDS && !saysOptional(first) && !wordsOf(first.name).some((word) => SETTING_WORDS.includes(word)) ? first : undefined;
}

/** "Zip file of frames. Ignored when video is provided": the one or the other. */
function isIdleBeside(other: FormField, file: FormField): boolean {
  const text = textOf(other), name = wordsOf(file.name).join(' ');
  return ['when', 'if'].some((word) => text.includes(` ignored ${word} ${name} is `));
}

function isInsteadOf(other: FormField, file: FormField): boolean {
  if (file.role.kind !== 'file' || other.type !== 'string' || other.enum || other.secret) return false;
  const text = textOf(other);
  if (text.includes(' base 64 ') && other.name.split('_')[0] === file.name.split('_')[0]) return true;
  const names = [file.role.media, file.name.toLowerCase().replaceAll('_', ' ')];
  return INSTEAD_PHRASES.some((phrase) => names.some((name) => text.includes(`${phrase}${name} `) || text.includes(`${phrase}an ${name} `) || text.includes(`${phrase}a ${name} `)));
}

interface Fallback {
  main: FormField[]; prompt: FormField | null; family: ModelFamily | null; required: Set<string>; fields: readonly FormField[];
  need: (field: FormField, source: string) => void; group: (fields: readonly FormField[], source: string) => void;
}

/** No family says what the model works on: the form itself must. */
function fallbackFiles({ main, prompt, family, required, need, group, fields }: Fallback): void {
  if (fields.some((field) => field.role.kind === 'file' && required.has(field.name))) return;
  const first = main[0];
  if (!first) return;
  if (!prompt) {
    if (required.size > 0) return;
    const texts = fields.filter((field) => field.role.kind !== 'file' && field.type === 'string' && !field.enum && !field.secret && field.default === undefined
      && (field.role.kind === 'text' || /\burls?\b|\bid\b/.test(textOf(field)) || main.some((file) => file.name.startsWith(field.name))));
    if (main.length + texts.length > 1) group([...main, ...texts], 'one input is needed');
    else need(first, 'the only input');
    return;
  }
  const ahead = main.filter((field) => field.order < prompt.order);
  if (ahead.length === 0 || prompt.required && family?.needsText && !ahead.some((field) => field.order === 0)) {
    const either = main.length === 1 && !prompt.required && !family && defaultKind(prompt) === 'none';
    if (either) group([first, prompt], 'text or file');
    return;
  }
  if (!prompt.required && defaultKind(prompt) === 'none' && ahead.length === 1) group([ahead[0] ?? first, prompt], 'text or file');
  else if (!family && ahead.length === 1) need(ahead[0] ?? first, 'the first input');
  else if (!family && areOneFile(ahead)) group(ahead, 'the first input, handed over one way or the other');
}

const ADDRESS_WORDS = ['url', 'uri', 'link', 'path'];

/** `video` and `video_url`: fields whose names differ by the way of handing over only. */
function areOneFile(files: readonly FormField[]): boolean {
  const bare = new Set(files.map((field) => wordsOf(field.name).filter((word) => !ADDRESS_WORDS.includes(word)).join(' ')));
  return files.length > 1 && bare.size === 1 && !bare.has('');
}

interface Around { family: ModelFamily | null; fields: readonly FormField[]; required: ReadonlySet<string>; groups: readonly CrossFieldRule[] }

function promptIsNeeded(prompt: FormField, { family, fields, required, groups }: Around): boolean {
  if (prompt.required) return true;
  if (family?.wordsOptional) return false;
  if (groups.some((rule) => 'fields' in rule && rule.fields.includes(prompt.name))) return false;
  const hasFile = fields.some((field) => field.role.kind === 'file' && required.has(field.name));
  if (!hasFile) return !saysOptional(prompt) || (family?.needsText ?? false);
  const files = fields.filter((field) => field.role.kind === 'file' && field.required).length;
  if (files > 1 && prompt.default === '') return false; // two files say what to do, and the author lets the words be empty
  const kind = defaultKind(prompt);
  return kind === 'sample' || (kind === 'none' && (family?.needsText ?? false) && !saysOptional(prompt));
}
