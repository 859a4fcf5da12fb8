import { ADDRESS_RULES, EMAIL_RULES, NUMBER_RULES, type PiiKind, type PiiRule } from './pii.rules';

export interface PiiFinding {
  kind: PiiKind;
  count: number;
  /** 0..1, of the surest hit. */
  score: number;
  /** The surest hit, recognisable to who wrote it and useless to others. */
  masked: string;
}

const MAX_TEXT = 100_000; // characters looked at: a book's worth of prompt
const MAX_CUE = 48; // characters before a hit in which its word may stand
/** Takes the place of what was read already: no rule matches it or goes across it. */
const TAKEN = '\u2022';

/** Who a URL names before its host is no mail address; what it names after it (`?to=jane@…`) is. */
const USERINFO = /:\/\/[^\s/@]{1,200}@/g;
/** Numbers in addresses of files are names, not people's. */
const URL_TEXT = /\b(?:https?:\/\/|data:)\S{1,4000}/gi;

/**
 * Personal data in a text, one finding a kind, the surest first. Rules only: it knows shapes and check digits, not people,
 * so names alone are never found (docs/adr/0010 has the measured rates).
 */
export function findPii(text: string): PiiFinding[] {
  const found = new Map<PiiKind, PiiFinding>();
  let rest = blank(text.slice(0, MAX_TEXT), USERINFO);
  for (const rule of EMAIL_RULES) rest = take(rule, rest, found);
  rest = blank(rest, URL_TEXT);
  for (const rule of [...NUMBER_RULES, ...ADDRESS_RULES]) rest = take(rule, rest, found);
  return [...found.values()].sort((a, b) => b.score - a.score);
}

function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match) => TAKEN.repeat(match.length));
}

/** @returns the text without what the rule took. */
function take(rule: PiiRule, text: string, found: Map<PiiKind, PiiFinding>): string {
  return text.replace(rule.pattern, (match: string, ...rest: unknown[]) => {
    const offset = rest.find((one) => typeof one === 'number') as number;
    if (rule.cue && !rule.cue.test(text.slice(Math.max(0, offset - MAX_CUE), offset))) return match;
    if (rule.accepts && !rule.accepts(match)) return match;
    const known = found.get(rule.kind);
    const isSurer = !known || rule.score > known.score;
    found.set(rule.kind, {
      kind: rule.kind, count: (known?.count ?? 0) + 1, score: isSurer ? rule.score : known.score, masked: isSurer ? mask(rule.kind, match) : known.masked,
    });
    return TAKEN.repeat(match.length);
  });
}

const SHOWN_END = 2; // signs of a number that are shown: enough to know one's own

function mask(kind: PiiKind, value: string): string {
  switch (kind) {
    case 'email': return `${value.slice(0, 1)}•••@•••${/\.\p{L}+$/u.exec(value)?.[0] ?? ''}`;
    case 'address': return '•••';
    default: return `•••${value.slice(-SHOWN_END)}`;
  }
}
