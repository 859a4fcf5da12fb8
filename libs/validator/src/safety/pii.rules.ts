/*
 * What this is: the shapes of personal data, as data. Each is precise by itself (a check digit, a fixed shape) or counts
 * only behind a word that says what it is. Every quantifier is bounded and every start is anchored by what may not stand
 * before it, so the time grows with the text and not faster.
 * To extend: one rule here, texts for and against in testing/pii-texts.ts.
 */
import { hasIbanCheck, hasLuhn, isBsn, isChineseId, isCodiceFiscale, isCpf, isDni, isNir, isOneDigit, isPesel } from './check-digits';

export type PiiKind = 'email' | 'phone' | 'iban' | 'card' | 'ssn' | 'ip' | 'national_id' | 'address';

export interface PiiRule {
  kind: PiiKind;
  /** 0..1: how sure a hit is, as measured or as its check digit allows. */
  score: number;
  /** Global. */
  pattern: RegExp;
  /** Must stand shortly before the hit. */
  cue?: RegExp;
  /** The last word on a hit; gets the match as it stands. */
  accepts?(match: string): boolean;
}

const compact = (text: string): string => text.replace(/[\s./()-]/g, '').toUpperCase();

/** `logo@2x.png` and the like. Endings that are also countries' (md, py) are left to be addresses. */
const FILE_ENDING = /\.(png|jpe?g|gif|webp|svg|avif|bmp|tiff?|mp[34]|wav|flac|ogg|mov|webm|pdf|txt|csv|json|ya?ml|tsx?|jsx?|css|html?|zip|safetensors|ckpt)$/i;
/** `git@github.com:owner/name` is how a repository is written. */
const NO_PERSON = /^(git|hg|svn)@/i;

/** Length of an IBAN by country (ISO 13616 registry). */
const IBAN_LENGTH: Record<string, number> = {
  AD: 24, AE: 23, AL: 28, AT: 20, AZ: 28, BA: 20, BE: 16, BG: 22, BH: 22, BR: 29, CH: 21, CR: 22, CY: 28, CZ: 24, DE: 22, DK: 18, DO: 28, EE: 20,
  EG: 29, ES: 24, FI: 18, FO: 18, FR: 27, GB: 22, GE: 22, GI: 23, GL: 18, GR: 27, GT: 28, HR: 21, HU: 28, IE: 22, IL: 23, IS: 26, IT: 27, JO: 30,
  KW: 30, KZ: 20, LB: 28, LI: 21, LT: 20, LU: 20, LV: 21, MC: 27, MD: 24, ME: 22, MK: 19, MT: 31, NL: 18, NO: 15, PK: 24, PL: 28, PS: 29, PT: 25,
  QA: 29, RO: 24, RS: 22, SA: 24, SE: 24, SI: 19, SK: 24, SM: 27, TN: 24, TR: 26, UA: 29, VA: 22, VG: 24, XK: 20,
};

/** What follows an IBAN may look like more of it, so only the country's length is read. */
function isIban(match: string): boolean {
  const text = compact(match);
  const length = IBAN_LENGTH[text.slice(0, 2)];
  return length !== undefined && text.length >= length && hasIbanCheck(text.slice(0, length));
}

/** Issuer prefixes with the lengths they use today (13 digits are an EAN, not an old Visa); any other number with a right check digit is chance. */
const CARD = /^(4\d{15}|5[1-5]\d{14}|2(22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(0[0-5]|[68]\d)\d{11}|6(011|5\d\d|4[4-9]\d)\d{12}|35(2[89]|[3-8]\d)\d{12}|62\d{14})$/;
const isCard = (match: string): boolean => CARD.test(compact(match)) && hasLuhn(compact(match)) && !isOneDigit(compact(match));

/** Not private, not loopback, not link-local, not multicast: an address that may lead to somebody. */
function isPublicIpv4(match: string): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = match.split('.').map(Number);
  if (Math.max(a, b, c, d) > 255 || a === 0 || a === 10 || a === 127 || a > 223) return false;
  return !((a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168) || (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128));
}

