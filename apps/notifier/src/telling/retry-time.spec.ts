import { isTooOld, nextTryAt } from './retry-time';

const NOW = '2026-11-22T10:00:00.000Z';

describe('nextTryAt', () => {
  it.each([
    ['2026-11-22T10:00:00.000Z', '2026-11-22T10:00:01.000Z'],
    ['2026-11-22T09:59:50.000Z', '2026-11-22T10:00:05.000Z'],
    ['2026-11-22T08:00:00.000Z', '2026-11-22T10:05:00.000Z'],
    ['2026-11-22T10:00:30.000Z', '2026-11-22T10:00:01.000Z'],
  ])('an event of %s is tried again at %s', (eventAt, at) => expect(nextTryAt(eventAt, NOW)).toBe(at));

  it('is never before the channel may be used again', () => {
    expect(nextTryAt(NOW, NOW, Date.parse(NOW) + 12_000)).toBe('2026-11-22T10:00:12.000Z');
  });
});

describe('isTooOld', () => {
  it('is true after a week', () => {
    expect(isTooOld('2026-11-15T10:00:00.000Z', NOW)).toBe(false);
    expect(isTooOld('2026-11-15T09:59:59.999Z', NOW)).toBe(true);
  });
});
