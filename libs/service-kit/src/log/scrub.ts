/*
 * The last thing a log line passes. It works on the finished text, so that a secret is blanked out at any depth: in a
 * header, in an error message, in a body quoted by somebody else's error.
 */

const BLANK = '[redacted]';
/** Shorter ones would blank out ordinary words. */
const MIN_HIDDEN_LENGTH = 6;

const SECRET_NAME = '(?:authorization|cookie|password|passwd|secret|token|credential|signature|(?:api|access|private)[-_]?key)';
const IN_JSON = new RegExp(`("[^"\\\\]*${SECRET_NAME}[^"\\\\]*"\\s*:\\s*)(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\])`, 'gi');
/** The same inside a string that itself holds JSON. */
const IN_QUOTED_JSON = new RegExp(`(\\\\"[^"\\\\]*${SECRET_NAME}[^"\\\\]*\\\\"\\s*:\\s*\\\\").*?(\\\\")`, 'gi');
const URL_PASSWORD = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/"\\]*):[^\s/"\\]+@/gi;
/** Telegram's addresses of files and methods carry the bot's token. */
const BOT_TOKEN = /(\/bot\d{1,20}(?::|%3A))[\w-]{1,80}/gi;
const BEARER = /\b(Bearer|Basic|Token)\s+[A-Za-z0-9._~+/=-]{8,}/g;

const hidden = new Set<string>();

/** From now on `value` is blanked out wherever it turns up in a log line of this process. */
export function hideValue(value: string): void {
  if (value.length >= MIN_HIDDEN_LENGTH) hidden.add(value);
}

/** `text` without passwords, tokens and every value given to {@link hideValue}. */
export function scrub(text: string): string {
  let clean = text
    .replace(URL_PASSWORD, `$1:${BLANK}@`)
    .replace(BOT_TOKEN, `$1${BLANK}`)
    .replace(BEARER, `$1 ${BLANK}`)
    .replace(IN_JSON, `$1"${BLANK}"`)
    .replace(IN_QUOTED_JSON, `$1${BLANK}$2`);
  for (const value of hidden) clean = clean.replaceAll(value, BLANK);
  return clean;
}
