import type { Aftermath } from './chaos';
import type { Finding } from './judge';
import { CALM, percentile, type Recovered } from './recovery';

const SHOWN_SLOWEST = 3;
const SHOWN_FAULTS = 10; // of each check; more say the same

/** The aftermath in words, one line each; the last one is `N passed, N failed`. */
export function reportOf(aftermath: Aftermath): string[] {
  const { storm, evidence, killer, refused, recovered, settledMs, left, lost, redisKind } = aftermath;
  const findings = [...aftermath.findings, standing('services that died by themselves', killer.died), standing('requests refused', refused)];
  const failed = findings.filter(hasFailed);
  const { launches, approvals, events, created, answers } = evidence;
  const statuses = tally(evidence.runs.map(({ status }) => status));
  return [
    `seed ${storm.seed}, ${storm.seconds} s, ${storm.runs} runs planned; Redis is ${redisKind}; replay: npm run chaos -- --seed ${storm.seed} --seconds ${storm.seconds} --runs ${storm.runs}`,
    `struck: ${Object.entries(killer.struck).map(([who, times]) => `${who} ${times}`).join(', ')}; starts that failed meanwhile: ${killer.failedStarts}`,
    `runs ${evidence.runs.length} (${statuses}), events ${events.length}, approvals ${approvals.length}, answers tried ${answers.length}, left for after the storm ${left}`,
    `launches ${launches.length} (${tally(launches.map(({ status }) => status))}), jobs at the stand-in provider ${created.length}, answers of it lost ${lost.answers}, call-backs doubled, late or lost ${lost.callbacks}`,
    ...findings.flatMap(linesOf),
    ...recoveryLines(recovered),
    `everything where it belongs ${ms(settledMs)} after the storm`,
    `${findings.length - failed.length} passed, ${failed.length} failed`,
  ];
}

function recoveryLines(recovered: readonly Recovered[]): string[] {
  const times = (wanted: readonly Recovered[]): number[] => wanted.map((each) => each.ms);
  const calm = times(recovered.filter(({ after }) => after === CALM));
  const struck = recovered.filter(({ after }) => after !== CALM).sort((one, other) => other.ms - one.ms);
  const slowest = struck.slice(0, SHOWN_SLOWEST).map((each) => `${ms(each.ms)} after ${each.after}`);
  return [
    `a run that needs nobody takes ${ms(percentile(calm, 0.5))} in calm; asked for at a blow: p50 ${ms(percentile(times(struck), 0.5))}, p99 ${ms(percentile(times(struck), 0.99))}, of ${struck.length}`,
    `slowest: ${slowest.join(', ')}`,
  ];
}

export const isClean = (lines: readonly string[]): boolean => lines.at(-1)?.endsWith(' 0 failed') === true;

/** Nothing to look at is no proof either. */
const hasFailed = ({ faults, seen }: Finding): boolean => faults.length > 0 || seen === 0;

const standing = (check: string, faults: string[]): Finding => ({ check, seen: 1, faults });

function linesOf(finding: Finding): string[] {
  const { check, seen, faults } = finding;
  const shown = faults.slice(0, SHOWN_FAULTS).map((fault) => `      ${fault}`);
  return [`  ${hasFailed(finding) ? 'FAILED' : 'ok    '} ${check}: ${seen === 0 ? 'nothing was seen' : faults.length}`, ...shown];
}

function tally(words: readonly string[]): string {
  return [...new Set(words)].sort().map((word) => `${word} ${words.filter((each) => each === word).length}`).join(', ');
}

const ms = (value: number): string => (value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`);
