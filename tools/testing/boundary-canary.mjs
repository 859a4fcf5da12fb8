/*
 * Proves that the lint rules for the layers bite. They lean on nx's project graph, and without one, or with one that has no
 * edges, they pass everything in silence. So: a fresh graph, a look at its edges, then code that must be refused, and code
 * that must not. Nothing is written to the tree. Prints one line per failure and `N passed, N failed`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ESLint } from 'eslint';
import { at } from '../places.mjs';
import { runCommand, tail } from '../run-command.mjs';

const BOUNDARIES = '@nx/enforce-module-boundaries';
const IMPORTS = 'no-restricted-imports';
const SYNTAX = 'no-restricted-syntax';
const uses = (name) => `import * as planted from '${name}';\nexport const used = planted;\n`;

const REFUSED = [
  ['the core may not know an adapter', 'libs/core/src/planted.ts', uses('@countersign/persistence'), BOUNDARIES],
  ['the core may not know a contract', 'libs/core/src/planted.ts', uses('@countersign/contracts'), BOUNDARIES],
  ['the core may not know Node', 'libs/core/src/planted.ts', uses('node:fs'), IMPORTS],
  ['the core may not know a package', 'libs/core/src/planted.ts', uses('rxjs'), IMPORTS],
  ['the core has no clock', 'libs/core/src/planted.ts', 'export const now = Date.now();\n', SYNTAX],
  ['the validator may not know Node', 'libs/validator/src/planted.ts', uses('node:crypto'), IMPORTS],
  ['a contract may not know the kit', 'libs/contracts/src/planted.ts', uses('@countersign/service-kit'), BOUNDARIES],
  ['an adapter may not know another adapter', 'libs/channels/src/planted.ts', uses('@countersign/providers'), BOUNDARIES],
  ['an adapter may not reach into another lib', 'libs/channels/src/planted.ts', uses('../../providers/src/index'), BOUNDARIES],
  ['the kit may not know what a run is', 'libs/service-kit/src/planted.ts', uses('@countersign/core'), BOUNDARIES],
  ['an app may not know another app', 'apps/executor/src/planted.ts', uses('@countersign/gateway'), IMPORTS],
  ['an app may not reach into another app', 'apps/executor/src/planted.ts', uses('../../gateway/src/main'), BOUNDARIES],
  ['process.env is read in one place', 'apps/gateway/src/planted.ts', 'export const url = process.env.DATABASE_URL;\n', SYNTAX],
  ['queues are made in one place', 'apps/gateway/src/planted.ts', "import { Queue } from 'bullmq';\nexport const queue = new Queue('q');\n", IMPORTS],
  ['no test is left out', 'libs/core/src/planted.spec.ts', "it.skip('works', () => undefined);\n", SYNTAX],
];
const ALLOWED = [
  ['the validator may know the core', 'libs/validator/src/planted.ts', uses('@countersign/core')],
  ['an adapter may know a contract', 'libs/queues/src/planted.ts', uses('@countersign/contracts')],
  ['an app may know an adapter', 'apps/executor/src/planted.ts', uses('@countersign/persistence')],
];
/** Edges that the graph has as long as imports in sources are looked at. */
const EDGES = [['validator', 'core'], ['persistence', 'core'], ['persistence', 'service-kit']];

const problems = [];
const check = (holds, sentence) => {
  if (!holds) problems.push(sentence);
};

const graph = await freshGraph();
for (const [from, to] of EDGES) {
  check(graph.dependencies[from]?.some(({ target }) => target === to), `nx does not see that ${from} uses ${to}`);
}
const eslint = new ESLint({ cwd: at() });
for (const [sentence, file, code, rule] of REFUSED) {
  const found = await rulesBroken(file, code);
  check(found.includes(rule), `not refused: ${sentence} (${file} broke ${found.join(', ') || 'nothing'})`);
}
for (const [sentence, file, code] of ALLOWED) {
  const found = await rulesBroken(file, code);
  check(found.length === 0, `refused: ${sentence} (${found.join(', ')})`);
}
problems.forEach((problem) => process.stdout.write(`${problem}\n`));
const total = EDGES.length + REFUSED.length + ALLOWED.length;
process.stdout.write(`${total - problems.length} passed, ${problems.length} failed\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

async function freshGraph() {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-graph-'));
  const file = path.join(folder, 'graph.json');
  try {
    const { status, output } = await runCommand(process.execPath, [at('node_modules/nx/dist/bin/nx.js'), 'graph', `--file=${file}`], {
      cwd: at(), env: { ...process.env, NX_DAEMON: 'false', NX_CACHE_PROJECT_GRAPH: 'false' },
    });
    if (status !== 0) throw new Error(`nx has no graph:\n${tail(output)}`);
    return JSON.parse(readFileSync(file, 'utf8')).graph;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function rulesBroken(file, code) {
  const [result] = await eslint.lintText(code, { filePath: at(file) });
  return [...new Set((result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message))];
}
