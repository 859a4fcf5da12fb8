import { stateDiagram } from '@countersign/core';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, read } from './source-files';

describe('the state diagram in README.md', () => {
  it('is the table of legal moves (npm run docs:diagram writes it)', () => {
    if (!existsSync(path.join(ROOT, 'README.md'))) return;
    const [, block] = /<!-- state-diagram -->\n([\s\S]*?)\n?<!-- \/state-diagram -->/.exec(read('README.md')) ?? [];
    expect(block).toBe(`\`\`\`mermaid\n${stateDiagram()}\n\`\`\``);
  });
});
