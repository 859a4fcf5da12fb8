import { waitFor } from '@countersign/testing';
import { every } from './every';

describe('every', () => {
  it('calls again after each end, never twice at a time, also after a failure', async () => {
    let [rounds, running, most] = [0, 0, 0];
    const failures: unknown[] = [];
    const timer = every(1, async () => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      running -= 1;
      rounds += 1;
      if (rounds === 2) throw new Error('this once');
    }, (error) => failures.push(error));
    await waitFor(() => rounds >= 4, { what: 'four rounds' });
    await timer.stop();
    expect(most).toBe(1);
    expect(failures).toEqual([new Error('this once')]);
  });

  it('stops after the round that runs, and not before it ended', async () => {
    let end: () => void = () => undefined;
    let rounds = 0;
    const timer = every(1, () => new Promise<void>((resolve) => {
      rounds += 1;
      end = resolve;
    }), () => undefined);
    let hasStopped = false;
    const stopping = timer.stop().then(() => (hasStopped = true));
    await Promise.resolve();
    expect(hasStopped).toBe(false);
    end();
    await stopping;
    expect(rounds).toBe(1);
  });
});
