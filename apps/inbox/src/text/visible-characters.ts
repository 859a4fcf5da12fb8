/*
 * Text from a requester may hold characters that nobody sees: bidirectional overrides that turn words around,
 * zero-width and tag characters that hide words, control codes. A person who signs must see what is there.
 */
export type TextRun = { hidden: false; text: string } | { hidden: true; text: string; code: string; name: string };

/** Format, control, private, unassigned and surrogate code points, fillers that draw nothing, variation selectors. */
const SUSPECT = /[\p{Cf}\p{Cc}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\p{Variation_Selector}\u034F\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/u;
const ORDINARY_CONTROL = /[\n\r\t]/;
const PICTURE = /[\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;

const NAMES: Record<string, string> = {
  '00AD': 'soft hyphen', '061C': 'Arabic letter mark', '180E': 'Mongolian vowel separator', '200B': 'zero-width space',
  '200C': 'zero-width non-joiner', '200D': 'zero-width joiner', '200E': 'left-to-right mark', '200F': 'right-to-left mark',
  '2028': 'line separator', '2029': 'paragraph separator', '202A': 'left-to-right embedding', '202B': 'right-to-left embedding',
  '202C': 'end of direction change', '202D': 'left-to-right override', '202E': 'right-to-left override', '2060': 'word joiner',
  '2066': 'left-to-right isolate', '2067': 'right-to-left isolate', '2068': 'first strong isolate', '2069': 'end of isolate',
  '2800': 'blank braille pattern', '3164': 'Hangul filler', FEFF: 'zero-width no-break space', '0000': 'null',
};

/** Cuts a text into what can be seen and what can not; joined again, the runs are the text. */
export function visibleRuns(text: string): TextRun[] {
  const runs: TextRun[] = [];
  const characters = Array.from(text);
  let plain = '';
  characters.forEach((character, index) => {
    if (!isHidden(character, characters[index - 1], characters[index + 1])) {
      plain += character;
      return;
    }
    if (plain) runs.push({ hidden: false, text: plain });
    plain = '';
    runs.push(hiddenRun(character));
  });
  if (plain) runs.push({ hidden: false, text: plain });
  return runs;
}

export function hasHidden(text: string): boolean {
  return visibleRuns(text).some((run) => run.hidden);
}

function isHidden(character: string, before = '', after = ''): boolean {
  if (!SUSPECT.test(character) || ORDINARY_CONTROL.test(character)) return false;
  // Inside an emoji, and only there, a joiner and the choice of its look are part of the picture.
  if (character === '\u200D') return !((PICTURE.test(before) || before === '\uFE0F') && PICTURE.test(after));
  if (character === '\uFE0E' || character === '\uFE0F') return !(PICTURE.test(before) || /[#*0-9]/.test(before));
  return true;
}

function hiddenRun(character: string): TextRun {
  const point = character.codePointAt(0) ?? 0;
  const code = point.toString(16).toUpperCase().padStart(4, '0');
  const isTag = point >= 0xe0000 && point <= 0xe007f;
  const name = NAMES[code] ?? (isTag ? `tag character “${String.fromCharCode(point - 0xe0000)}”` : 'character that draws nothing');
  return { hidden: true, text: character, code: `U+${code}`, name };
}
