import { invalid, ProblemError } from '../answers/problem';

/** Real bodies nest some ten levels deep. */
export const MAX_DEPTH = 40;
/** Values in one body: far more than any form has fields, few enough to be walked in milliseconds. */
export const MAX_VALUES = 100_000;

/** Ways to a prototype; libraries in between drop or follow them. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor']);

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Text that Postgres and the consent hash can hold: no NUL character, no half of a surrogate pair. */
export function isCleanText(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text);
}

interface Found {
  value: unknown;
  path: string;
  depth: number;
}

/**
 * Refuses JSON that could not be kept or hashed, or that tries to reach a prototype.
 * @throws ProblemError 422 that names the field
 */
export function refuseUncleanJson(body: unknown): void {
  const open: Found[] = [{ value: body, path: '', depth: 0 }];
  let values = 0;
  for (let found = open.pop(); found; found = open.pop()) {
    const { value, path, depth } = found;
    values += 1;
    if (typeof value === 'string' && !isCleanText(value)) throw unclean(path);
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) throw invalid(path, 'too_deep', `${path} nests deeper than ${MAX_DEPTH} levels`);
    const names = Object.keys(value);
    if (values + open.length + names.length > MAX_VALUES) throw new ProblemError('VALIDATION_FAILED', `the body holds more than ${MAX_VALUES} values`);
    for (const key of names) {
      const item = (value as Record<string, unknown>)[key];
      const itemPath = path === '' ? key : `${path}.${key}`;
      if (FORBIDDEN_NAMES.has(key)) throw invalid(itemPath, 'forbidden_name', `${itemPath}: this name is not allowed`);
      if (!isCleanText(key)) throw unclean(path);
      open.push({ value: item, path: itemPath, depth: depth + 1 });
    }
  }
}

function unclean(path: string): ProblemError {
  return invalid(path, 'unclean_text', `${path === '' ? 'the body' : path} holds a NUL character or half of a surrogate pair`);
}