function isIpv6(match: string): boolean {
  const halves = match.split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  return groups.every((group) => group.length > 0 && group.length <= 4) && (halves.length === 2 ? groups.length < 8 : groups.length === 8);
}

/** 01 02 03 04 05 is counting, 02 03 05 07 11 a sequence: numbers that only grow are nobody's. */
function isGrowing(match: string): boolean {
  const numbers = match.split(/[ .-]/).map(Number);
  return numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
}
const DATE = /^(?:\d{4}[ ./-]\d{2}[ ./-]\d{2}|\d{2}[ ./-]\d{2}[ ./-](?:19|20)\d{2})(?!\d)/;
const digitsOf = (match: string): number => match.replace(/\D/g, '').length;

const PHONE_CUE = /(?:\b(?:phone|tel|telephone|mobile|cell|cellphone|whatsapp|sms|fax|handy|telefon|rufnummer|portable|m[oó]vil|number is)|\b(?:call|text|ring|reach|phone)(?: (?:me|us|him|her|them|you|back|[A-Z]\w{1,20})){1,2})(?: (?:number|no|nr|is|at|on|under|unter))?[\s.:#=]{0,4}$/i;
const IP_CUE = /\b(?:ips?|ipv[46]|ip[ -]address|address|client|visitor|user|login|logged in|connection|request)(?: (?:address|is|was|from|at))?[\s:=(]{0,4}$/i;
const STREET = 'Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Terrace|Square|Crescent|Close|Gardens';

export const EMAIL_RULES: readonly PiiRule[] = [
  {
    kind: 'email', score: 0.95, pattern: /(?<![\p{L}\p{N}_.+%@-])[\p{L}\p{N}_][\p{L}\p{N}_.+%'-]{0,63}@(?:[\p{L}\p{N}-]{1,63}\.){1,5}\p{L}{2,24}(?![\p{L}\p{N}_@-])/gu,
    accepts: (match) => !FILE_ENDING.test(match) && !NO_PERSON.test(match),
  },
  { kind: 'email', score: 0.85, pattern: /(?<![\w.])[\w][\w.+-]{0,63} ?[[(]at[\])] ?[\w-]{1,63}(?: ?(?:[[(]dot[\])]|\.) ?[\w-]{1,24}){1,4}/gi },
];

/** In this order: what was taken by one is not seen by the next. */
export const NUMBER_RULES: readonly PiiRule[] = [
  { kind: 'iban', score: 0.99, pattern: /(?<![\w-])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?!\w)/gi, accepts: isIban },
  { kind: 'card', score: 0.95, pattern: /(?<![\w.+-])(?:\d{13,16}|\d{4}([ -])\d{4}\1\d{4}\1\d{4}|\d{4}([ -])\d{6}\2\d{4,5})(?![\w-]|\.\d)/g, accepts: isCard },
  { kind: 'national_id', score: 0.95, pattern: /(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])/g, accepts: (match) => isCpf(compact(match)) },
  { kind: 'national_id', score: 0.9, pattern: /(?<![\w.-])\d{11}(?!\w)/g, cue: /\bcpf\b.{0,12}$/i, accepts: isCpf },
  { kind: 'national_id', score: 0.95, pattern: /(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)/gi, accepts: (match) => isCodiceFiscale(match.toUpperCase()) },
  { kind: 'national_id', score: 0.95, pattern: /(?<![\w.-])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\w)/g, accepts: isChineseId },
  { kind: 'national_id', score: 0.95, pattern: /(?<![\w.-])[12] ?\d{2} ?(?:0[1-9]|1[0-2]) ?\d{2} ?\d{3} ?\d{3} ?\d{2}(?![\w-])/g, accepts: (match) => isNir(compact(match)) },
  { kind: 'national_id', score: 0.9, pattern: /(?<![\w.-])\d{11}(?!\w)/g, cue: /\bpesel\b.{0,12}$/i, accepts: isPesel },
  { kind: 'national_id', score: 0.9, pattern: /(?<![\w.-])\d{9}(?!\w)/g, cue: /\b(?:bsn|burgerservicenummer)\b.{0,12}$/i, accepts: isBsn },
  { kind: 'national_id', score: 0.9, pattern: /(?<![\w.-])(?:\d{8}|[XYZ]\d{7})-?[A-Z](?!\w)/gi, cue: /\b(?:dni|nie|nif)\b.{0,12}$/i, accepts: (match) => isDni(compact(match)) },
  { kind: 'ssn', score: 0.85, pattern: /(?<![\w.+-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g },
  { kind: 'ssn', score: 0.85, pattern: /(?<![\w.+-])(?!000|666|9)\d{3} ?(?!00)\d{2} ?(?!0000)\d{4}(?![\w-])/g, cue: /\b(?:ssn|social security)\b.{0,20}$/i },
  { kind: 'ip', score: 0.6, pattern: /(?<![\w.:/-])(?:\d{1,3}\.){3}\d{1,3}(?![\w-]|\.\d)/g, cue: IP_CUE, accepts: isPublicIpv4 },
  { kind: 'ip', score: 0.6, pattern: /(?<![\w:.])[23][0-9a-f]{3}:[0-9a-f:]{2,35}(?![\w:])/gi, accepts: isIpv6 },
  { kind: 'phone', score: 0.9, pattern: /(?<![\w+.-])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,12}(?:[ ./-]\d{1,8}){0,5}(?![\w-])/g, accepts: (match) => digitsOf(match) >= 9 && digitsOf(match) <= 15 },
  { kind: 'phone', score: 0.8, pattern: /(?<![\w.+-])(?<!\d )00[1-9]\d{0,2}[ -]\d{1,5}(?:[ -]\d{2,8}){1,5}(?![\w-])/g, accepts: (match) => digitsOf(match) >= 11 && digitsOf(match) <= 17 },
  { kind: 'phone', score: 0.8, pattern: /(?<![\w.+-])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}([.-]))[2-9]\d{2}(?:\1|[ .-])\d{4}(?![\w-]|\.\d)/g },
  { kind: 'phone', score: 0.8, pattern: /(?<![\w.+-])0[1-9](?:([ .-])\d{2})(?:\1\d{2}){3}(?![\w-]|[ .]\d)/g, accepts: (match) => !isGrowing(match) },
  { kind: 'phone', score: 0.8, pattern: /(?<![\w.+-])(?:07\d{3}[ -]?\d{3}[ -]?\d{3}|020[ -]\d{4}[ -]\d{4}|\(0\d{2,4}\) ?\d{3,4} ?\d{3,4}|01[567]\d[ -]\d{7,8})(?![\w-])/g },
  { kind: 'phone', score: 0.75, pattern: /(?<![\w.+-])\(?\d{2,13}\)?(?:[ .\/-]\d{2,8}){0,5}(?![\w-])/g, cue: PHONE_CUE, accepts: (match) => digitsOf(match) >= 9 && digitsOf(match) <= 13 && !DATE.test(match) },
];

export const ADDRESS_RULES: readonly PiiRule[] = [
  { kind: 'address', score: 0.75, pattern: new RegExp(`(?<![\\w.-])\\d{1,6}[a-z]?\\s(?:[A-Z][\\w'.-]{0,20}\\s){1,4}(?:${STREET})\\b\\.?(?:,?\\s(?:Apt|Suite|Unit|Flat|NW|NE|SW|SE|#)\\.?\\s?\\w{0,6})?,?\\s(?:[A-Z][\\w'.-]{1,20},?\\s){1,3}(?:[A-Z]{2}\\s\\d{5}|[A-Z]{1,2}\\d[A-Z\\d]?\\s\\d[A-Z]{2})(?!\\w)`, 'g') },
  { kind: 'address', score: 0.75, pattern: /(?<![\p{L}\p{N}])\p{Lu}[\p{L}-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|damm|ufer)\s\d{1,4}\s?[a-h]?,?\s(?:D-)?\d{5}\s\p{Lu}\p{Ll}{1,30}/gu },
];
