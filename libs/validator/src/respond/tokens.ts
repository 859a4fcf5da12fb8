export type TokenKind = 'word' | 'number' | 'pair' | 'url' | 'quote' | 'mark';

export interface Token {
  kind: TokenKind;
  /** As written; of a quote what stands inside. */
  text: string;
  lower: string;
  /** Place in the text, quotes included. */
  start: number;
  end: number;
  /** Sentences and their parts are numbered: what one says does not reach into the next. */
  clause: number;
}

const TOKEN = new RegExp([
  String.raw`(?<url>(?:https?:\/\/|data:[a-z]{1,20}\/)[^\s"'<>()[\]{}|\\^\x60]+)`,
  String.raw`(?<quote>"[^"]*"|(?<![\p{L}\p{N}])'[^'\n]*'(?![\p{L}\p{N}]))`,
  String.raw`(?<pair>\d{1,5}(?:\.\d{1,3})?(?: ?[x×*:\/] ?| by )\d{1,5}(?:\.\d{1,3})?(?![\p{L}\p{N}_]))`,
  String.raw`(?<number>[+-]?\d+(?:\.\d+)?(?=(?:x|s|sec|secs|fps|px)?(?![\p{L}\p{N}_])))`,
  String.raw`(?<word>[\p{L}\p{N}_]+(?:['.-][\p{L}\p{N}_]+)*)`,
  String.raw`(?<mark>[^ \t])`,
].join('|'), 'giu');
const TAIL = '.,;:!?*_';
const BOUNDARY_MARKS = ',;.!?\n';
const BOUNDARY_WORDS: ReadonlySet<string> = new Set(['and', 'but', 'then', 'also', 'plus']);

/** Curly and foreign quotes as straight ones, one for one, so that places stay right. */
export function plainQuotes(text: string): string {
  return text.replace(/[“”„«»]/g, '"').replace(/[‘’]/g, '\'').replace(/\r/g, '\n');
}

/** A text in words, numbers, pairs (`16:9`, `1024 by 768`), addresses and quotes. `text` has plain quotes. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let clause = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [kind] = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined) ?? ['mark'];
    const whole = kind === 'url' ? withoutTail(match[0]) : match[0];
    const inner = kind === 'quote' ? whole.slice(1, -1) : whole;
    const token = { kind: kind as TokenKind, text: inner, lower: inner.toLowerCase(), start: match.index, end: match.index + whole.length };
    const parts = (kind === 'mark' && BOUNDARY_MARKS.includes(whole)) || BOUNDARY_WORDS.has(token.lower);
    if (parts) clause += 1;
    tokens.push({ ...token, clause });
    if (whole.length < match[0].length && BOUNDARY_MARKS.includes(match[0].slice(-1))) clause += 1;
  }
  return tokens;
}

function withoutTail(url: string): string {
  let end = url.length;
  while (end > 0 && TAIL.includes(url[end - 1] ?? '')) end -= 1;
  return url.slice(0, end);
}
