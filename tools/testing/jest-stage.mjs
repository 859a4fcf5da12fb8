import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at, short } from '../places.mjs';
import { runCommand, tail } from '../run-command.mjs';

/** How much of one failure is shown; jest's own output has the rest under `--echo`. */
const FAILURE_LINES = 30;

/**
 * Runs one jest project. Resolves to `{passed, failed, report, notRun}`. Whatever keeps jest from telling the truth (a crash, no test
 * file, a suite that does not load, a test left out) counts as failed. `paths`: only these files of the repository.
 */
export async function runJest(project, { workers, echo, env, timeoutMs, paths = [] }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'countersign-jest-'));
  const file = path.join(folder, 'result.json');
  try {
    const args = [at('node_modules/jest/bin/jest.js'), '--selectProjects', project, '--json', '--outputFile', file, `--maxWorkers=${workers}`, '--ci', ...(paths.length > 0 ? ['--runTestsByPath', ...paths.map((one) => at(one))] : [])];
    const { status, output } = await runCommand(process.execPath, args, { cwd: at(), env: { ...process.env, ...env }, echo, timeoutMs });
    if (!existsSync(file)) return { passed: 0, failed: 1, report: [`jest gave no result (status ${status}):\n${tail(output)}`] };
    return judge(JSON.parse(readFileSync(file, 'utf8')), status, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(result, status, output) {
  const report = [];
  let failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  for (const suite of result.testResults.filter(({ status: outcome }) => outcome === 'failed')) {
    report.push(`${short(suite.name)}\n${indent(suite.message)}`);
  }
  const left = result.numPendingTests + result.numTodoTests;
  if (left > 0) {
    failed += left;
    report.push(`${left} tests were left out`);
  }
  if (result.numTotalTests === 0 && failed === 0) {
    failed += 1;
    report.push('there is no test');
  }
  if (status !== 0 && failed === 0) {
    failed += 1;
    report.push(`jest ended with status ${status}:\n${tail(output)}`);
  }
  // Tests that do without something say so; nobody shall think that they were counted.
  const notRun = [...new Set(output.match(/^NOT RUN: .*$/gm) ?? [])];
  return { passed: result.numPassedTests, failed, report, notRun };
}

/** What jest colours its messages with. */
const COLOURS = /\u001b\[\d+(;\d+)*m/g;

function indent(message) {
  const lines = message.replace(COLOURS, '').trim().split('\n');
  const shown = lines.slice(0, FAILURE_LINES * Math.max(1, (message.match(/●/g) ?? []).length));
  return shown.map((line) => `    ${line}`).join('\n');
}
