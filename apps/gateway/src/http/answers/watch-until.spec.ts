import { LiveState, type LiveView, type Signal } from '@countersign/core';
import { watchUntil } from './watch-until';

class OneWatcher extends LiveState {
  onSignal: ((signal: Signal) => void) | null = null;
  isBroken = false;
  async moved(): Promise<void> {}
  async put(): Promise<boolean> {
    return false;
  }
  async get(): Promise<LiveView | null> {
    return null;
  }
  async signal(_topic: string, signal: Signal): Promise<void> {
    this.onSignal?.(signal);
  }
  async watch(_topic: string, onSignal: (signal: Signal) => void): Promise<() => Promise<void>> {
    if (this.isBroken) throw new Error('away');
    this.onSignal = onSignal;
    return async () => void (this.onSignal = null);
  }
}

const MOVED: Signal = { kind: 'run', version: 2 };
const LONG_MS = 20_000;

describe('watching until something is true', () => {
  it('looks once when it is true already, and stops watching', async () => {
    const live = new OneWatcher();
    expect(await watchUntil(live, { topic: 't', timeoutMs: LONG_MS }, async () => 'there')).toBe('there');
    expect(live.onSignal).toBeNull();
  });

  it('looks again at each signal, and misses none that comes while it looks', async () => {
    const live = new OneWatcher();
    let looks = 0;
    const found = await watchUntil(live, { topic: 't', timeoutMs: LONG_MS }, async () => {
      looks += 1;
      if (looks < 4) await live.signal('t', MOVED);
      return looks === 4 ? looks : null;
    });
    expect(found).toBe(4);
  });

  it('ignores signals that are not worth a look', async () => {
    const live = new OneWatcher();
    let looks = 0;
    const watching = watchUntil(live, { topic: 't', timeoutMs: 30, wakes: ({ kind }) => kind === 'run' }, async () => {
      looks += 1;
      await live.signal('t', { kind: 'progress', body: {} });
      return null;
    });
    expect(await watching).toBeNull();
    expect(looks).toBe(2);
  });

  it('looks a last time when the time is over, also without signals', async () => {
    const live = new OneWatcher();
    live.isBroken = true;
    let looks = 0;
    expect(await watchUntil(live, { topic: 't', timeoutMs: 10 }, async () => ((looks += 1) === 2 ? 'late' : null))).toBe('late');
  });

  it('ends when nobody waits any more', async () => {
    const gone = new AbortController();
    const watching = watchUntil(new OneWatcher(), { topic: 't', timeoutMs: LONG_MS, abort: gone.signal }, async () => null);
    gone.abort();
    expect(await watching).toBeNull();
    expect(await watchUntil(new OneWatcher(), { topic: 't', timeoutMs: LONG_MS, abort: gone.signal }, async () => null)).toBeNull();
  });
});
