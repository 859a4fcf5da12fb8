const NUMBER = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;
const MAX_DIGITS = 15; // a double holds any 15 decimal digits exactly

/** The number a text says without loss; undefined when it says none, or one that a double cannot hold. */
export function numberFromText(text: string): number | undefined {
  const trimmed = text.slice(0, 80).trim();
  if (trimmed.length !== text.trim().length || !NUMBER.test(trimmed)) return undefined;
  const value = Number(trimmed);
  const digits = trimmed.replace(/[eE].*$/, '').replace(/[^0-9]/g, '').replace(/^0+/, '').length;
  return Number.isFinite(value) && digits <= MAX_DIGITS ? value : undefined;
}
