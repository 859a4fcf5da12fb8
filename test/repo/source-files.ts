import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');

/** Folders that are made, not written. */
const MADE = new Set(['node_modules', 'dist', '.nx', '.git', '.data', 'coverage', 'test-results']);

/** Every written file below `folder`, relative to the repository, with `/` on every system. */
export function filesBelow(folder = '.'): string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.posix.join(folder, entry.name);
    if (MADE.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(file) : entry.isFile() ? [file] : [];
  });
}

const CODE = /\.(?:ts|tsx|mjs|cjs|js|css|html)$/;

/** Our code: apps, libs, tests and tools. */
export function codeFiles(): string[] {
  return ['apps', 'libs', 'test', 'tools'].flatMap((folder) => filesBelow(folder)).filter((file) => CODE.test(file));
}

export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
