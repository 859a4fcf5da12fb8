import './check-node.mjs';

/*
 * `npm test`: everything that is checked about this repository, stage by stage; the last line is `N passed, N failed`.
 *   --only small,medium   some stages (packages and build always run)
 *   --echo                show what the stages print while they run
 */
const { existsSync } = await import('node:fs');
const os = await import('node:os');
const { at } = await import('./places.mjs');
const { TSC, build, hasInbox, install } = await import('./prepare.mjs');
const { say, seconds } = await import('./progress.mjs');
const { runCommand, tail } = await import('./run-command.mjs');
const { findBrowser } = await import('./testing/browser.mjs');
const { watchParent } = await import('./watch-parent.mjs');
const { runJest } = await import('./testing/jest-stage.mjs');
const { runOnCluster } = await import('./testing/cluster-stage.mjs');

const MINUTE_MS = 60_000;
/** A stage that hangs is killed; the slowest takes eleven minutes on two cores that have much else to do. */
const STAGE_TIMEOUT_MS = 40 * MINUTE_MS;
const NAME_WIDTH = 12;
/** The short form of `npm run chaos`: each victim several times; the long one is for people with ten minutes. */
const CHAOS_SECONDS = '90';

const { only, echo } = readArguments(process.argv.slice(2));
const node = process.execPath;
const nx = at('node_modules/nx/dist/bin/nx.js');
const cores = os.availableParallelism();

/** In their order. Each resolves to `{passed, failed, report, note?, notRun?}`; `needsBuild`: uses what the compiler wrote. */
const STAGES = {
  lint: { run: () => command([nx, 'run-many', '-t', 'lint', '--outputStyle=static', `--parallel=${Math.min(cores, 3)}`]) },
  canary: { run: () => counted([at('tools/testing/boundary-canary.mjs')]) },
  types: { run: checkTypes },
  small: { run: () => jest('small', Math.max(1, cores - 1)) },
  medium: { run: () => jest('medium', Math.min(cores, 2)) },
  large: { run: () => jest('large', Math.min(cores, 2)), needsBuild: true },
  chaos: { run: () => counted([at('test/chaos/chaos.mjs'), '--seconds', CHAOS_SECONDS]), needsBuild: true },
  cluster: { run: () => runOnCluster({ echo, timeoutMs: STAGE_TIMEOUT_MS }), needsBuild: true },
  browser: { run: browserTests, needsBuild: true },
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
watchParent(() => process.exit(1));
process.exitCode = await main();

async function main() {
  const unknown = only.filter((name) => STAGES[name] === undefined);
  if (unknown.length > 0) {
    process.stderr.write(`There is no stage ${unknown.join(', ')}: the stages are ${Object.keys(STAGES).join(', ')}.\n`);
    return 1;
  }
  const startedAt = performance.now();
  const totals = { passed: 0, failed: 0 };
  const packages = await runStage('packages', done(install), totals);
  const built = packages && (await runStage('build', done(build), totals));
  for (const [name, { run, needsBuild = false }] of Object.entries(STAGES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const missing = !packages ? 'packages' : needsBuild && !built ? 'build' : undefined;
    await runStage(name, missing === undefined ? run : () => ({ passed: 0, failed: 1, report: [`not run: ${missing} failed`] }), totals);
  }
  say(`\nin ${seconds(performance.now() - startedAt)}`);
  say(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

async function runStage(name, run, totals) {
  const startedAt = performance.now();
  const { passed, failed, report = [], note, notRun = [] } = await attempt(run);
  totals.passed += passed;
  totals.failed += failed;
  const counts = note ?? (failed === 0 ? `${passed} passed` : `${passed} passed, ${failed} FAILED`);
  say(`  ${name.padEnd(NAME_WIDTH)} ${seconds(performance.now() - startedAt).padStart(8)}  ${counts}`);
  for (const line of notRun) say(`${' '.repeat(NAME_WIDTH)}            ${line}`);
  if (report.length > 0) say(`\n${report.join('\n\n')}\n`);
  return failed === 0;
}

async function attempt(run) {
  try {
    return await run();
  } catch (error) {
    return { passed: 0, failed: 1, report: [error instanceof Error ? error.message : String(error)] };
  }
}

function done(work) {
  return async () => ({ passed: 0, failed: 0, note: await work() });
}

async function command(args, name) {
  const { status, output } = await runCommand(node, args, { cwd: at(), echo, timeoutMs: STAGE_TIMEOUT_MS });
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1, report: [`${name ?? 'it'} failed (status ${status}):\n${tail(output, 60)}`] };
}

/** For our own programs, which end with the line `N passed, N failed`. */
async function counted(args) {
  const { status, output } = await runCommand(node, args, { cwd: at(), echo, timeoutMs: STAGE_TIMEOUT_MS });
  const [, passed, failed] = output.match(/(\d+) passed, (\d+) failed\s*$/) ?? [undefined, '0', '0'];
  if (status === 0) return { passed: Number(passed), failed: Number(failed) };
  return { passed: Number(passed), failed: Math.max(1, Number(failed)), report: [tail(output)] };
}

async function checkTypes() {
  const projects = ['tsconfig.spec.json', 'test/types/tsconfig.json', ...(hasInbox() && existsSync(at('apps/inbox/tsconfig.json')) ? ['apps/inbox/tsconfig.json'] : [])];
  const results = [];
  for (const project of projects) results.push(await command([TSC, '-p', project, '--noEmit'], project));
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    report: results.flatMap(({ report = [] }) => report),
  };
}

function jest(project, workers, env = {}) {
  return runJest(project, { workers, echo, env, timeoutMs: STAGE_TIMEOUT_MS });
}

async function browserTests() {
  if (process.env.BROWSER_TESTS === 'off') {
    return { passed: 0, failed: 0, note: 'NOT RUN: BROWSER_TESTS=off' };
  }
  const browser = await findBrowser();
  if (browser.path === undefined) return { passed: 0, failed: 1, report: [browser.reason] };
  return jest('browser', 1, { CHROMIUM_PATH: browser.path });
}

function readArguments(args) {
  const place = args.findIndex((arg) => arg === '--only' || arg.startsWith('--only='));
  const names = place === -1 ? '' : args[place].includes('=') ? args[place].split('=')[1] : (args[place + 1] ?? '');
  return { only: names.split(',').filter(Boolean), echo: args.includes('--echo') };
}
