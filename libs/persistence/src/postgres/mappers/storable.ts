const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
/** JSON.stringify writes exactly these characters as escapes with these digits. */
const SUSPECT = /\\u(?:0000|d[89a-f])/;

/** Postgres keeps neither NUL nor half of a surrogate pair, and a provider's words may hold both: they become U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(LONE_SURROGATE, '\ufffd');
}

/** The JSON text of `value` with every string as `storableText` gives it; names of members too. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? JSON.stringify(cleaned(JSON.parse(text))) : text;
}

/** `value` itself when there is nothing to mend. */
export function storable<T extends object>(value: T): T {
  const text = JSON.stringify(value);
  return SUSPECT.test(text) ? (cleaned(JSON.parse(text)) as T) : value;
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [storableText(name), cleaned(item)]));
}
