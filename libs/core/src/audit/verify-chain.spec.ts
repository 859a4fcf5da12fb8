import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { aHistory } from '../testing/a-history';
import type { StepEvent } from '../run/events';
import { CHAIN_START, hashOfEvent, verifyChain } from './verify-chain';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const faultOf = (events: StepEvent[]) => {
  const broken = verifyChain(events, sha256);
  return broken && [broken.line, broken.fault];
};
const rehashed = ({ hash: _hash, ...rest }: StepEvent): StepEvent => ({ ...rest, hash: hashOfEvent(rest, sha256) });
const at = (events: StepEvent[], place: number): StepEvent => {
  const event = events[place - 1];
  if (!event) throw new Error(`there is no line ${place}`);
  return event;
};
const replaced = (events: StepEvent[], place: number, over: Partial<StepEvent>): StepEvent[] => events.map((event, n) => (n === place - 1 ? { ...event, ...over } : event));

describe('verifyChain', () => {
  const history = aHistory(6, sha256);

  it('lets a whole history through, and an empty one', () => {
    expect(verifyChain(history, sha256)).toBeNull();
    expect(verifyChain([], sha256)).toBeNull();
    expect(at(history, 1).prevHash).toBe(CHAIN_START);
  });

  it.each([
    ['a line that is missing', () => history.filter(({ seq }) => seq !== 3), [3, 'gap']],
    ['a first line that is missing', () => history.slice(1), [1, 'gap']],
    ['two lines in each other\'s place', () => [at(history, 1), at(history, 3), at(history, 2), ...history.slice(3)], [2, 'gap']],
    ['a line that stands there twice', () => [...history.slice(0, 3), ...history.slice(2)], [4, 'order']],
    ['changed words', () => replaced(history, 4, { message: 'nothing happened' }), [4, 'altered']],
    ['another actor', () => replaced(history, 2, { actor: 'human:mallory' }), [2, 'altered']],
    ['another time', () => replaced(history, 2, { at: '2020-01-01T00:00:00.000Z' }), [2, 'altered']],
    ['a field that nobody wrote', () => replaced(history, 2, { extra: 1 } as never), [2, 'altered']],
    ['something that is not JSON', () => replaced(history, 2, { message: '\ud83d' }), [2, 'altered']],
    ['a line written anew, with a fitting hash', () => replaced(history, 3, rehashed({ ...at(history, 3), actor: 'human:mallory' })), [4, 'link']],
    ['a line of another run', () => replaced(history, 5, { runId: 'other' }), [5, 'foreign']],
    ['a history that begins in the middle', () => [rehashed({ ...at(history, 1), type: 'started' })], [1, 'start']],
  ] as const)('finds %s', (_what, spoil, expected) => {
    expect(faultOf([...spoil()])).toEqual(expected);
  });

  it('finds whatever byte of whatever line is changed', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(), fc.nat(), fc.integer({ min: 1, max: 9 }), (length, line, place, shift) => {
      const events = aHistory(length, sha256);
      const text = JSON.stringify(events[line % length]);
      const index = place % text.length;
      const changed = text.slice(0, index) + String.fromCharCode(text.charCodeAt(index) + shift) + text.slice(index + 1);
      let event: StepEvent;
      try {
        event = JSON.parse(changed) as StepEvent;
      } catch {
        return;
      }
      const spoilt = events.map((each, n) => (n === line % length ? event : each));
      const broken = verifyChain(spoilt, sha256);
      if (JSON.stringify(event) !== text) expect(broken).not.toBeNull();
    }), { numRuns: 500 });
  });

  it('finds any lines that were taken out, but for the newest: the run\'s own head tells of those', () => {
    fc.assert(fc.property(fc.integer({ min: 2, max: 12 }), fc.nat(), fc.integer({ min: 1, max: 4 }), (length, from, count) => {
      const events = aHistory(length, sha256);
      const start = from % (length - 1);
      const rest = [...events.slice(0, start), ...events.slice(Math.min(start + count, length - 1))];
      expect(verifyChain(rest, sha256)).toMatchObject({ line: start + 1, fault: 'gap' });
    }));
  });
});
