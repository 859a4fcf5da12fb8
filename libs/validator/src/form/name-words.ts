const MAX_NAME = 200; // a name longer than this is not a name; nothing is learned from its tail
const CAMEL = /([a-z0-9])([A-Z])/g;
const WORD_THEN_DIGIT = /([a-zA-Z]{3})([0-9])/g; // three letters, so that mp3, i2v and t2i stay whole
const DIGIT_THEN_WORD = /([0-9])([a-zA-Z]{3})/g; // and so that 3d, 4x and 720p stay whole
const SEPARATORS = /[^\p{L}\p{N}]+/u;

function split(text: string): string[] {
  return text.replace(WORD_THEN_DIGIT, '$1 $2').replace(DIGIT_THEN_WORD, '$1 $2')
    .toLowerCase().split(SEPARATORS).filter((word) => word !== '');
}

/** `cn_img1` → cn, img, 1 · `renderType` → render, type · `start-frame.png` → start, frame, png. */
export function wordsOf(name: string): string[] {
  return split(name.slice(0, MAX_NAME).replace(CAMEL, '$1 $2'));
}

/** The name without case and separators: `aspectRatio`, `Aspect-Ratio` and `aspect_ratio` are one spelling. */
export function spellingOf(name: string): string {
  return name.slice(0, MAX_NAME).toLowerCase().split(SEPARATORS).join('');
}

/** Words of running text, at most `limit` characters of it; `YouTube` and `OpenAI` stay one word. */
export function wordsOfText(text: string, limit: number): string[] {
  return split(text.slice(0, limit));
}

const ALL_DIGITS = /^[0-9]{1,9}$/;

/** The number a name is marked with: `image_2` → 2, `IMG_0001` → 1; null when it has none or several. */
export function numberOf(words: readonly string[]): number | null {
  const numbers = words.filter((word) => ALL_DIGITS.test(word));
  return numbers.length === 1 ? Number(numbers[0]) : null;
}
