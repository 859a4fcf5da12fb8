import fc from 'fast-check';
import { pauseBefore } from './pauses';

describe('pauses between looks', () => {
  it('begin short, never shrink and never grow beyond ten seconds', () => {
    expect(pauseBefore(0)).toBe(250);
    fc.assert(fc.property(fc.nat(100_000), (check) => {
      const pause = pauseBefore(check);
      return pause >= 250 && pause <= 10_000 && pauseBefore(check + 1) >= pause;
    }));
  });
});
