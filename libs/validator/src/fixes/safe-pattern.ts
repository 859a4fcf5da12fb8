const MAX_PATTERN = 200; // characters; longer patterns are not run
const MAX_TESTED = 2_000; // characters of a value a pattern is run on
const compiled = new Map<string, RegExp | null>();
const MAX_COMPILED = 500; // patterns kept; a form has a handful

/** Repetition inside repetition, alternation inside repetition and back references can take exponential time: not run. */
function isLinear(pattern: string): boolean {
  return pattern.length <= MAX_PATTERN && !/\)[*+{]/.test(pattern) && !/\\[1-9k]/.test(pattern) && !pattern.includes('(?')
    && (pattern.match(/[*+}]/g) ?? []).length <= 3;
}

function compile(pattern: string): RegExp | null {
  const hit = compiled.get(pattern);
  if (hit !== undefined) return hit;
  let made: RegExp | null = null;
  try {
    made = isLinear(pattern) ? new RegExp(pattern, 'u') : null;
  } catch {
    made = null; // the schema's pattern is no regular expression of ours: the provider judges it
  }
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

/** False only when a pattern that is safe to run does not match. */
export function matchesPattern(value: string, pattern: string): boolean {
  return value.length > MAX_TESTED || (compile(pattern)?.test(value) ?? true);
}
