import fc from 'fast-check';
import { blowsOf, runsOf, VICTIMS } from './schedule';

const storms = fc.record({ seed: fc.integer({ min: 1 }), seconds: fc.integer({ min: 60, max: 600 }), runs: fc.integer({ min: 500, max: 2_000 }) });

describe('the schedule of a storm', () => {
  it('is the same for the same seed, and another for another', () => {
    const storm = { seed: 42, seconds: 90, runs: 500 };
    expect([blowsOf(storm), runsOf(storm)]).toEqual([blowsOf({ ...storm }), runsOf({ ...storm })]);
    expect(blowsOf({ ...storm, seed: 43 })).not.toEqual(blowsOf(storm));
  });

  it('strikes everybody, every few seconds, and empties Redis once', () => {
    fc.assert(fc.property(storms, (storm) => {
      const blows = blowsOf(storm);
      const victims = blows.flatMap((blow) => (blow.do === 'kill' ? [blow.victim] : []));
      expect(new Set(victims)).toEqual(new Set(VICTIMS));
      expect(blows.filter((blow) => blow.do === 'flush')).toHaveLength(1);
      const gaps = blows.slice(1).map(({ atMs }, index) => atMs - (blows[index]?.atMs ?? 0));
      expect(Math.max(...gaps)).toBeLessThanOrEqual(6_001);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    }), { numRuns: 50 });
  });

  it('asks for as many runs as told, of all policies and models, within the storm', () => {
    fc.assert(fc.property(storms, (storm) => {
      const runs = runsOf(storm);
      expect(runs).toHaveLength(storm.runs);
      expect(runs.every(({ atMs }) => atMs >= 0 && atMs < storm.seconds * 1000)).toBe(true);
      expect(new Set(runs.map(({ policy }) => policy)).size).toBe(3);
      expect(new Set(runs.map(({ model }) => model)).size).toBe(4);
      expect(new Set(runs.map(({ fate }) => fate)).size).toBe(4);
    }), { numRuns: 20 });
  });
});
