import type { Aftermath } from './chaos';
import { percentile } from './recovery';
import { isClean, reportOf } from './report';

const aftermath: Aftermath = {
  storm: { seed: 7, seconds: 90, runs: 500 }, redisKind: 'a Redis',
  findings: [{ check: 'runs lost', seen: 500, faults: [] }],
  evidence: { accepted: [], answers: [], created: [], runs: [], events: [], approvals: [], launches: [], commands: [], notices: [] },
  killer: { struck: { executor: 3 }, died: [], failedStarts: 1 },
  refused: [], recovered: [['calm', 40], ['x', 100], ['y', 200], ['z', 3_000]].map(([after, ms]) => ({ after: String(after), ms: Number(ms) })), settledMs: 4_000, left: 2, lost: { answers: 5, callbacks: 6 },
};

describe('the report', () => {
  it('ends with the counts, and names the seed that replays it', () => {
    const lines = reportOf(aftermath);
    expect(lines[0]).toContain('--seed 7 --seconds 90 --runs 500');
    expect(lines.at(-1)).toBe('3 passed, 0 failed');
    expect(isClean(lines)).toBe(true);
    expect(lines.join('\n')).toContain('p50 200 ms, p99 3.0 s, of 3');
  });

  it('fails for a fault, for a check that saw nothing, for a service that died by itself and for a refusal', () => {
    const lines = reportOf({
      ...aftermath, refused: ['run 3: no'], killer: { ...aftermath.killer, died: ['gateway (status 1)'] },
      findings: [{ check: 'runs lost', seen: 500, faults: ['run 1 is gone'] }, { check: 'decided twice', seen: 0, faults: [] }],
    });
    expect(lines.at(-1)).toBe('0 passed, 4 failed');
    expect(isClean(lines)).toBe(false);
    expect(lines.join('\n')).toContain('run 1 is gone');
  });

  it('takes the middle and the end of a list', () => {
    expect([percentile([], 0.5), percentile([3, 1, 2], 0.5), percentile([3, 1, 2], 0.99)]).toEqual([0, 2, 3]);
  });
});
