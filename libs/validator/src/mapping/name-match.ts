import type { FileSlot } from '../form/form-index';
import { spellingOf } from '../form/name-words';
import { GENERIC_FILE_WORDS, SAME_THING, USE_WORDS, type FileUse } from '../rules/file-use.rules';
import { mediaFits } from '../rules/media.rules';
import type { Candidate } from './candidate';

const EXACT = 100, USE = 50, WORD = 30, SYNONYM = 20, PLACE = 15; // only their order matters
/** A number alone decides only among files that all have one. */
export const NUMBER = 10;
/** Words that say nothing by themselves, but tell two fields apart where one carries them: `init.png` is `init_image`. */
const PLACES = ['init', 'initial', 'input', 'original', 'orig', 'main'];

function sameThing(a: string, b: string): boolean {
  return a === b || SAME_THING.some((group) => group.includes(a) && group.includes(b));
}

/**
 * What the file's name says it is for. "start" and "last" are common words: they count only at the end of the name, or
 * when nothing but general words stands beside them (`last_summer.jpg` is no last frame).
 */
function useOfFile(words: readonly string[]): FileUse | undefined {
  for (const [use, list] of USE_WORDS) {
    const hit = words.find((word) => list.includes(word) && word !== 'final');
    if (hit === undefined) continue;
    if (use !== 'start_frame' && use !== 'end_frame') return use;
    const others = words.filter((word) => !list.includes(word));
    const bare = others.every((word) => GENERIC_FILE_WORDS.has(word) || Number.isInteger(Number(word)) || word === 'keyframe');
    if (bare || words.at(-1) === hit || words.includes('frame')) return use;
  }
  return undefined;
}

/** How strongly a file's name points to a field; 0 when it does not. */
export function nameScore(file: Candidate, slot: FileSlot, slots: readonly FileSlot[]): number {
  if (!mediaFits(file.media, slot.role.media, slot.role.also)) return 0;
  if (spellingOf(file.words.join('')) === spellingOf(slot.field.name) && slot.telling.length > 0) return EXACT;
  const use = useOfFile(file.words);
  let score = use !== undefined && use === slot.role.use ? USE : 0;
  for (const word of slot.telling) score += file.words.includes(word) ? WORD : file.words.some((other) => sameThing(other, word)) ? SYNONYM : 0;
  const placed = PLACES.some((word) => file.words.includes(word) && slot.words.includes(word) && !slots.some((other) => other !== slot && other.words.includes(word)));
  return score + (placed ? PLACE : 0) + numberScore(file, slot, slots);
}

/** `ref_2.png` → `image2`, where there are several such fields; the one without a number is the first. */
function numberScore(file: Candidate, slot: FileSlot, slots: readonly FileSlot[]): number {
  if (file.number === null) return 0;
  const stem = slot.words.filter((word) => !Number.isInteger(Number(word))).join(' ');
  const siblings = slots.filter((other) => other !== slot && other.number !== null && other.words.filter((word) => !Number.isInteger(Number(word))).join(' ') === stem);
  return siblings.length > 0 && file.number === (slot.number ?? 1) ? NUMBER : 0;
}
