import { spellingOf, wordsOf } from '../form/name-words';
import { isKnownMeaning } from '../rules/aliases.rules';

const MAX_LENGTH = 64; // longer names are compared by nobody
const SHORT = 6; // below this length two slips make another word (steps, stop)
const DIGITS = /[0-9]/g;

/** Optimal string alignment distance (a swap of neighbours counts one), given up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit || a.length > MAX_LENGTH || b.length > MAX_LENGTH) return limit + 1;
  let before: number[] = [], last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}

/** Letters of other alphabets that are drawn like Latin ones. */
const DRAWN_LIKE: Readonly<Record<string, string>> = {
  'а': 'a', 'в': 'b', 'с': 'c', 'ԁ': 'd', 'е': 'e', 'ё': 'e', 'һ': 'h', 'і': 'i', 'ї': 'i', 'ј': 'j', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'ԛ': 'q', 'ѕ': 's', 'т': 't', 'у': 'y', 'ԝ': 'w', 'х': 'x',
  'ѵ': 'v', 'ѡ': 'w', 'ԍ': 'g', 'ӏ': 'l', 'ь': 'b', 'г': 'r', 'п': 'n', 'ү': 'y', 'ғ': 'f', 'ӡ': 'z', 'օ': 'o', 'հ': 'h', 'յ': 'j', 'ո': 'n', 'ս': 'u', 'ց': 'g', 'զ': 'q', 'ք': 'p', 'ա': 'w',
  'ɑ': 'a', 'ɩ': 'i', 'ɪ': 'i', 'ʏ': 'y', 'ᴏ': 'o', 'ᴜ': 'u', 'ᴠ': 'v', 'ᴡ': 'w', 'ᴢ': 'z', 'ᴄ': 'c', 'ꜱ': 's', 'ȷ': 'j', 'ƅ': 'b', 'ᴀ': 'a', 'ʙ': 'b', 'ᴅ': 'd', 'ᴇ': 'e', 'ɢ': 'g', 'ʜ': 'h', 'ᴋ': 'k', 'ʟ': 'l', 'ᴍ': 'm', 'ɴ': 'n', 'ᴘ': 'p', 'ʀ': 'r', 'ᴛ': 't', 'ꞓ': 'c',
  'γ': 'y', 'ϲ': 'c', 'ϳ': 'j', 'σ': 'o', 'ω': 'w', 'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'ı': 'i', 'ɡ': 'g', 'ⅼ': 'l',
};
const MARKS = /\p{M}/gu;

/** The name as it looks: wide and accented letters plain, letters of other alphabets as the Latin ones they resemble. */
function drawn(name: string): string {
  const plain = name.slice(0, MAX_LENGTH).normalize('NFKD').replace(MARKS, '').toLowerCase();
  return spellingOf([...plain].map((letter) => DRAWN_LIKE[letter] ?? letter).join(''));
}

/** The name that the given one looks like without being it; undefined for plain names. */
export function namesake(given: string, names: readonly string[]): string | undefined {
  const looks = drawn(given);
  if (looks === '' || looks === spellingOf(given)) return undefined;
  const alike = names.filter((name) => spellingOf(name) === looks);
  return alike.length === 1 ? alike[0] : undefined;
}

const TELLING = 4; // letters; shorter words stand in too many names

/** Names that hold every word of the given one: `intensity` is in `makeup_intensity`. A single word may stand in one name only. */
export function holdersOf(given: string, names: readonly string[]): string[] {
  const words = wordsOf(given);
  if (isKnownMeaning(spellingOf(given)) || !words.some((word) => word.length >= TELLING)) return [];
  const holding = names.filter((name) => { const held = wordsOf(name); return words.every((word) => held.includes(word)); });
  return words.length === 1 && holding.length > 1 ? [] : holding;
}

/**
 * The name that was probably meant: at most two slips away (one for short names), undefined when none or several are.
 * A name with a meaning of its own is no slip (`top_k` is not `top_p`), nor is another number (`image_2` is not `image_1`).
 */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const lower = given.toLowerCase();
  const limit = lower.length < SHORT ? 1 : 2;
  if (isKnownMeaning(spellingOf(given))) return undefined;
  const near = names.filter((name) => name.toLowerCase().replace(DIGITS, '') !== lower.replace(DIGITS, '')).map((name) => ({ name, distance: editDistance(lower, name.toLowerCase(), limit) })).filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance);
  const [first, second] = near;
  return first && lower.length > 2 && (!second || second.distance > first.distance) ? first.name : undefined;
}
