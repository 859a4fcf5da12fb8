import './check-node.mjs';

/* `npm run test:cluster`: every large test on a Redis Cluster; the last line is `N passed, N failed`. */
const { build, install } = await import('./prepare.mjs');
const { say } = await import('./progress.mjs');
const { watchParent } = await import('./watch-parent.mjs');
const { runOnCluster } = await import('./testing/cluster-stage.mjs');

/** All large tests one after the other; six minutes on two busy cores. */
const TIMEOUT_MS = 20 * 60_000;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
watchParent(() => process.exit(1));
await install();
await build();
const { passed, failed, report = [], note } = await runOnCluster({ echo: process.argv.includes('--echo'), timeoutMs: TIMEOUT_MS, all: true });
if (note !== undefined) say(note);
if (report.length > 0) say(`\n${report.join('\n\n')}\n`);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
