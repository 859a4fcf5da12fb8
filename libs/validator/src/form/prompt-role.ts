import type { FormField } from '@countersign/core';
import { spellingOf, wordsOf } from './name-words';
import { DATA_WORDS, NOT_PROMPT_WORDS, PROMPT_NAMES } from '../rules/prompt.rules';
import type { ModelFamily } from '../rules/families.rules';

const RANK = new Map(PROMPT_NAMES.map((name, rank) => [name, rank]));
const FIRST_OF_SEVERAL: ReadonlySet<string> = new Set(['a', '1', 'one', 'first']);
const TAIL_WORDS = ['prompt', 'text', 'prompts', 'texts', 'sentence', 'instruction'];

function isOpenText(field: FormField): boolean {
  return field.type === 'string' && !field.enum && !field.secret && field.role.kind !== 'file';
}

/** Lower is more typical; undefined when the name is not one for the user's words. */
function rankOf(field: FormField, family: ModelFamily | null): number | undefined {
  const rank = RANK.get(spellingOf(field.name));
  if (rank !== undefined) return family?.id === 'text_to_speech' && field.name === 'text' ? -1 : rank;
  const words = wordsOf(field.name);
  const first = words.length > 1 && FIRST_OF_SEVERAL.has(words.at(-1) ?? '') ? RANK.get(words.slice(0, -1).join('')) : undefined;
  if (first !== undefined) return first + 0.5; // `prompt_a` before `prompt_b`, behind a plain `prompt`
  const tail = words.at(-1) ?? '';
  return TAIL_WORDS.includes(tail) && !words.some((word) => NOT_PROMPT_WORDS.has(word)) ? PROMPT_NAMES.length : undefined;
}

/**
 * The one field that receives the user's words, or null. A transcription model's optional prompt only primes it: not that.
 * Required before optional, then the more typical name; two unranked candidates are no answer.
 */
export function promptFieldOf(fields: readonly FormField[], family: ModelFamily | null): FormField | null {
  const open = fields.filter(isOpenText);
  const ranked = open.map((field) => ({ field, rank: rankOf(field, family) }))
    .filter((entry): entry is { field: FormField; rank: number } => entry.rank !== undefined)
    .filter(({ field }) => field.required || family?.id !== 'transcription')
    .sort((a, b) => Number(b.field.required) - Number(a.field.required) || a.rank - b.rank || a.field.order - b.field.order);
  const best = ranked[0];
  if (best && isLoose(best)) {
    const sole = soleNeeded(open);
    if (sole) return sole;
  }
  if (best && (best.rank < PROMPT_NAMES.length || ranked.length === 1)) return best.field;
  return best ? null : soleNeeded(open);
}

const LOOSE_FROM = PROMPT_NAMES.indexOf('input'); // from here on a name says little: lyrics, story, topic

/** An optional text with an answer of its own and a name that is no prompt's: a required text comes before it. */
function isLoose({ field, rank }: { field: FormField; rank: number }): boolean {
  return !field.required && rank >= LOOSE_FROM && typeof field.default === 'string' && field.default !== '';
}

/** The one text that must be given, unless its name says that it holds data. */
function soleNeeded(open: readonly FormField[]): FormField | null {
  const needed = open.filter((field) => field.required);
  const sole = needed[0];
  if (needed.length !== 1 || !sole) return null;
  return wordsOf(sole.name).some((word) => NOT_PROMPT_WORDS.has(word) || DATA_WORDS.has(word)) ? null : sole;
}

const TEXT_WORDS = ['prompt', 'prompts', 'text', 'texts', 'lyrics', 'negative', 'instruction', 'instructions', 'message', 'notes', 'sentence', 'script', 'caption', 'transcript'];

/** Free text beside the prompt: negative prompt, system prompt, lyrics. */
export function isTextField(field: FormField): boolean {
  return isOpenText(field) && wordsOf(field.name).some((word) => TEXT_WORDS.includes(word));
}
