import fc from 'fast-check';
import { addMs } from '../json';
import { aConfig, aConsent, aPayload, aPreparation, aRun, NOON } from '../testing/factories';
import { askedAgain, fileChanges, PRICE_TOLERANCE, priceChange, staleConsent, timeChange, versionChange, type ConsentChange } from './stale-consent';

const byPerson = aConsent({ by: 'human:ann', approvalId: 'x' });
const costs = (amount: number | null) => ({ amount, currency: 'USD' as const, basis: 'one call' });

describe('consent that is no longer good', () => {
  it('ages for as long as its run says, and not at all where a policy gave it', () => {
    const config = aConfig({ executeWithinSeconds: 60 });
    expect(timeChange(config, byPerson, addMs(NOON, 60_000))).toBeNull();
    expect(timeChange(config, byPerson, addMs(NOON, 60_001))).toEqual({ what: 'time', before: 60, after: 60 });
    expect(timeChange(config, aConsent(), addMs(NOON, 1e9))).toBeNull();
  });

  it('takes a quarter of an hour for runs from before it could be said', () => {
    const { executeWithinSeconds: _not, ...older } = aConfig();
    expect(timeChange(older, byPerson, addMs(NOON, 900_000))).toBeNull();
    expect(timeChange(older, byPerson, addMs(NOON, 901_000))).toMatchObject({ before: 900, after: 901 });
  });

  it('is not good either when the clock was set back behind it, but for what clocks differ by anyway', () => {
    expect(timeChange(aConfig(), byPerson, addMs(NOON, -59_000))).toBeNull();
    expect(timeChange(aConfig(), byPerson, addMs(NOON, -3_600_000))).toMatchObject({ what: 'time', after: -3_600 });
  });

  it('sees another version, and nothing where a version is not known', () => {
    expect(versionChange('1', '2')).toEqual({ what: 'version', before: '1', after: '2' });
    expect([versionChange('1', '1'), versionChange(null, '2'), versionChange('1', null)]).toEqual([null, null, null]);
  });

  it('sees a price that moved beyond the tolerance, or became known or unknown', () => {
    expect(priceChange(costs(1), costs(1 + PRICE_TOLERANCE))).toBeNull();
    expect(priceChange(costs(1), costs(1.11))).toEqual({ what: 'price', before: 1, after: 1.11 });
    expect(priceChange(costs(1), costs(0.5))).toMatchObject({ after: 0.5 });
    expect(priceChange(costs(0), costs(0.01))).toMatchObject({ before: 0 });
    expect(priceChange(costs(null), costs(1))).toMatchObject({ before: null, after: 1 });
    expect(priceChange(null, costs(null))).toBeNull();
    expect(priceChange(costs(0.4), { ...costs(null), usdPerSecond: 0.001 })).toBeNull();
  });

  it('sees each file whose content is another one or is gone, and compares none that was never read', () => {
    const file = (field: string, sha256: string | null) => ({ field, url: `https://a.example/${field}`, sha256 });
    const reviewed = [file('same', 'a'), file('other', 'b'), file('gone', 'c'), file('unread', null)];
    expect(fileChanges(reviewed, [file('same', 'a'), file('other', 'x'), file('gone', null), file('unread', 'd')])).toEqual([
      { what: 'file', field: 'other', before: 'b', after: 'x' }, { what: 'file', field: 'gone', before: 'c', after: null },
    ]);
    expect(fileChanges(reviewed, []).map(({ field }) => field)).toEqual(['same', 'other', 'gone']);
  });

  it('is told in plain words, and only what changed', () => {
    const before = aPreparation({ estimate: costs(1) });
    const changes: ConsentChange[] = [{ what: 'time', before: 900, after: 7_300 }, { what: 'file', field: 'image', before: 'a', after: null }];
    const run = aRun('running', { stale: staleConsent(byPerson, before, changes) });
    expect(askedAgain(run, before)).toEqual({
      why: 'The approval was good for 15 minutes and is 2 hours old. The file for “image” cannot be read any more.',
      approved_by: 'human:ann', approved_at: NOON,
      changes: [
        { what: 'time', before: 900, after: 7_300, message: 'The approval was good for 15 minutes and is 2 hours old.' },
        { what: 'file', field: 'image', before: 'a', after: null, message: 'The file for “image” cannot be read any more.' },
      ],
    });
    const now = aPreparation({ estimate: costs(3), payload: aPayload({ version: '2', input: { prompt: 'a red fox', seed: 1 } }) });
    expect(askedAgain(run, now)?.changes).toMatchObject([{ what: 'time' }, { what: 'file' }, { what: 'version', after: '2' }, { what: 'price', after: 3 }, { what: 'parameter', field: 'seed' }]);
    expect(askedAgain(aRun('running'), before)).toBeNull();
  });

  it('always has a reason to give, whatever the second look finds', () => {
    const change = fc.constantFrom<ConsentChange>({ what: 'time', before: 1, after: 2 }, { what: 'version', before: '1', after: '2' }, { what: 'price', before: 1, after: null }, { what: 'file', field: 'f', before: 'a', after: 'b' });
    fc.assert(fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.constantFrom('1', '2'), fc.option(fc.integer({ min: 0, max: 9 })), (changes, version, amount) => {
      const run = aRun('running', { stale: staleConsent(byPerson, aPreparation({ estimate: costs(1) }), changes) });
      const again = askedAgain(run, aPreparation({ estimate: costs(amount), payload: aPayload({ version }) }));
      expect(again?.why).toMatch(/\w/);
    }));
  });
});
