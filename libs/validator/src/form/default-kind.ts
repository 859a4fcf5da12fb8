import type { FormField, Json } from '@countersign/core';
import { ORDER_WORDS, QUALITY_WORDS, SUBJECT_WORDS } from '../rules/prompt.rules';
import { wordsOfText } from './name-words';

const READ = 400; // characters of a default that are judged
const QUALITY_SHARE = 0.6; // from this share of quality words on, a default asks for quality and shows nothing

/**
 * What a schema's default means: `none` (absent, empty), `setting` (works on anybody's input: "describe the image",
 * "best quality, 8k") or `sample` (the author's own picture or prompt: running on it bills for nonsense).
 */
export function defaultKind(field: FormField): 'none' | 'setting' | 'sample' {
  const value = field.default;
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return 'none';
  if (field.role.kind === 'file') return isSampleFile(value) ? 'sample' : 'setting';
  if (field.role.kind !== 'prompt' || typeof value !== 'string') return 'setting';
  if (value.trim() === '') return 'none';
  const words = wordsOfText(value, READ);
  if (words.length === 0) return 'setting';
  if (ORDER_WORDS.has(words[0] ?? '')) return 'setting';
  if (words.every((word) => SUBJECT_WORDS.has(word))) return 'setting';
  const quality = words.filter((word) => QUALITY_WORDS.has(word)).length;
  return quality / words.length >= QUALITY_SHARE ? 'setting' : 'sample';
}

function isSampleFile(value: Json): boolean {
  const urls = Array.isArray(value) ? value : [value];
  return urls.some((url) => typeof url === 'string' && (url.startsWith('http') || url.startsWith('data:')));
}
