import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { transformSync } from '@swc/core';

/** Node 20 reads no TypeScript: test files are compiled as they are loaded, as jest does it. Our libs come built. */
const require = createRequire(import.meta.url);
require.extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), {
    filename, swcrc: false, sourceMaps: 'inline', module: { type: 'commonjs' },
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
  });
  module._compile(code, filename);
};

export const requireTypeScript = require;
