import './check-node.mjs';

/*
 * `npm run test:report`: can a run wait for days and go on? Three suites on real Postgres and Redis, then a look at the rows of
 * paused runs while no process of ours lives. One summary; the last line is `N passed, N failed`, and the exit status says the same.
 */
const { build, install } = await import('./prepare.mjs');
const { say, seconds } = await import('./progress.mjs');
const { watchParent } = await import('./watch-parent.mjs');
const { runJest } = await import('./testing/jest-stage.mjs');

/** For one suite; the slowest takes half a minute on two cores. */
const SUITE_TIMEOUT_MS = 5 * 60_000;
const NAME_WIDTH = 24;

const SUITES = [
  { name: 'session resumability', project: 'large', paths: ['test/e2e/session-resumability.e2e-spec.ts'] },
  { name: 'database integrity', project: 'large', paths: ['test/e2e/database-integrity.e2e-spec.ts'] },
  { name: 'migrations', project: 'medium', paths: ['libs/persistence/src/postgres/migrate.int-spec.ts'] },
  { name: 'edge cases', project: 'large', paths: ['test/e2e/edge-cases.e2e-spec.ts'] },
  { name: 'rows of paused runs', project: 'large', paths: ['test/e2e/paused-runs.e2e-spec.ts'] },
];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
watchParent(() => process.exit(1));
await install();
await build();
const echo = process.argv.includes('--echo');
const results = [];
for (const { name, project, paths } of SUITES) {
  const startedAt = performance.now();
  const result = await runJest(project, { workers: 1, echo, timeoutMs: SUITE_TIMEOUT_MS, paths });
  const verdict = result.failed === 0 ? `${result.passed} passed` : `${result.passed} passed, ${result.failed} FAILED`;
  say(`  ${name.padEnd(NAME_WIDTH)} ${seconds(performance.now() - startedAt).padStart(8)}  ${verdict}`);
  if (result.report.length > 0) say(`\n${result.report.join('\n\n')}\n`);
  results.push(result);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
