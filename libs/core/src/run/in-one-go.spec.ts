import { aRun } from '../testing';
import type { Run } from './run';
import type { RunEvent } from './events';
import { inOneGo, transition, type Transition } from './transition';

const AT = ['2026-01-01T00:00:01.000Z', '2026-01-01T00:00:02.000Z'] as const;

function moved(run: Run, event: RunEvent, at: string): Transition {
  const answer = transition(run, event, at);
  if (!answer.ok) throw new Error(answer.refusal.detail);
  return answer.transition;
}

describe('moves in one go', () => {
  const queued = aRun('queued');
  const first = moved(queued, { type: 'started' }, AT[0]);
  const second = moved(first.run, { type: 'cancelled', by: 'human:dana', reason: 'enough' }, AT[1]);

  it('goes from the first state to the last, with a line for each move', () => {
    const both = inOneGo(first, second);
    expect(both.before).toBe(queued);
    expect(both.run).toBe(second.run);
    expect(both.lines.map(({ type, seq, at }) => [type, seq, at])).toEqual([
      ['started', queued.version + 1, AT[0]], ['cancelled', queued.version + 2, AT[1]],
    ]);
  });

  it('keeps every effect, and tells once, up to the last line', () => {
    const { effects } = inOneGo(first, second);
    expect(effects.filter(({ kind }) => kind === 'tell')).toEqual([{ kind: 'tell', seq: queued.version + 2 }]);
    expect(effects).toContainEqual({ kind: 'cancel_approvals' });
  });

  it('refuses moves that do not meet', () => {
    expect(() => inOneGo(second, first)).toThrow('does not start where the first one ended');
  });
});
