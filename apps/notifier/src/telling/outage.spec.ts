import { Outage } from './outage';

describe('Outage', () => {
  it('pauses longer after each failure, up to fifteen seconds, and not at all after a success', () => {
    const outage = new Outage();
    let now = 0;
    const pauses: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      outage.failed(now);
      const until = outage.pausedUntil(now) ?? now;
      pauses.push(until - now);
      now = until;
      expect(outage.pausedUntil(now)).toBeNull();
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    outage.failed(now);
    outage.worked();
    expect(outage.pausedUntil(now)).toBeNull();
    outage.failed(now);
    expect(outage.pausedUntil(now)).toBe(now + 1_000);
  });

  it('counts failures of notices that were under way together as one', () => {
    const outage = new Outage();
    for (let n = 0; n < 5; n += 1) outage.failed(0);
    expect(outage.pausedUntil(0)).toBe(1_000);
  });
});
