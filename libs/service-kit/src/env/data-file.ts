import { readFileSync, statSync } from 'node:fs';
import { EnvError } from './load-env';

const MAX_BYTES = 4 * 1024 * 1024; // an operator's own rules or prices; more is the wrong file

/**
 * Reads a JSON file that a variable names, at the start of a service.
 * @param parse throws an Error that says what is wrong with the content
 * @returns null when the variable is not set
 * @throws EnvError that names the variable and the reason, not the path
 */
export function readDataFile<T>(variable: string, path: string | undefined, parse: (json: unknown) => T): T | null {
  if (path === undefined) return null;
  try {
    if (statSync(path).size > MAX_BYTES) throw new Error(`it has more than ${MAX_BYTES} bytes`);
    return parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new EnvError([`${variable} names a file that cannot be used: ${reasonOf(error)}`]);
  }
}

function reasonOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (error instanceof SyntaxError) return 'it is not JSON';
  return typeof code === 'string' ? `it cannot be read (${code})` : error instanceof Error ? error.message : String(error);
}
