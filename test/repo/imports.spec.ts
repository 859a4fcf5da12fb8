import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, codeFiles, read } from './source-files';

/** `import … from 'x'`, `export … from 'x'` and `import 'x'`; type-only ones are gone at run time and may go in circles. */
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[\s\S]*?\sfrom\s+)?['"]([^'"]+)['"]/gm;
const OWN = /^@countersign\/([a-z-]+)(\/testing)?$/;
const ENDINGS = ['', '.ts', '.tsx', '/index.ts'];

function targetOf(from: string, name: string): string | undefined {
  const own = OWN.exec(name);
  const base = own ? `libs/${own[1]}/src${own[2] ?? ''}` : name.startsWith('.') ? path.posix.join(path.posix.dirname(from), name) : undefined;
  if (base === undefined) return undefined;
  return ENDINGS.map((ending) => base + ending).find((file) => /\.\w+$/.test(file) && existsSync(path.join(ROOT, file)));
}

function importsOf(file: string): string[] {
  return [...read(file).matchAll(IMPORT)].map(([, name = '']) => targetOf(file, name)).filter((target) => target !== undefined);
}

/** The first circle met from any file, as a chain of files, or undefined. */
function findCircle(edges: ReadonlyMap<string, string[]>): string[] | undefined {
  const finished = new Set<string>();
  const visit = (file: string, chain: string[]): string[] | undefined => {
    if (chain.includes(file)) return [...chain.slice(chain.indexOf(file)), file];
    if (finished.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const circle = visit(next, [...chain, file]);
      if (circle) return circle;
    }
    finished.add(file);
    return undefined;
  };
  for (const file of edges.keys()) {
    const circle = visit(file, []);
    if (circle) return circle;
  }
  return undefined;
}

const files = codeFiles().filter((file) => /\.(?:ts|tsx|mjs)$/.test(file));

describe('imports', () => {
  it('go in no circle', () => {
    const edges = new Map(files.map((file) => [file, importsOf(file)]));
    expect([...edges.values()].flat().length).toBeGreaterThan(0);
    expect(findCircle(edges)).toBeUndefined();
  });

  it('would be found going in a circle', () => {
    expect(findCircle(new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]))).toEqual(['b', 'c', 'b']);
  });
});
